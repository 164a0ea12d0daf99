import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { Pace } from './pace.ts'

test('a change that is alone is looked at soon, however long the last look took', () => {
  let now = 1_000
  const pace = new Pace(() => now)
  assert.equal(pace.wait, 300)
  pace.ended(2_000)
  now += 60_000
  assert.equal(pace.wait, 300)
})

test('under constant change, looks take a fifth of a processor, and no change waits for more than 30 s', () => {
  let now = 1_000
  const pace = new Pace(() => now)
  pace.ended(10)
  assert.equal(pace.wait, 300)
  pace.ended(1_000)
  assert.equal(pace.wait, 4_000)
  now += 1_500
  assert.equal(pace.wait, 2_500)
  pace.ended(100_000)
  assert.equal(pace.wait, 30_000)
})

test('who closes waits for no pause', async () => {
  const pace = new Pace()
  pace.ended(10_000)
  let isOver = false
  const paused = pace.pause().then(() => {
    isOver = true
  })
  await turnOfLoop()
  assert.equal(isOver, false)
  pace.hurry()
  await turnOfLoop()
  assert.equal(isOver, true)
  await paused
})
