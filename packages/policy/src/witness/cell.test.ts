import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CompiledCondition, compileCondition } from '../condition/condition.ts'
import { type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import type { ConditionEntry } from '../document/policy.ts'
import { policyOf } from '../fixture.ts'
import { Context, type ContextInput, emptyContext } from '../request/context.ts'
import { Cell, type Literal } from './cell.ts'
import type { KeyDomain } from './question.ts'
import { Steps } from './steps.ts'
import { chance } from './texts-twin.ts'

const key = 'my:key'

function condition(operator: string, values: readonly string[]): CompiledCondition {
  const policy = policyOf('identity', {
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    Condition: { [operator]: { [key]: values } },
  })
  const [entry] = policy.statements[0]?.condition ?? []
  assert.ok(entry !== undefined)
  const known: ConditionEntry = entry
  return compileCondition(known, true)
}

interface Family {
  readonly domain: KeyDomain
  readonly conditions: readonly CompiledCondition[]
  /** Every value of the domain that some condition can distinguish from the others. */
  readonly pool: readonly (ContextInput | undefined)[]
}

/** Literals at random: a value must be found exactly if some value of the pool fulfils them all. */
function compare({ domain, conditions, pool }: Family, rounds: number): void {
  const next = chance(11)
  const truths: readonly (readonly Truth[])[] = [
    [truthYes],
    [truthNo],
    [truthYes],
    [truthNo],
    [truthNo, truthUnknown],
    [truthYes, truthUnknown],
  ]
  let found = 0
  for (let round = 0; round < rounds; round++) {
    const literals: Literal[] = Array.from({ length: 1 + next(4) }, () => ({
      condition: conditions[next(conditions.length)] ?? condition('Null', ['true']),
      truths: truths[next(truths.length)] ?? [truthYes],
    }))
    const steps = new Steps(1_000_000)
    const cell = new Cell(key, 'call', false, domain, emptyContext, steps)
    for (const each of conditions) cell.add(each)
    const solved = cell.solve(literals)
    assert.equal(steps.isIncomplete, false)
    const fulfils = (value: ContextInput | undefined): boolean =>
      literals.every((literal) =>
        literal.truths.includes(literal.condition.test(new Context({ [key]: value }))),
      )
    const text = literals
      .map((each) => `${each.condition.entry.operator} ${each.condition.wanted} ${each.truths}`)
      .join('; ')
    if (solved !== undefined) {
      assert.ok(fulfils(solved.value), `${String(solved.value)} does not fulfil ${text}`)
      found++
    } else {
      const missed = pool.find(fulfils)
      assert.ok(!pool.some(fulfils), `${String(missed)} fulfils ${text}, and no form and no point has it`)
    }
  }
  // Both answers occur.
  assert.ok(found > rounds / 10 && found < rounds * 0.95, `${found} of ${rounds}`)
}

function textsOver(letters: string, most: number): readonly string[] {
  const texts: string[] = []
  let level = ['']
  for (let length = 1; length <= most; length++) {
    level = level.flatMap((text) => Array.from(letters, (letter) => text + letter))
    texts.push(...level)
  }
  return texts
}

describe('Cell finds a value exactly where there is one', () => {
  test('texts', () => {
    const shape = [{ variable: 'v', grammar: { characters: 'abA', most: 3 } }]
    compare(
      {
        domain: { shape, mayBeAbsent: true },
        pool: [undefined, ...textsOver('abA', 3)],
        conditions: [
          condition('StringEquals', ['a', 'ab']),
          condition('StringNotEquals', ['a', 'b', 'A']),
          condition('StringEqualsIgnoreCase', ['AB']),
          condition('StringNotEqualsIgnoreCase', ['a', 'b']),
          condition('StringLike', ['?b*', 'aa?']),
          condition('StringNotLike', ['*b', 'A*']),
          condition('StringLikeIfExists', ['*a*']),
          condition('StringNotEqualsIfExists', ['aba']),
          condition('Null', ['true']),
          condition('Null', ['false']),
        ],
      },
      1_500,
    )
  })

  test('ARNs, segment by segment', () => {
    const shape = ['arn:a:', { variable: 'v', grammar: { characters: 'ab:', most: 6 } }]
    compare(
      {
        domain: { shape, mayBeAbsent: true },
        pool: [undefined, ...textsOver('ab:', 6).map((text) => `arn:a:${text}`)],
        conditions: [
          condition('ArnLike', ['arn:a:*:*:*:a*', 'arn:a:b:::*']),
          condition('ArnNotLike', ['arn:a:?:*:*:*']),
          condition('ArnEqualsIfExists', ['*:*:*:*:*:a', 'arn:a:a*b:::']),
          condition('StringLike', ['*a:::*', 'arn:a:b*']),
          condition('StringNotLike', ['*b']),
        ],
      },
      250,
    )
  })

  test('several values', () => {
    const texts = textsOver('ab', 2)
    const lists = texts.flatMap((one) => [[one], ...texts.map((other) => [one, other])])
    const shape = [{ variable: 'v', grammar: { characters: 'ab', most: 2 } }]
    compare(
      {
        domain: { shape, mayBeAbsent: true, isMultivalued: true },
        // Three demands of some value are the most that these conditions make.
        pool: [undefined, ...lists, ...texts.flatMap((one) => lists.map((list) => [one, ...list]))],
        conditions: [
          condition('ForAnyValue:StringEquals', ['a', 'ab']),
          condition('ForAllValues:StringLike', ['a*', 'b']),
          condition('ForAnyValue:StringNotLike', ['*b']),
          condition('ForAllValues:StringNotEquals', ['aa']),
          condition('Null', ['false']),
        ],
      },
      800,
    )
  })

  test('numbers, dates, addresses and booleans', () => {
    const numbers = Array.from({ length: 60 }, (_, index) => String(index / 4 - 2))
    const compared = (
      operators: readonly string[],
      values: readonly string[],
    ): readonly CompiledCondition[] =>
      operators.flatMap((operator) => [condition(operator, values), condition(operator, values.slice(0, 1))])
    compare(
      {
        domain: { mayBeAbsent: true },
        pool: [undefined, ...numbers],
        conditions: compared(
          ['NumericLessThan', 'NumericGreaterThanEquals', 'NumericEquals', 'NumericNotEqualsIfExists'],
          ['5', '7', '5.5'],
        ),
      },
      800,
    )
    const days = Array.from({ length: 40 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1, index * 6)).toISOString(),
    )
    compare(
      {
        domain: { mayBeAbsent: true },
        pool: [undefined, ...days],
        conditions: compared(
          ['DateLessThanEquals', 'DateGreaterThan', 'DateNotEquals'],
          ['2026-01-03', '2026-01-05'],
        ),
      },
      500,
    )
    const addresses = Array.from({ length: 64 }, (_, index) => `10.0.0.${index}`)
    compare(
      {
        domain: { mayBeAbsent: true },
        pool: [undefined, '192.0.2.1', '2001:db8::1', ...addresses],
        conditions: [
          ...compared(['IpAddress', 'NotIpAddressIfExists'], ['10.0.0.0/28', '10.0.0.8/30', '10.0.0.32/27']),
          condition('IpAddress', ['10.0.0.0/29', '10.0.0.8/29']),
          condition('NotIpAddress', ['10.0.0.0/8', '192.0.0.0/8']),
        ],
      },
      800,
    )
    compare(
      {
        domain: { values: ['true', 'false'], mayBeAbsent: true },
        pool: [undefined, 'true', 'false'],
        conditions: compared(['Bool', 'BoolIfExists', 'Null'], ['true']).concat(
          compared(['BoolIfExists', 'Bool'], ['false']),
        ),
      },
      500,
    )
  })

  test('one literal follows from others exactly if no value contradicts', () => {
    const steps = new Steps(10_000)
    const conditions = [
      condition('StringLike', ['a*']),
      condition('StringEquals', ['ab']),
      condition('StringNotEquals', ['b']),
    ]
    const cell = new Cell(key, 'call', true, { mayBeAbsent: true }, emptyContext, steps)
    for (const each of conditions) cell.add(each)
    const [like, is, differs] = conditions.map((each): Literal => ({ condition: each, truths: [truthYes] }))
    assert.ok(like && is && differs)
    assert.equal(cell.implies([is], like), true)
    assert.equal(cell.implies([like], is), false)
    assert.equal(cell.implies([like], differs), true)
    assert.equal(cell.implies([], differs), false)
  })
})
