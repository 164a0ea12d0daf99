import { createHash, timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'

/** A text that logs, templates and JSON cannot print by accident. */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  /** Returns the text itself. Call it only where a secret must leave (an answer, a computation). */
  reveal(): string {
    return this.#text
  }
  /** Constant-time comparison. */
  equals(other: string): boolean {
    const digest = (text: string) => createHash('sha256').update(text).digest()
    return timingSafeEqual(digest(this.#text), digest(other))
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}
