import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BudgetSpent, type Limited, StepBudget, withinBudget } from './budget.ts'

/** Takes steps of a search, as many as are allowed; returns how many, and whether it ended. */
function take(budget: StepBudget, steps: number, start = 'one', search: Limited = {}) {
  let taken = 0
  const isEnded = budget.within(start, search, () => {
    for (let step = 0; step < steps; step++) {
      taken++
      budget.step()
    }
  })
  return { taken, isEnded }
}

describe('a budget of steps', () => {
  test('ends a search when its steps are spent, and names the start', () => {
    const budget = new StepBudget(5)
    assert.deepEqual(take(budget, 3), { taken: 3, isEnded: true })
    assert.deepEqual([budget.taken, budget.isShort, budget.incomplete], [3, false, undefined])
    assert.deepEqual(take(budget, 3, 'two'), { taken: 2, isEnded: false })
    assert.deepEqual(take(budget, 3, 'three'), { taken: 0, isEnded: false })
    assert.deepEqual(budget.incomplete, { maxSteps: 5, principals: 2 })
    assert.deepEqual([...budget.unfinished], ['two', 'three'])
  })

  test('that is late takes no further step, and says how many it took', () => {
    const budget: StepBudget = new StepBudget(100, undefined, () => budget.taken >= 2)
    assert.deepEqual(take(budget, 9), { taken: 2, isEnded: false })
    assert.deepEqual(take(budget, 9, 'two'), { taken: 0, isEnded: false })
    assert.deepEqual(budget.incomplete, { maxSteps: 2, principals: 2 })
  })

  test('ends a search that has found enough: it counts as done', () => {
    const budget = new StepBudget(100)
    assert.deepEqual(take(budget, 9, 'one', { isDone: () => budget.taken >= 4 }), { taken: 4, isEnded: true })
    assert.equal(budget.isShort, false)
  })

  test('counts entries that are looked at: some dozens are a step', () => {
    const budget = new StepBudget(2)
    let looks = 0
    const isEnded = budget.within('one', {}, () => {
      for (; looks < 1_000; looks++) budget.look()
    })
    assert.deepEqual([looks, isEnded, budget.taken], [127, false, 2])
  })

  test('passes on what a search throws', () => {
    const fail = (): void => {
      throw new TypeError('other')
    }
    assert.throws(() => new StepBudget(5).within('one', {}, fail), TypeError)
  })

  test('ends a search that keeps too much, and no other one', () => {
    const budget = new StepBudget(100, 3)
    let entries = 0
    const onStep = (): void => {
      entries += 2
    }
    assert.deepEqual(take(budget, 9, 'one', { entries: () => entries, onStep }), { taken: 2, isEnded: false })
    assert.deepEqual(take(budget, 3, 'two'), { taken: 3, isEnded: true })
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
