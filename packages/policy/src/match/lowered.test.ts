import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Context } from '../request/context.ts'
import { lowerAction } from './action.ts'

/** How often some work lowers a text. */
function loweredBy(work: () => unknown): number {
  const real = String.prototype.toLowerCase
  let calls = 0
  const counted = function (this: string): string {
    calls++
    return real.call(this)
  }
  Object.defineProperty(String.prototype, 'toLowerCase', {
    value: counted,
    configurable: true,
    writable: true,
  })
  try {
    work()
  } finally {
    Object.defineProperty(String.prototype, 'toLowerCase', {
      value: real,
      configurable: true,
      writable: true,
    })
  }
  return calls
}

describe('names in lower case are remembered', () => {
  for (const [what, lower] of [
    ['action', lowerAction],
    ['key', (text: string) => new Context().get(text)],
  ] as const)
    test(`an ${what} of up to 128 characters is lowered once`, () => {
      for (const [length, times] of [
        [20, 1],
        [128, 1],
        [129, 3],
      ] as const) {
        const text = `Lowered:${what}`.padEnd(length, 'X')
        const calls = loweredBy(() => {
          for (let turn = 0; turn < 3; turn++) lower(text)
        })
        assert.equal(calls, times, `${length}`)
      }
    })

  test('of 1000 keys at most', () => {
    const context = new Context()
    let name = 0
    /** How many names are new until another one is forgotten. */
    const untilForgotten = () => {
      for (let fresh = 1; fresh <= 1_100; fresh++) {
        context.get(`Fresh:${name++}`)
        if (loweredBy(() => context.get('Fresh:Watched')) > 0) return fresh
      }
      return 'never'
    }
    // At first nobody knows how many are remembered already. Then two are: the last one and the watched one.
    context.get('Fresh:Watched')
    untilForgotten()
    assert.deepEqual([untilForgotten(), untilForgotten()], [999, 999])
  })
})
