import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  chapters,
  type JudgedCheck,
  languages,
  ownLessons,
  playLesson,
  textsOf,
} from '../../packages/server/src/learn/index.ts'
import { behaviours } from '../house/behaviours.ts'
import { readText } from '../house/files.ts'
import { decide } from '../spec/twin.ts'
import { worldOf } from './twin-world.ts'

const lessons = ownLessons()
const known = new Map(behaviours.map((each) => [each.id, each]))

describe('the lessons', () => {
  test('each has an id of its own, and the chapters are in their order', () => {
    assert.equal(new Set(lessons.map(({ id }) => id)).size, lessons.length)
    assert.deepEqual([...new Set(lessons.map(({ chapter }) => chapter))], chapters)
    assert.ok(readText('README.md').includes(` ${lessons.length} lessons`))
  })

  for (const lesson of lessons) {
    test(`${lesson.id}: what it shows, its solutions, its mistakes and its other instances are as it promises`, async () => {
      const asked: JudgedCheck[] = []
      assert.deepEqual(await playLesson(lesson, (judged) => asked.push(judged)), [])
      const differing = asked.flatMap(({ check, answer: { judged } }) => {
        const world = judged && worldOf(judged)
        if (judged === undefined || world === undefined) return []
        const own = judged.decision.outcome
        const twin = decide(world).decision
        return twin === own ? [] : [{ check, own, twin }]
      })
      assert.deepEqual(differing, [], 'the naive twin decides otherwise')
    })
  }

  test('each lesson comes back in two other instances at least, and the right option is not always in one place', () => {
    for (const { id, again } of lessons) assert.ok(again.length >= 2, id)
    const places = new Set(lessons.flatMap(({ again }) => again.map(({ right }) => right)))
    assert.ok(places.size >= 3)
  })

  test('no lesson rests on a behaviour that is assumed, or on none', () => {
    for (const { id, facts } of lessons) {
      assert.ok(facts.length > 0, id)
      for (const fact of facts) {
        const behaviour = known.get(fact)
        assert.ok(behaviour !== undefined, `${id}: there is no behaviour ${fact}`)
        assert.notEqual(behaviour.first, 'assumed', `${id} rests on ${fact}`)
      }
    }
  })

  test('every text is there in both languages, and short enough to be read', () => {
    for (const lesson of lessons) {
      for (const text of textsOf(lesson))
        for (const language of languages) assert.ok(text[language].trim().length > 0, lesson.id)
      for (const { say, remember } of [...lesson.mistakes, lesson].map((each) => ({
        say: 'say' in each ? each.say : each.remember,
        remember: lesson.remember,
      }))) {
        for (const sentence of `${say.ja}。${remember.ja}`.split(/[。：]/))
          assert.ok(sentence.length <= 60, `${lesson.id}: ${sentence}`)
        for (const sentence of `${say.en} ${remember.en}`.split(/[.:;?]\s/))
          assert.ok(sentence.split(' ').length <= 24, `${lesson.id}: ${sentence}`)
      }
    }
  })

  test('the mistakes of a lesson differ in what they do', () => {
    for (const { id, mistakes } of lessons) {
      const known = new Set(
        mistakes.map(({ fails, tells, session, answer }) =>
          JSON.stringify([fails, tells ?? [], session !== undefined, answer ?? '']),
        ),
      )
      assert.equal(known.size, mistakes.length, id)
    }
  })
})
