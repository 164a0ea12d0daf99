import { PerformanceObserver, performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

/** One piece of work: when it ran, and the processor time that it took, in milliseconds. */
export interface Piece {
  readonly began: number
  readonly ended: number
  readonly took: number
}

/** A piece of work is done, and measured. */
export function measured<Value>(work: () => Value): { readonly value: Value; readonly piece: Piece } {
  const began = performance.now()
  const cpu = process.threadCpuUsage()
  const value = work()
  const { user, system } = process.threadCpuUsage(cpu)
  return { value, piece: { began, ended: performance.now(), took: (user + system) / 1e3 } }
}

/** The collections of garbage while something is measured. Each stops the main thread for its duration. */
export class Collections {
  readonly #found: { readonly start: number; readonly duration: number }[] = []
  readonly #observer = new PerformanceObserver((list) => this.#take(list.getEntries()))

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  #take(entries: readonly { readonly startTime: number; readonly duration: number }[]): void {
    for (const { startTime, duration } of entries) this.#found.push({ start: startTime, duration })
  }

  /** The times of pieces without the collections that ran within them, in milliseconds. Ends the observation. */
  async without(pieces: readonly Piece[]): Promise<readonly number[]> {
    await setTimeout(20)
    this.#take(this.#observer.takeRecords())
    this.#observer.disconnect()
    const found = this.#found.sort((one, other) => one.start - other.start)
    let place = 0
    return pieces.map(({ began, ended, took }) => {
      let left = took
      for (; place < found.length; place++) {
        const { start, duration } = found[place] ?? { start: ended, duration: 0 }
        if (start >= ended) break
        if (start >= began) left -= duration
      }
      return Math.max(0, left)
    })
  }

  /** How long all of them took, in milliseconds. */
  get total(): number {
    return this.#found.reduce((sum, { duration }) => sum + duration, 0)
  }
}
