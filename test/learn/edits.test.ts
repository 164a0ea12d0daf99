import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Attempt,
  type Check,
  judge,
  type Lesson,
  LessonHouse,
  ownLessons,
} from '../../packages/server/src/learn/index.ts'
import type { Document } from '../spec/case.ts'
import { decide } from '../spec/twin.ts'
import { worldOf } from './twin-world.ts'

/** Edits of all lessons together. */
const editsMost = 500
/** What a solution that does more might allow. */
const tempting = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  'iam:CreateUser',
  'iam:PassRole',
  'iam:CreateAccessKey',
  'ec2:RunInstances',
  'sts:AssumeRole',
  'sqs:SendMessage',
]

type Draw = (below: number) => number

/** The same numbers in every run. */
function drawing(seed: number): Draw {
  let state = seed
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state >>> 8) % 65_536) % below
  }
}

/** A value with one thing changed somewhere: an element left out or widened, a value replaced, nonsense put in. */
function edited(value: unknown, draw: Draw): unknown {
  if (Array.isArray(value) && value.length > 0 && draw(4) > 0) {
    const at = draw(value.length)
    if (draw(6) === 0) return value.toSpliced(at, 1)
    if (draw(8) === 0) return [...value, value[at]]
    return value.with(at, edited(value[at], draw))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
    const [name, inner] = entries[draw(entries.length)] ?? ['Statement', []]
    const others = entries.filter(([each]) => each !== name)
    if (name === 'Condition' && draw(3) === 0) return Object.fromEntries(others)
    if (name === 'Version' || draw(14) === 0) return draw(3) === 0 ? Object.fromEntries(others) : value
    if (name === 'Effect') return { ...value, Effect: draw(2) === 0 ? 'Allow' : 'Deny' }
    if (draw(4) === 0) return { ...value, [name]: '*' }
    return { ...value, [name]: edited(inner, draw) }
  }
  if (typeof value === 'string')
    return [`${value}*`, '*', value.replace(/[^:/]+$/, '*'), value.toUpperCase(), '', `${value}x`][draw(6)]
  return [null, 7, {}, [], 'x'][draw(5)]
}

function editOf({ set = {}, session }: Attempt, draw: Draw): Attempt {
  const names = Object.keys(set)
  const name = names[draw(names.length)]
  if (session !== undefined && (name === undefined || draw(2) === 0))
    return { set, session: edited(session, draw) as object }
  if (name === undefined) return { set }
  const change = edited(set[name], draw) as NonNullable<typeof set>[string]
  return { set: { ...set, [name]: change }, ...(session === undefined ? {} : { session }) }
}

/** What the house allows and the limit does not, of what is tempting. */
async function beyond(check: Check, lesson: Lesson, house: LessonHouse): Promise<readonly string[]> {
  const resources = new Set(['*', ...lesson.checks.flatMap(({ on = [] }) => [on].flat())])
  const found: string[] = []
  for (const action of tempting) {
    if (check.of !== undefined && check.of !== action) continue
    for (const resource of resources) {
      const asked = { ...(check.who === undefined ? {} : { who: check.who }), can: action, on: resource }
      const { holds, judged } = await house.ask(asked)
      const world = judged && worldOf(judged)
      if (!holds || world === undefined) continue
      // the limit is asked as if everything were at home
      const { resourceAccount: _, ...request } = world.request
      const limit = { request, policies: { identity: [check.most as Document] } }
      if (decide(limit).decision !== 'allowed') found.push(`${action} on ${resource}`)
    }
  }
  return found
}

const lessons = ownLessons().filter(
  ({ solution }) => solution.set !== undefined || solution.session !== undefined,
)
const each = Math.ceil(editsMost / lessons.length)

describe('random edits of the solutions', () => {
  for (const [index, lesson] of lessons.entries())
    test(`${lesson.id}: the judge answers each of ${each}, as the naive twin does, and passes none that does more`, async () => {
      const draw = drawing(index + 1)
      const house = await LessonHouse.open(lesson)
      let judged = 0
      try {
        for (let edit = 0; edit < each; edit++) {
          const attempt = editOf(lesson.solution, draw)
          await house.startAgain()
          const refused = await house.take(attempt.set ?? {}, attempt.session)
          if (refused !== undefined) {
            assert.match(refused, /^[\w.]+: |^there is no|^a document|invalid/i, refused)
            continue
          }
          judged++
          const verdict = await judge(lesson, house)
          for (const { check, answer } of verdict.checks) {
            const world = answer.judged && worldOf(answer.judged)
            if (world === undefined || answer.judged === undefined) continue
            const said = JSON.stringify([check, attempt])
            assert.equal(answer.judged.decision.outcome, decide(world).decision, said)
          }
          if (!verdict.checks.every(({ answer }) => answer.holds)) continue
          for (const check of lesson.checks)
            if (check.most !== undefined)
              assert.deepEqual(await beyond(check, lesson, house), [], JSON.stringify(attempt))
        }
      } finally {
        await house.close()
      }
      assert.ok(judged > 0, 'every edit was refused')
    })
})
