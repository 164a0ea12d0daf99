import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limits } from './limits.ts'
import { Slots } from './slots.ts'

/** Takes slots, and notes those that were given. */
function taking(slots: Slots) {
  const given: { holder: string; slot: number }[] = []
  const take = (holder: string) => void slots.take(holder).then((slot) => given.push({ holder, slot }))
  const settle = () => new Promise((done) => setImmediate(done))
  return { given, take, settle }
}

const refused = { code: 'TooManyRequestsException' }

describe('slots of functions (LAM-39)', () => {
  test('one function has half of them, however often it is invoked', async () => {
    const slots = new Slots()
    const { given, take, settle } = taking(slots)
    for (let n = 0; n < limits.running; n++) take('greedy')
    await settle()
    assert.equal(given.length, limits.runningOfOne)
    take('other')
    await settle()
    assert.equal(given.at(-1)?.holder, 'other')
  })

  test('a slot that is released goes to the function that has the fewest, then to who has waited longest', async () => {
    const slots = new Slots()
    const { given, take, settle } = taking(slots)
    for (const holder of ['a', 'b']) for (let n = 0; n < limits.runningOfOne; n++) take(holder)
    await settle()
    assert.equal(new Set(given.map(({ slot }) => slot)).size, limits.running)
    for (const holder of ['b', 'a', 'c', 'a', 'd']) take(holder)
    const next = async () => {
      slots.giveBack(given.find(({ holder }) => holder === 'a')!.slot, 'a')
      await settle()
      return given.at(-1)?.holder
    }
    assert.deepEqual([await next(), await next(), await next(), await next()], ['c', 'd', 'a', 'a'])
  })

  test('places to wait are limited, for one function and for all', async () => {
    const slots = new Slots()
    const { take, settle } = taking(slots)
    for (let n = 0; n < limits.runningOfOne + limits.waitingOfOne; n++) take('a')
    assert.throws(() => slots.take('a'), refused)
    for (let n = 0; n < limits.runningOfOne + limits.waitingOfOne; n++) take('b')
    assert.throws(() => slots.take('c'), refused)
    await settle()
  })
})
