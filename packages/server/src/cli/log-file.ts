import { appendFileSync, renameSync, statSync } from 'node:fs'
import { isoSeconds, systemClock } from '../base/index.ts'
import { messageOf } from './home.ts'
import { printError, safeLines } from './output.ts'

/** The file and the one before it hold so many bytes each, at the most. */
const largest = 1_048_576

/** Where it could not be written, so long, in milliseconds, until the next try. */
const retry = 60_000

/**
 * A server's log beside its terminal: its start and end, and its own errors. It never contains a request's content.
 * Only the owner can read it. If it cannot be written, the terminal reports this once, and the log is tried again a
 * minute later.
 */
export class LogFile {
  readonly #file: string
  #failedAt: number | undefined

  constructor(file: string) {
    this.#file = file
  }

  write(text: string): void {
    const now = systemClock.now()
    const failedAt = this.#failedAt
    if (failedAt !== undefined && now >= failedAt && now < failedAt + retry) return
    try {
      this.#turn()
      appendFileSync(this.#file, `${isoSeconds(now)} ${safeLines(text)}\n`, { mode: 0o600 })
      this.#failedAt = undefined
    } catch (error) {
      this.#failedAt = now
      if (failedAt === undefined) printError(`omen: ${this.#file} cannot be written: ${messageOf(error)}\n`)
    }
  }

  /** A full file becomes the one before. */
  #turn(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    if (size > largest) renameSync(this.#file, `${this.#file}.1`)
  }
}
