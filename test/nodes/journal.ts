import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A journal keeps so many lines: more than a history of twenty seconds has. */
const limit = 20_000

/** What happened in a history: calls and what was heard of them, faults, and what nodes wrote to their logs. */
export class Journal {
  #lines: string[] = []

  /** Adds a line. `at` is when it happened, in milliseconds of `performance.now()`. */
  note(text: string, at = performance.now()): void {
    if (this.#lines.length < limit) this.#lines.push(`${Math.round(at).toString().padStart(8)} ${text}`)
  }

  /** Forgets what happened: another history begins. */
  clear(): void {
    this.#lines = []
  }

  /** Writes all lines to a file, in the order of time, and returns its path. */
  keep(name: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'omen-history-')), `${name}.log`)
    writeFileSync(path, `${this.#lines.toSorted().join('\n')}\n`)
    return path
  }
}
