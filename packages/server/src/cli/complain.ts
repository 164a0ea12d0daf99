import { StoreUnavailable } from '../store/index.ts'
import type { LogFile } from './log-file.ts'
import type { LogLines } from './log-lines.ts'
import { printError, safeLines } from './output.ts'

/** Reports an error that no caller caused: to the terminal or as a line of JSON, and in the log file. */
export function complain(
  error: unknown,
  requestId: string,
  log: LogFile | undefined,
  lines: LogLines | undefined,
): void {
  const text = complaintOf(error)
  if (lines === undefined) printError(`omen: request ${requestId}: ${safeLines(text)}\n`)
  else lines.complaint(text, requestId)
  log?.write(`request ${requestId}: ${text}`)
}

/** A full disk is not a bug: it gets one line for each call that it stops. */
function complaintOf(error: unknown): string {
  if (error instanceof StoreUnavailable) return `the store is unavailable: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
