import { appendFileSync, renameSync, statSync } from 'node:fs'
import { isoSeconds, systemClock } from '../base/index.ts'
import { messageOf } from './home.ts'
import { safeLines } from './safe.ts'

/** The file and the one before it hold so many bytes each, at the most. */
const largest = 1_048_576

/**
 * What a server says of itself beside its terminal: when it began and ended, and what is its own to mend. Never a
 * request's content. Readable for the owner only; where it cannot be written, the terminal says so, once.
 */
export class LogFile {
  readonly #file: string
  #failed = false

  constructor(file: string) {
    this.#file = file
  }

  write(text: string): void {
    if (this.#failed) return
    try {
      this.#turn()
      const line = `${isoSeconds(systemClock.now())} ${safeLines(text)}\n`
      appendFileSync(this.#file, line, { mode: 0o600 })
    } catch (error) {
      this.#failed = true
      process.stderr.write(`omen: ${this.#file} cannot be written: ${messageOf(error)}\n`)
    }
  }

  /** A full file becomes the one before. */
  #turn(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    if (size > largest) renameSync(this.#file, `${this.#file}.1`)
  }
}
