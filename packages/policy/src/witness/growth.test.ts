import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { allow, deny, layerOf, type StatementInput, user } from '../fixture.ts'
import { principalContext } from '../request/principal-context.ts'
import { byCases } from './by-cases.ts'
import { findGap } from './find-gap.ts'
import { findWitness } from './find-witness.ts'
import { Question } from './prepare.ts'
import type { Shape } from './question.ts'
import { solve } from './search.ts'
import { Steps } from './steps.ts'

const shape: Shape = [
  'arn:aws:s3:::b/',
  { variable: 'name', grammar: { characters: 'a-z0-9/-', most: 1_000 } },
]

/** A question that was never asked before. */
function questionOf(steps: Steps, ...statements: readonly StatementInput[]): Question {
  const asked = [
    {
      request: { principal: user, action: 's3:GetObject', resource: shape, context: principalContext(user) },
      policies: compile({ identity: layerOf('identity', ...statements) }),
    },
  ]
  return new Question(asked, steps)
}

function stepsOf(...statements: readonly StatementInput[]): number {
  const steps = new Steps(10_000_000)
  assert.ok(solve(questionOf(steps, ...statements).problems(), steps))
  return steps.used
}

function grows(label: string, make: (size: number) => readonly StatementInput[], most: number): void {
  const [small, large] = [stepsOf(...make(20)), stepsOf(...make(80))]
  assert.ok(large <= small * 4 * most, `${label}: ${small} steps, and ${large} for four times as much`)
}

describe('the steps of a search', () => {
  const value = (text: string): string => `arn:aws:s3:::b/${text}`

  test('by cases are not taken after something that the search does not decide', () => {
    const when = (Condition: object) => allow({ Resource: value('a*'), Condition })
    const key = 'aws:MultiFactorAuthPresent'
    const question = questionOf(
      new Steps(10_000),
      when({ Bool: { [key]: 'true' } }),
      when({ BoolIfExists: { [key]: 'false' } }),
    )
    const found = solve(question.problems(), question.steps)
    assert.ok(found)
    assert.deepEqual(byCases(question, found, new Steps(10_000))?.residual, [])
    const stopped = new Steps(10_000)
    stopped.unsupported = 'something'
    assert.equal(byCases(question, found, stopped), undefined)
    assert.equal(stopped.used, 0)
  })

  test('are spent if more are taken than there were', () => {
    const steps = new Steps(3)
    assert.deepEqual([steps.take(), steps.take(2), steps.isSpent, steps.used], [true, true, false, 3])
    assert.deepEqual([steps.take(), steps.isSpent, steps.used, steps.limit], [false, true, 3, 3])
  })

  test('are limited if the caller names no limit', () => {
    // None of the patterns says before its end that it matches no name.
    const long = Array.from({ length: 700 }, (_, n) => `${'?'.repeat(110)}${n}`)
    const policies = compile({ identity: layerOf('identity', allow({ Resource: long.map(value) })) })
    const name = { variable: 'name', grammar: { characters: 'a-z0-9', most: 110 } }
    const request = {
      principal: user,
      action: 's3:GetObject',
      context: {},
      resource: ['arn:aws:s3:::b/', name],
    }
    const spent = findWitness([{ request, policies }])
    assert.deepEqual(spent, { verdict: 'undecided', reason: 'budget', steps: 200_000 })
    const all = layerOf('identity', allow({ Resource: '*' }))
    const refused = layerOf('boundary', allow(), deny({ Resource: long }))
    const gap = findGap({
      principal: user,
      policies: compile({ identity: all, boundary: refused }),
      context: {},
    })
    assert.deepEqual(gap, { verdict: 'undecided', reason: 'budget', steps: 400_000 })
  })

  test('grow with the statements and not with their square', () => {
    grows(
      'Allows',
      (size) => Array.from({ length: size }, (_, index) => allow({ Resource: value(`n${index}`) })),
      1.5,
    )
    grows(
      'Denies of other names',
      (size) => [
        allow(),
        ...Array.from({ length: size }, (_, index) => deny({ Resource: value(`n${index}-*`) })),
      ],
      1.5,
    )
    const letters = [...'xyzabcdefghijklmnopqrstuvw']
    const names = [...letters, ...letters.flatMap((one) => letters.map((other) => one + other))]
    grows(
      'Denies of the first names that a search tries',
      (size) => [allow(), ...names.slice(0, size).map((name) => deny({ Resource: value(name) }))],
      1.5,
    )
  })

  test('grow with equal Allows and not with their combinations, where a Deny stops each of them', () => {
    const mfa = (value: string) => ({ Bool: { 'aws:MultiFactorAuthPresent': value } })
    const stepsWith = (count: number, allowed: StatementInput): number => {
      const steps = new Steps(10_000_000)
      const policies = compile({
        identity: layerOf(
          'identity',
          ...Array.from({ length: count }, () => allow(allowed)),
          deny({ Condition: mfa('false') }),
        ),
      })
      const asked = ['a', 'b', 'c', 'd', 'e'].map((call) => ({
        request: { principal: user, action: 's3:GetObject', resource: shape, context: {}, call },
        policies,
      }))
      solve(new Question(asked, steps).problems(), steps)
      return steps.used
    }
    for (const allowed of [{}, { Resource: value('a*') }, { Condition: mfa('true'), Resource: value('a*') }])
      assert.ok(stepsWith(6, allowed) <= 6 * stepsWith(1, allowed))
  })

  test('grow with the length of a pattern and not with its square', () => {
    grows('a long pattern', (size) => [allow({ Resource: value(`${'ab'.repeat(size)}*`) })], 1.5)
    grows('many runs', (size) => [allow({ Resource: value('a*'.repeat(size)) })], 1.5)
  })
})
