import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

import { boundedYoung, closeHeap, passingHeap, restWatch } from './heap.ts'

test('a program comes to rest once for each time that it worked, the start among them', () => {
  // milliseconds of work in each look: a little always
  const looks = [900, 10, 20, 0, 5_000, 4_000, 249, 3, 250, 1]
  let worked = 0
  const comesToRest = restWatch(() => worked)
  const rests = looks.map((milliseconds) => {
    worked += milliseconds
    return comesToRest()
  })
  assert.deepEqual(rests, [false, true, false, false, false, false, true, false, false, true])
})

test('the young generation behind which bodies pass grows to a bound, and again after it has shrunk', () => {
  const megabytes = [1, 11, 12, 48, 4].map((size) => boundedYoung(passingHeap, size * 1024 * 1024).young)
  assert.deepEqual(megabytes, [2, 2, 1, 1, 2])
  assert.equal(boundedYoung(closeHeap, 0).young, 1)
})

/** Prints how often the young generation is collected while much is kept, after each of some steps. */
const program = `
  const { PerformanceObserver } = await import('node:perf_hooks')
  const { closeHeap, endImport, keepHeapClose, ownHeap, quickHeap } = await import('${new URL('heap.ts', import.meta.url)}')
  let scavenges = 0
  const note = (list) => { scavenges += list.getEntries().filter(({ detail }) => detail.kind === 1).length }
  const observer = new PerformanceObserver(note)
  observer.observe({ entryTypes: ['gc'] })
  const fill = async () => {
    scavenges = 0
    const kept = []
    for (let round = 0; round < 400; round++) kept.push(Array.from({ length: 2_000 }, (_, n) => ({ n })))
    await new Promise((resolve) => setTimeout(resolve, 50))
    return scavenges
  }
  keepHeapClose()
  if (process.argv[1] === 'close') ownHeap(quickHeap), keepHeapClose()
  if (process.argv[1] === 'ended') ownHeap(quickHeap), keepHeapClose(), endImport()
  console.log(await fill())
`

test('the young generation does not grow while an import goes on, in a program of its own', () => {
  const [library, close, ended] = ['library', 'close', 'ended'].map((step) =>
    Number(
      execFileSync(process.execPath, [
        '--conditions=@omen/source',
        '--input-type=module',
        '-e',
        program,
        step,
      ]),
    ),
  ) as [number, number, number]
  assert.ok(
    library > 0 && close > 2 * library,
    `${close} collections, and ${library} if V8's flags are its own`,
  )
  assert.ok(close > 2 * ended, `${close} collections, and ${ended} after the import`)
})
