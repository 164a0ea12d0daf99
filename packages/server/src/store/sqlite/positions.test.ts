import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sequenceAt } from './positions.ts'

test('all events from an instant on come after its position, and those two minutes older before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 300 }),
      fc.nat(120),
      fc.integer({ min: 0, max: 1_000_000 }),
      async (steps, late, time) => {
        // in the order of their time, but for some that are late by less than two minutes
        let now = 0
        const times = steps.map((step, n) => {
          now += step / 10
          return now - (n % 7 === 0 ? late * 900 : 0)
        })
        let asked = 0
        const position = await sequenceAt(time, async (sequence) => {
          asked++
          return times[sequence]
        })
        for (const [at, each] of times.entries()) if (at < position) assert.ok(each < time)
        assert.ok(position === 0 || times[position - 1]! < time - 120_000)
        const next = times[position]
        assert.ok(next === undefined || next >= time - 120_000)
        assert.ok(asked <= 2 * Math.ceil(Math.log2(times.length + 2)) + 2)
      },
    ),
  )
})
