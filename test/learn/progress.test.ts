import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  dueNow,
  noProgress,
  ownLessons,
  parseProgress,
  progressOf,
  reviewed,
  solved,
  stateOf,
  withLesson,
} from '../../packages/server/src/learn/index.ts'

const day = 86_400_000
const lessons = ownLessons()
const [first, second, third, fourth] = lessons.map(({ id }) => id) as [string, string, string, string]

describe('the progress of a learner', () => {
  test('a lesson comes back after 1, 3, 10 and 30 days, and is kept then', () => {
    let now = 0
    let progress = withLesson(noProgress, first, solved(progressOf(noProgress, first), now))
    for (const days of [1, 3, 10, 30]) {
      now += days * day - 1
      assert.equal(stateOf(progressOf(progress, first), now), 'solved')
      now += 1
      assert.equal(stateOf(progressOf(progress, first), now), 'due', `${days}`)
      progress = withLesson(progress, first, reviewed(progressOf(progress, first), true, now))
    }
    assert.equal(stateOf(progressOf(progress, first), now + 400 * day), 'kept')
  })

  test('what was wrong comes back tomorrow, from the first box', () => {
    let progress = withLesson(noProgress, first, solved(progressOf(noProgress, first), 0))
    progress = withLesson(progress, first, reviewed(progressOf(progress, first), true, day))
    progress = withLesson(progress, first, reviewed(progressOf(progress, first), false, 4 * day))
    const { box, due, reviews } = progressOf(progress, first)
    assert.deepEqual([box, due, reviews], [0, 5 * day, 2])
  })

  test('at most three a day: first what was wrong and sure, then what has waited longest', () => {
    let progress = noProgress
    for (const [index, id] of [first, second, third, fourth].entries())
      progress = withLesson(progress, id, { solvedAt: 1, due: 10 + index })
    const wrong = { option: 1, sure: true, right: false, at: 0 }
    progress = withLesson(progress, fourth, { first: wrong })
    assert.deepEqual(
      dueNow(progress, lessons, 100).map(({ id }) => id),
      [fourth, first, second],
    )
  })

  test('a broken file and one of another version are not read, so that nothing overwrites them', () => {
    for (const text of ['', '{', 'null', '[]', '{"version":2,"lessons":{}}', '{"version":1}'])
      assert.equal(parseProgress(text), undefined, text)
    assert.deepEqual(parseProgress(JSON.stringify(noProgress)), noProgress)
    assert.deepEqual(progressOf(noProgress, '__proto__').mistakes, [])
  })
})
