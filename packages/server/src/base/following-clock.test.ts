import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FollowingClock, ManualClock } from './clock.ts'

test('a clock follows another one, and moves no further than an answer proves', () => {
  const own = new ManualClock(1_000_000)
  const clock = new FollowingClock(own)
  const hear = (ahead: number, took: number) => {
    const begun = clock.begin()
    own.advance(took / 2)
    const shown = own.now() - ahead
    own.advance(took / 2)
    clock.hear(shown, begun)
    return own.now() - clock.now()
  }
  assert.equal(hear(120_000, 0), 120_000)
  // it may be right: the answer took long
  assert.equal(hear(121_000, 4_000), 120_000)
  assert.equal(hear(121_000, 100), 120_950)
  assert.equal(hear(-5_000, 0), -5_000)
})
