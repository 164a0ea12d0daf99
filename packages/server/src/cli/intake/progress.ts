import { systemClock } from '../../base/index.ts'
import { replaceLine } from '../output.ts'

/** Milliseconds before which nothing is shown: most work is done by then. */
const patience = 500
const every = 100

/** A progress line on the terminal. Nothing is written if standard error is not a terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #started = systemClock.now()
  #last = 0
  #shown = false

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  /** Sets the present step, such as `reading`, and its total. */
  show(what: string, done: number, all: number): void {
    const now = systemClock.now()
    if (!this.#stream.isTTY || now - this.#started < patience || now - this.#last < every) return
    this.#last = now
    this.#shown = true
    const share = all === 0 ? '' : ` ${Math.floor((100 * done) / all)} %`
    replaceLine(`${what} ${done.toLocaleString('en')}/${all.toLocaleString('en')}${share}`, this.#stream)
  }

  /** Removes the line. */
  end(): void {
    if (this.#shown) replaceLine('', this.#stream)
    this.#shown = false
  }
}
