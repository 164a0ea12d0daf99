import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limits } from './limits.ts'
import { type Holder, Slots } from './slots.ts'

/** Takes slots, and notes those that were given. */
function taking(slots: Slots) {
  const given: { holder: string; slot: number; of: Holder }[] = []
  /** One caller for each function, unless it is named: `function/caller`. */
  const take = (holder: string) => {
    const [name = '', caller = name] = holder.split('/')
    const of = { function: name, caller }
    return void slots.take(of).then((slot) => given.push({ holder, slot, of }))
  }
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

  test('one caller leaves slots and places to others, whatever its functions are', async () => {
    const slots = new Slots()
    const { given, take, settle } = taking(slots)
    for (let n = 0; n < limits.running; n++) take(`f${n}/greedy`)
    await settle()
    assert.equal(given.length, limits.runningOfCaller)
    take('f0/other')
    await settle()
    assert.equal(given.at(-1)?.holder, 'f0/other')
    // who has none comes before those of the greedy one that wait
    for (let n = 0; n < limits.running; n++) take(`g${n}/second`)
    await settle()
    take('h/third')
    const { slot, of } = given.find(({ holder }) => holder === 'f0/greedy')!
    slots.giveBack(slot, of)
    await settle()
    assert.equal(given.at(-1)?.holder, 'h/third')
    const room = limits.waitingOfCaller - (limits.running - limits.runningOfCaller)
    for (let n = 0; n < room; n++) take(`w${n}/greedy`)
    assert.throws(() => take('x/greedy'), refused)
  })

  test('a slot that is released goes to the function that has the fewest, then to who has waited longest', async () => {
    const slots = new Slots()
    const { given, take, settle } = taking(slots)
    for (const holder of ['a', 'b']) for (let n = 0; n < limits.runningOfOne; n++) take(holder)
    await settle()
    assert.equal(new Set(given.map(({ slot }) => slot)).size, limits.running)
    for (const holder of ['b', 'a', 'c', 'a', 'd']) take(holder)
    const next = async () => {
      const { slot, of } = given.find(({ holder }) => holder === 'a')!
      slots.giveBack(slot, of)
      await settle()
      return given.at(-1)?.holder
    }
    assert.deepEqual([await next(), await next(), await next(), await next()], ['c', 'd', 'a', 'a'])
  })

  test('places to wait are limited, for one function and for all', async () => {
    const slots = new Slots()
    const { take, settle } = taking(slots)
    for (let n = 0; n < limits.runningOfOne + limits.waitingOfOne; n++) take('a')
    assert.throws(() => take('a'), refused)
    for (let n = 0; n < limits.runningOfOne + limits.waitingOfOne; n++) take('b')
    assert.throws(() => take('c'), refused)
    await settle()
  })
})
