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

describe('what one condition implies, compared with every value of a request', () => {
  const names = [...operatorNames, 'Null', 'StringResembles', 'stringequals']
  for (const name of names) {
    test(name, () => {
      const next = chance(names.indexOf(name))
      const type = parseOperator(name).operator?.type ?? (name === 'Null' ? 'Bool' : 'String')
      const others = names.filter((each) => {
        const other = parseOperator(each).operator
        return other === undefined || other.type === type || next(8) === 0
      })
      const drawn = (base: string) => {
        const set = ['', '', '', 'ForAllValues:', 'ForAnyValue:'][next(5)]!
        const own = parseOperator(base).operator?.type ?? (base === 'Null' ? 'Bool' : type)
        const all = Array.from({ length: 1 + next(2) }, () => values[own][next(values[own].length)]!)
        return entryOf(`${set}${base}${next(4) === 0 ? 'IfExists' : ''}`, all)
      }
      let found = 0
      for (let round = 0; round < 1_400; round++) {
        const [given, wanted] = [drawn(name), drawn(round % 3 === 0 ? name : others[next(others.length)]!)]
        const [inner, outer] = [next(6) > 0, next(6) > 0]
        if (!implies({ entries: [given], variables: inner }, { entries: [wanted], variables: outer }))
          continue
        found++
        const [one, other] = [compileCondition(given, inner), compileCondition(wanted, outer)]
        for (const each of seen) {
          for (const x of [undefined, 'a', 'b*']) {
            const context = new Context({ 'my:key': each, ...(x === undefined ? {} : { x }) })
            const [holds, must] = [one.test(context), other.test(context)]
            const message = () =>
              JSON.stringify([
                given.operator,
                given.values.map(({ value }) => value),
                wanted.operator,
                wanted.values.map(({ value }) => value),
                each,
                x,
              ])
            if (holds === truthYes) assert.equal(must, truthYes, message())
            if (holds !== truthNo) assert.notEqual(must, truthNo, message())
          }
        }
      }
      // A yes that is no longer found makes analysis say less: look whether it is meant, and write the new number.
      assert.equal(found, expected[name])
    })
  }
})

const expected: Readonly<Record<string, number>> = {
  StringEquals: 35,
  StringNotEquals: 7,
  StringEqualsIgnoreCase: 30,
  StringNotEqualsIgnoreCase: 22,
  StringLike: 69,
  StringNotLike: 60,
  NumericEquals: 51,
  NumericNotEquals: 27,
  NumericLessThan: 126,
  NumericLessThanEquals: 104,
  NumericGreaterThan: 134,
  NumericGreaterThanEquals: 110,
  DateEquals: 72,
  DateNotEquals: 66,
  DateLessThan: 149,
  DateLessThanEquals: 106,
  DateGreaterThan: 137,
  DateGreaterThanEquals: 132,
  Bool: 102,
  BinaryEquals: 58,
  IpAddress: 68,
  NotIpAddress: 49,
  ArnEquals: 50,
  ArnLike: 49,
  ArnNotEquals: 24,
  ArnNotLike: 40,
  Null: 71,
  StringResembles: 14,
  stringequals: 10,
}
