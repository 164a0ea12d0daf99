import assert from 'node:assert/strict'
import { it } from 'node:test'

/** How much more an input may cost that is eight times as long; were the cost quadratic, it would be 64. */
const most = 28
const times = 8

/** The least time of one run, out of several rounds of as many runs as can be told from the clock's noise. */
function cost(run: () => void): number {
  let runs = 1
  for (;;) {
    const start = performance.now()
    for (let count = 0; count < runs; count++) run()
    const spent = performance.now() - start
    if (spent > 1.5) break
    runs *= 2
  }
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    for (let count = 0; count < runs; count++) run()
    least = Math.min(least, (performance.now() - start) / runs)
  }
  return least
}

/** `make` gives what to run for an input of a length; only the ratio of two lengths counts, never a time. */
export function linear(title: string, length: number, make: (length: number) => () => void): void {
  it(title, () => assertLinear(length, make))
}

/** The same within a test. */
export function assertLinear(length: number, make: (length: number) => () => void): void {
  const [short, long] = [make(length), make(length * times)]
  // A busy machine may spoil one measurement, not three.
  const ratios = [1, 2, 3].map(() => cost(long) / cost(short))
  assert.ok(
    Math.min(...ratios) < most,
    `${times} times the length cost ${ratios.map(Math.round)} times as much`,
  )
}
