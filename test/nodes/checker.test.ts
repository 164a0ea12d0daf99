import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { notLinearizable, type RegisterCall } from './checker.ts'

const call = (
  kind: 'write' | 'read',
  value: string | undefined,
  start: number,
  end: number,
): RegisterCall => ({
  register: 'r',
  kind,
  value,
  start,
  end,
})

/** Whether some order fits, found by trying all. */
function fits(calls: readonly RegisterCall[], value: string | undefined = undefined): boolean {
  const done = calls.filter(({ end }) => end !== Number.POSITIVE_INFINITY)
  if (done.length === 0) return true
  const earliest = Math.min(...done.map(({ end }) => end))
  return calls.some((next) => {
    if (next.start > earliest || (next.kind === 'read' && next.value !== value)) return false
    return fits(
      calls.filter((each) => each !== next),
      next.kind === 'write' ? next.value : value,
    )
  })
}

describe('the checker of histories', () => {
  test('agrees with a search through all orders', () => {
    const span = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }))
    const history = fc
      .record({
        writes: fc.array(fc.tuple(span, fc.boolean()), { maxLength: 4 }),
        reads: fc.array(fc.tuple(span, fc.nat(4)), { maxLength: 4 }),
      })
      .map(({ writes, reads }) => [
        ...writes.map(([[start, length], lost], n) =>
          call('write', `v${n}`, start, lost ? Number.POSITIVE_INFINITY : start + length + 0.5),
        ),
        ...reads.map(([[start, length], n]) =>
          call('read', n < writes.length ? `v${n}` : undefined, start, start + length + 0.5),
        ),
      ])
    let wrong = 0
    fc.assert(
      fc.property(history, (calls) => {
        const is = fits(calls)
        if (!is) wrong++
        assert.equal(notLinearizable(calls).length === 0, is, JSON.stringify(calls))
      }),
      { numRuns: 2_000, seed: 19 },
    )
    assert.ok(wrong > 100, String(wrong))
  })

  test('sees a stale read, a lost write and a value from nowhere', () => {
    const [one, two] = [call('write', 'a', 0, 1), call('write', 'b', 2, 3)]
    assert.deepEqual(notLinearizable([one, two, call('read', 'b', 4, 5)]), [])
    assert.notDeepEqual(notLinearizable([one, two, call('read', 'a', 4, 5)]), [])
    assert.notDeepEqual(notLinearizable([one, call('read', undefined, 4, 5)]), [])
    assert.notDeepEqual(notLinearizable([one, call('read', 'c', 4, 5)]), [])
  })
})
