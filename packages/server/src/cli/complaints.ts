import { Notice } from '../base/index.ts'
import { StaleAccount } from '../directory/index.ts'
import { StoreDamaged, StoreUnavailable } from '../store/index.ts'
import type { LogFile } from './log-file.ts'
import type { LogLines } from './log-lines.ts'
import { printError, safeLines } from './output.ts'

/** How often what repeats itself is counted, in milliseconds. */
const interval = 60_000

/** The most reasons that are distinguished. Further ones share a count. */
const reasonsMost = 20

/**
 * Errors that no caller caused: on the terminal or as lines of JSON, and in the log file. If the store is unavailable, each call
 * fails for the same reason: the first one is reported, and further ones are counted once a minute.
 */
export class Complaints {
  readonly #log: Pick<LogFile, 'write'> | undefined
  readonly #lines: Pick<LogLines, 'complaint'> | undefined
  /** Reasons that were reported in this interval or the one before, and what failed for them since. */
  readonly #repeated = new Map<string, { text: string; count: number; requestId: string }>()
  #timer: NodeJS.Timeout | undefined

  constructor(log: Pick<LogFile, 'write'> | undefined, lines: Pick<LogLines, 'complaint'> | undefined) {
    this.#log = log
    this.#lines = lines
  }

  readonly add = (error: unknown, requestId: string): void => {
    if (error instanceof Notice) {
      this.#report(requestId, error.message, requestId)
      return
    }
    const text = ofStore(error)
    if (text === undefined) {
      const all = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#report(`request ${requestId}`, all, requestId)
      return
    }
    const reason = this.#reasonOf(text)
    const repeated = this.#repeated.get(reason)
    if (repeated !== undefined) {
      repeated.count++
      Object.assign(repeated, { text, requestId })
      return
    }
    this.#report(`request ${requestId}`, text, requestId)
    this.#repeated.set(reason, { text, count: 0, requestId })
    this.#timer ??= setInterval(() => this.#count(), interval).unref()
  }

  /** Reports what was counted and not reported yet. */
  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#count()
    this.#repeated.clear()
  }

  /** Errors differ by the names of files and the numbers in them, and have the same reason. */
  #reasonOf(text: string): string {
    const reason = text.replaceAll(/"[^"]*"|[0-9]+/g, '')
    return this.#repeated.has(reason) || this.#repeated.size < reasonsMost ? reason : ''
  }

  #count(): void {
    for (const [reason, { text, count, requestId }] of this.#repeated) {
      if (count === 0) {
        this.#repeated.delete(reason) // it is over
        continue
      }
      const more = count === 1 ? 'once more' : `${count} more times`
      this.#report(`request ${requestId}, and ${more} in the last minute`, text, requestId, count)
      this.#repeated.set(reason, { text, count: 0, requestId })
    }
    if (this.#repeated.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #report(about: string, text: string, requestId: string, times?: number): void {
    if (this.#lines === undefined) printError(`omen: ${about}: ${safeLines(text)}\n`)
    else this.#lines.complaint(text, requestId, times)
    this.#log?.write(`${about}: ${text}`)
  }
}

/** Returns what to say of an error of the store, or of other nodes' changes; undefined for other errors. */
function ofStore(error: unknown): string | undefined {
  if (error instanceof StoreUnavailable) return `the store is unavailable: ${error.message}`
  if (error instanceof StaleAccount) return `other changes were faster, too often: ${error.message}`
  return error instanceof StoreDamaged ? error.message : undefined
}
