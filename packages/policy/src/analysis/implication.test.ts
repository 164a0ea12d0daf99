import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileCondition } from '../condition/condition.ts'
import { operatorNames, type ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import type { ConditionEntry } from '../document/policy.ts'
import { allow, policyOf } from '../fixture.ts'
import { Context, type ContextInput } from '../request/context.ts'
import { chance } from '../witness/texts-twin.ts'
import { implies } from './implication.ts'

/** Values that lie close to each other, also nearly of the type. */
const values: Readonly<Record<ValueType, readonly string[]>> = {
  String: ['', 'a', 'A', 'ab', 'a*', '*', '?', 'a?', '${x}', 'é', 'É', "${x, 'a'}"],
  Bool: ['true', 'false', 'TRUE', 'yes', '${x}'],
  Numeric: ['1', '2', '1.0', '-3', '9007199254740993', '9007199254740992', 'one'],
  Date: ['2026', '2026-01-01', '2026-01-01T00:00:01Z', '0', '1767225600', 'soon'],
  IpAddress: ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '::/0', '::1', '10.0.0.0/33', 'here'],
  Arn: [
    'arn:aws:s3:::a',
    'arn:aws:s3:::a*',
    'arn:*:s3:*:*:*',
    'arn:aws:s3:::a:b',
    'arn:aws:*',
    '*',
    'arn:aws:s3:::${x}',
  ],
  Binary: ['QUI=', 'QUJD', 'QUI', 'AAAA', '*'],
}
const seen: readonly (ContextInput | undefined)[] = [
  undefined,
  [],
  [''],
  ...Object.values(values).flat(),
  'b',
  'arn:aws:s3:::ab',
  ['a', 'ab'],
  ['a', ''],
  ['true'],
  ['10.1.2.3', '::1'],
  ['1', '2'],
]

function entryOf(operator: string, all: readonly string[]): ConditionEntry {
  const policy = policyOf('identity', allow({ Condition: { [operator]: { 'my:key': all } } }))
  return policy.statements[0]!.condition[0]!
}

test('conditions on different keys imply nothing of each other; names of keys ignore case', () => {
  const of = (key: string) => {
    const policy = policyOf('identity', allow({ Condition: { StringEquals: { [key]: 'a' } } }))
    return { entries: policy.statements[0]!.condition, variables: true }
  }
  assert.ok(!implies(of('my:key'), of('my:other')))
  assert.ok(implies(of('my:key'), of('MY:Key')))
  assert.ok(implies(of('my:key'), { entries: [], variables: true }))
  assert.ok(!implies({ entries: [], variables: true }, of('my:key')))
})

test('POL-086, POL-200 presence follows from every text, as a list fulfils no operator alone', () => {
  const entries = [entryOf('StringEquals', ["${x, ''}"])]
  const present = { entries: [entryOf('Null', ['false'])], variables: true }
  assert.equal(implies({ entries, variables: false }, present), true)
  assert.equal(implies({ entries, variables: true }, present), true)
})

const names = [...operatorNames, 'Null', 'StringResembles', 'stringequals']

function typeOf(name: string): ValueType {
  return parseOperator(name).operator?.type ?? (name === 'Null' ? 'Bool' : 'String')
}

/** A seed of these two names alone: another operator changes no draw. */
function seedOf(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7)
}

/** Conditions of two operators, of which the first one may imply the second one, with and without variables. */
function drawnPairs(name: string, other: string, rounds: number): readonly (readonly [Side, Side])[] {
  const next = chance(seedOf(`${name} ${other}`))
  const drawn = (operator: string): Side => {
    const set = ['', '', '', 'ForAllValues:', 'ForAnyValue:'][next(5)]!
    const own = values[typeOf(operator)]
    const all = Array.from({ length: 1 + next(2) }, () => own[next(own.length)]!)
    const entry = entryOf(`${set}${operator}${next(4) === 0 ? 'IfExists' : ''}`, all)
    return { entries: [entry], variables: next(6) > 0 }
  }
  return Array.from({ length: rounds }, () => [drawn(name), drawn(other)] as const)
}

interface Side {
  readonly entries: readonly [ConditionEntry]
  readonly variables: boolean
}

/** Fails if a request fulfils the first condition and not the second one. */
function isSound(given: Side, wanted: Side): void {
  const [one, other] = [given, wanted].map(({ entries, variables }) =>
    compileCondition(entries[0], variables),
  )
  for (const each of seen) {
    for (const x of [undefined, 'a', 'b*']) {
      const context = new Context({ 'my:key': each, ...(x === undefined ? {} : { x }) })
      const [holds, must] = [one!.test(context), other!.test(context)]
      const message = () =>
        JSON.stringify([
          ...[given, wanted].flatMap(({ entries: [{ operator, values }] }) => [
            operator,
            values.map(({ value }) => value),
          ]),
          each,
          x,
        ])
      if (holds === truthYes) assert.equal(must, truthYes, message())
      if (holds !== truthNo) assert.notEqual(must, truthNo, message())
    }
  }
}

describe('what one condition implies, compared with every value of a request', () => {
  for (const name of names) {
    test(name, () => {
      const implied = names.filter((other) => {
        const yes = drawnPairs(name, other, typeOf(name) === typeOf(other) ? 250 : 25).filter((pair) =>
          implies(...pair),
        )
        for (const pair of yes) isSound(...pair)
        return yes.length > 0
      })
      // An operator that is no longer here makes analysis say less: look whether it is meant.
      assert.deepEqual(
        implied.filter((other) => other !== name),
        others[name] ?? [],
      )
      assert.ok(implied.includes(name))
    })
  }
})

/** Two values of each type that differ. */
const samples: Readonly<Record<ValueType, readonly [string, string]>> = {
  String: ['a', 'b'],
  Bool: ['true', 'false'],
  Numeric: ['1', '2'],
  Date: ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  IpAddress: ['10.1.0.0/16', '192.0.2.0/24'],
  Arn: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
  Binary: ['QUI=', 'QUJD'],
}

describe('a condition implies', () => {
  const side = (operator: string, all: readonly string[]): Side => ({
    entries: [entryOf(operator, all)],
    variables: false,
  })
  for (const name of operatorNames) {
    const [first, second] = samples[typeOf(name)]
    test(`${name}: itself, itself if the key is absent, and a wider list of values`, () => {
      const isNegated = parseOperator(name).operator?.negated === true
      const [narrow, wide] = isNegated ? [[first, second], [first]] : [[first], [first, second]]
      for (const set of ['', 'ForAllValues:', 'ForAnyValue:']) {
        const given = side(`${set}${name}`, narrow)
        assert.ok(implies(given, given), set)
        assert.ok(implies(given, side(`${set}${name}`, wide)), set)
        assert.ok(implies(given, side(`${set}${name}IfExists`, narrow)), set)
        assert.ok(!implies(side(`${set}${name}IfExists`, narrow), given) || set === 'ForAllValues:', set)
      }
    })
  }
})

/** The other operators that conditions with an operator may imply. */
const others: Readonly<Record<string, readonly string[]>> = {
  StringEquals: ['StringLike', 'Null'],
  StringEqualsIgnoreCase: ['Null'],
  StringLike: ['Null'],
  StringNotLike: ['StringNotEquals'],
  NumericEquals: ['Null'],
  NumericLessThan: ['NumericLessThanEquals', 'Null'],
  NumericLessThanEquals: ['Null'],
  NumericGreaterThan: ['NumericGreaterThanEquals', 'Null'],
  NumericGreaterThanEquals: ['Null'],
  DateEquals: ['Null'],
  DateLessThan: ['DateLessThanEquals', 'Null'],
  DateLessThanEquals: ['Null'],
  DateGreaterThan: ['DateGreaterThanEquals', 'Null'],
  DateGreaterThanEquals: ['Null'],
  Bool: ['Null'],
  BinaryEquals: ['Null'],
  IpAddress: ['Null'],
  ArnEquals: ['ArnLike', 'Null'],
  ArnLike: ['ArnEquals', 'Null'],
  ArnNotEquals: ['ArnNotLike'],
  ArnNotLike: ['ArnNotEquals'],
}
