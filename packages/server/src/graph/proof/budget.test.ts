import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BudgetSpent, StepBudget, withinBudget } from './budget.ts'

function* pieces(count: number): Generator<void> {
  for (let piece = 0; piece < count; piece++) yield
}

describe('a budget of steps', () => {
  test('ends pieces when its steps are spent, and names the start', () => {
    const budget = new StepBudget(5)
    assert.equal([...budget.through(pieces(3), 'one')].length, 3)
    assert.deepEqual([budget.taken, budget.isShort, budget.incomplete], [3, false, undefined])
    assert.equal([...budget.through(pieces(3), 'two')].length, 2)
    assert.equal([...budget.through(pieces(3), 'three')].length, 0)
    assert.deepEqual(budget.incomplete, { maxSteps: 5, principals: 2 })
    assert.deepEqual([...budget.unfinished], ['two', 'three'])
  })

  test('that is stopped takes no further step, and says how many it took', () => {
    const budget = new StepBudget(100)
    const all = budget.through(pieces(9), 'one')
    all.next()
    all.next()
    budget.stop()
    assert.deepEqual(all.next(), { done: true, value: false })
    assert.deepEqual(budget.incomplete, { maxSteps: 2, principals: 1 })
  })

  test('ends a search that keeps too much, and no other one', () => {
    const budget = new StepBudget(100, 3)
    const search = { entries: 0 }
    const all = budget.through(pieces(9), 'one', search)
    all.next()
    search.entries = 4
    assert.deepEqual(all.next(), { done: true, value: false })
    assert.equal([...budget.through(pieces(3), 'two')].length, 3)
    assert.deepEqual(budget.incomplete, { maxSteps: 100, maxEntries: 3, principals: 1 })
    assert.deepEqual([...budget.unfinished], ['one'])
  })

  test('a list that is not complete throws if there is no budget in which that could be noted', () => {
    const cut = (budget: StepBudget) => budget.unfinished.add('someone')
    assert.throws(() => withinBudget({}, cut), BudgetSpent)
    assert.ok(withinBudget({ budget: new StepBudget(1) }, cut))
  })

  test('has at least one step', () => {
    for (const steps of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => new StepBudget(steps), RangeError, String(steps))
  })
})
