import { systemClock } from '../../base/index.ts'
import { replaceLine } from '../output.ts'

/** Milliseconds before which nothing is shown: most work is done by then. */
const patience = 500
const every = 100

/** A line on the terminal that says how far work is. Nothing is written where standard error is not a terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #started = systemClock.now()
  #last = 0
  #shown = false

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  /** Says what is being done: `reading`, and of how many. */
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
