import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { languages, noProgress, ownLessons, progressOf } from '../../learn/index.ts'
import { columnsOf } from '../width.ts'
import { Screen } from './screen.ts'

/** A terminal that keeps what is written to it. */
function terminal(columns: number) {
  let written = ''
  const stream = new Writable({
    write(chunk, _, done) {
      written += String(chunk)
      done()
    },
  })
  return {
    stream: Object.assign(stream, { columns, isTTY: false }) as unknown as NodeJS.WriteStream,
    lines: () => written.split('\n'),
  }
}

describe('the screens of lessons', () => {
  for (const columns of [60, 80, 200])
    for (const language of languages)
      test(`${columns} columns, ${language}: every page of every lesson fits`, () => {
        const { stream, lines } = terminal(columns)
        const screen = new Screen(language, stream)
        const lessons = ownLessons()
        screen.list(lessons, noProgress, lessons[0], 0)
        for (const [index, lesson] of lessons.entries()) {
          const { predict, checks } = lesson
          const answer = { holds: false, got: 'more', example: 'iam:PassRole on role/ops', asked: 1 }
          screen.question(lesson, index + 1)
          screen.contradiction(
            predict,
            1,
            true,
            predict.shows.map((check) => [check, answer]),
          )
          const judged = checks.map((check) => ({ check, answer }))
          const mistake = { number: 1, say: lesson.mistakes[0]!.say }
          screen.verdict({ solved: false, checks: judged, mistake, asked: 1 })
          screen.solved(lesson, progressOf(noProgress, lesson.id))
          for (const instance of lesson.again) {
            screen.house(instance.world)
            screen.prediction(instance)
          }
        }
        for (const line of lines()) {
          assert.ok(columnsOf(line) <= columns, line)
          assert.doesNotMatch(line, /^\s*[、。」]/)
        }
      })
})
