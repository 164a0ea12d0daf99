import assert from 'node:assert/strict'
import { it } from 'node:test'

// Processor time and no count: what is measured is mostly inside V8 (expressions, JSON, the texts of strings) and says no steps. So
// only the ratio of two lengths counts, and a wide one.

/** How much more an input may cost that is eight times as long; were the cost quadratic, it would be 64. */
const most = 28
const times = 8
/** What shares the caches of the processor may spoil one measurement, not three. */
const triesMost = 3

/** Milliseconds of processor that this process has taken: what other programs take beside it does not count. */
function spentOf(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

/** The least cost of one run, out of several rounds of as many runs as exceed the clock's noise. */
function cost(run: () => void): number {
  let runs = 1
  for (;;) {
    const start = process.cpuUsage()
    for (let count = 0; count < runs; count++) run()
    const spent = spentOf(start)
    if (spent > 1.5) break
    runs *= 2
  }
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const start = process.cpuUsage()
    for (let count = 0; count < runs; count++) run()
    least = Math.min(least, spentOf(start) / runs)
  }
  return least
}

/** `make` gives what to run for an input of a length; only the ratio of two lengths counts, never a number. */
export function linear(title: string, length: number, make: (length: number) => () => void): void {
  it(title, () => assertLinear(length, make))
}

/** The same within a test. */
export function assertLinear(length: number, make: (length: number) => () => void): void {
  const [short, long] = [make(length), make(length * times)]
  const ratios: number[] = []
  for (let tries = 0; tries < triesMost; tries++) {
    ratios.push(cost(long) / cost(short))
    if (isLinear(ratios)) return
  }
  assert.fail(complaint(ratios))
}

/** The same of what is awaited, a call to a server for one: its own cost hides no growth that would be felt. */
export async function assertLinearAwaited(
  length: number,
  make: (length: number) => () => Promise<unknown>,
): Promise<void> {
  const [short, long] = [make(length), make(length * times)]
  await short()
  const ratios: number[] = []
  for (let tries = 0; tries < triesMost; tries++) {
    ratios.push((await awaitedCost(long)) / (await awaitedCost(short)))
    if (isLinear(ratios)) return
  }
  assert.fail(complaint(ratios))
}

async function awaitedCost(run: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const start = process.cpuUsage()
    await run()
    least = Math.min(least, spentOf(start))
  }
  return least
}

function isLinear(ratios: readonly number[]): boolean {
  return Math.min(...ratios) < most
}

function complaint(ratios: readonly number[]): string {
  return `${times} times the length cost ${ratios.map(Math.round)} times as much`
}
