import { type Clock, systemClock } from '../../base/index.ts'
import { replaceLine } from '../output.ts'

/** Milliseconds before which nothing is shown: most work is done by then. */
const patience = 500
const every = 100

/** A progress line on the terminal. Nothing is written if standard error is not a terminal. */
export class Progress {
  readonly #stream: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly #clock: Clock
  readonly #started: number
  #last = 0
  #shown = false

  constructor(
    stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
    clock: Clock = systemClock,
  ) {
    this.#stream = stream
    this.#clock = clock
    this.#started = clock.now()
  }

  /** Sets the present step, such as `reading`, and its total; 0 if that is not known. */
  show(what: string, done: number, all: number): void {
    const share = all === 0 ? '' : `/${all.toLocaleString('en')} ${Math.floor((100 * done) / all)} %`
    this.#write(`${what} ${done.toLocaleString('en')}${share}`)
  }

  /** Shows how long a step takes of which only the end is known. */
  async during<T>(what: string, work: Promise<T>): Promise<T> {
    const began = this.#clock.now()
    const ticking = setInterval(() => {
      this.#write(`${what} ${Math.floor((this.#clock.now() - began) / 1000)} s`)
    }, patience)
    try {
      return await work
    } finally {
      clearInterval(ticking)
    }
  }

  /** Removes the line. */
  end(): void {
    if (this.#shown) replaceLine('', this.#stream)
    this.#shown = false
  }

  #write(line: string): void {
    const now = this.#clock.now()
    if (this.#stream.isTTY !== true || now - this.#started < patience || now - this.#last < every) return
    this.#last = now
    this.#shown = true
    replaceLine(line, this.#stream)
  }
}
