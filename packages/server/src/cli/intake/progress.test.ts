import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { Progress } from './progress.ts'

/** A terminal, or a file, that keeps what is written; and a progress line on it with a clock of the test's own. */
function lineOn(isTTY: boolean) {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk).replace('\r\u001b[K', ''))
      done()
    },
  })
  const time = { now: 1_000_000 }
  const progress = new Progress(Object.assign(stream, { isTTY }), { now: () => time.now })
  return { written, time, progress }
}

test('a progress line appears after half a second, changes ten times a second, and goes at the end', () => {
  const { written, time, progress } = lineOn(true)
  progress.show('reading', 1, 2_000)
  time.now += 499
  progress.show('reading', 500, 2_000)
  assert.deepEqual(written, [])
  time.now += 1
  progress.show('reading', 1_000, 2_000)
  time.now += 99
  progress.show('reading', 1_001, 2_000)
  time.now += 1
  progress.show('reading', 1_500, 2_000)
  progress.end()
  progress.end()
  assert.deepEqual(written, ['reading 1,000/2,000 50 %', 'reading 1,500/2,000 75 %', ''])
})

test('a step without a total shows its seconds, and nothing after its end', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { written, time, progress } = lineOn(true)
  const work = Promise.withResolvers<string>()
  const done = progress.during('importing', work.promise)
  for (let ticks = 0; ticks < 4; ticks++) {
    time.now += 500
    t.mock.timers.tick(500)
  }
  work.resolve('done')
  assert.equal(await done, 'done')
  t.mock.timers.tick(5_000)
  assert.deepEqual(written, ['importing 0 s', 'importing 1 s', 'importing 1 s', 'importing 2 s'])
})

test('nothing is written to what is not a terminal', () => {
  const { written, time, progress } = lineOn(false)
  time.now += 10_000
  progress.show('reading', 1, 2)
  progress.end()
  assert.deepEqual(written, [])
})
