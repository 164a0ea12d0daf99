import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  judge,
  LessonHouse,
  LessonProblem,
  ownLessons,
  readLesson,
} from '../../packages/server/src/learn/index.ts'

const folder = join(import.meta.dirname, '../../packages/server/lessons')
const [name = ''] = readdirSync(folder)
const text = readFileSync(join(folder, name), 'utf8')

/** The message about a lesson's text. */
function messageOf(changed: string): string {
  try {
    readLesson(changed, 'team.yaml')
  } catch (error) {
    assert.ok(error instanceof LessonProblem)
    return error.message
  }
  return ''
}

describe('a lesson’s file', () => {
  test('mistakes have their line and column', () => {
    assert.equal(messageOf(text), '')
    assert.match(
      messageOf(text.replace('  ja: お面の裏には、紙が二枚\n', '')),
      /^team\.yaml:\d+:\d+: title: ja is missing/,
    )
    assert.match(
      messageOf(text.replace('chapter: mask', 'chapter: masks')),
      /^team\.yaml:2:\d+: .*did you mean mask\?/,
    )
    assert.match(messageOf(`${text}command: rm\n`), /unknown member/)
    assert.match(messageOf(text.replace('right: 3', 'right: 9')), /right: the place of an option/)
    assert.match(
      messageOf(text.replace('id: two-papers', 'id: ../two-papers')),
      /does not have the right form/,
    )
    assert.match(messageOf('a: [1'), /^team\.yaml:\d+:\d+: /)
    assert.match(messageOf('x'.repeat(300_000)), /at most 262144 characters/)
  })

  test('a fact, a number of a check and a text have their limits', () => {
    assert.match(messageOf(text.replace(/(en: )Two papers.*/, `$1${'long '.repeat(200)}`)), /longer than 600/)
    assert.match(messageOf(text.replace(/(fails:\n\s+- )1/, '$112')), /there is no check 12/)
  })

  test('a house takes everything back, and judges what it does', async () => {
    const lesson = readLesson(text, name)
    const house = await LessonHouse.open(lesson)
    try {
      assert.ok(house.isUntouched)
      assert.equal((await judge(lesson, house)).mistake, undefined)
      await house.attempt(lesson.solution)
      assert.ok(!house.isUntouched)
      const verdict = await judge(lesson, house)
      assert.ok(verdict.solved)
      // a check asks few questions: "nothing more" one for each class of actions, not for each action
      assert.ok(verdict.asked < 60, `${verdict.asked}`)
      await house.startAgain()
      assert.ok(!(await judge(lesson, house)).solved)
    } finally {
      await house.close()
    }
  })

  test('powers are exchanged and not added (LRN-1); a trust policy can require a session name (LRN-2)', async () => {
    for (const id of ['powers-do-not-add', 'the-name-in-the-log']) {
      const lesson = ownLessons().find((each) => each.id === id)
      assert.ok(lesson !== undefined)
      const house = await LessonHouse.open(lesson)
      try {
        for (const check of lesson.predict.shows) assert.ok((await house.ask(check)).holds)
        await house.attempt(lesson.solution)
        // the second asks who it was
        assert.ok((await judge(lesson, house, 'bob')).solved)
      } finally {
        await house.close()
      }
    }
  })
})
