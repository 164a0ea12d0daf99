import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPossible } from '../analysis/values.ts'
import type { ConditionEntry } from '../document/policy.ts'
import { plainSentence } from '../explain/plain.ts'
import { allow, policyOf } from '../fixture.ts'
import { Context } from '../request/context.ts'
import { compileCondition } from './condition.ts'
import { operatorNames, type ValueType } from './operator-names.ts'
import { type Operator, parseOperator } from './operators.ts'
import { type Truth, truthNo, truthYes } from './truth.ts'
import { sameBool, sameIgnoringCase } from './within.ts'

/** Values of a policy for each type. */
const values: Readonly<Record<ValueType, readonly string[]>> = {
  String: ['red', 'team', 'example'],
  Bool: ['true', 'false', 'TRUE'],
  Numeric: ['7', '-1.5', '0'],
  Date: ['2026-03-01T00:00:00Z', '2020-01-01'],
  IpAddress: ['203.0.113.77', '10.1.2.3', '192.0.2.0/24', '2001:db8::/32'],
  Arn: ['arn:aws:s3:::bucket', 'arn:aws:s3:::example', 'arn:aws:sns:us-east-1:123456789012:topic'],
  Binary: ['QUJD', 'AAAA', 'ZXhhbXBsZQ=='],
}
const patterns: Partial<Record<ValueType, readonly string[]>> = {
  String: ['a*', '?b*c', '*'],
  Arn: ['arn:aws:s3:::bucket/*', 'arn:*:sns:*:*:?'],
}

const rows = operatorNames.map((name) => parseOperator(name).operator).filter((row) => row !== undefined)

function valuesOf({ type, takesWildcards }: Operator): readonly string[] {
  return [...values[type], ...(takesWildcards ? (patterns[type] ?? []) : [])]
}

/** Also what is a pattern to other operators of the type. */
function allValuesOf({ type }: Operator): readonly string[] {
  return [...values[type], ...(patterns[type] ?? [])]
}

const start = { offset: 0, line: 1, column: 1 }
const span = { start, end: start }

/** Whether a condition with one value holds for a value of the request. */
function truth({ name }: Operator, value: string, seen: string): Truth {
  const entry: ConditionEntry = { operator: name, key: 'a:b', values: [{ value, span }], span }
  return compileCondition(entry, true).test(new Context({ 'a:b': seen }))
}

describe('every operator', () => {
  it('has a row', () => assert.equal(rows.length, operatorNames.length))

  for (const row of rows) {
    it(`${row.name} decides its own samples`, () => {
      const [fits, differs] = row.negated ? [truthNo, truthYes] : [truthYes, truthNo]
      for (const value of valuesOf(row)) {
        const [sample, other] = [row.fitting(value), row.other(value)]
        assert.ok(typeof sample === 'string' && typeof other === 'string', value)
        assert.ok(isPossible(row.type, other), `${value}: ${other}`)
        if (isPossible(row.type, sample)) assert.equal(truth(row, value, sample), fits, `${value}: ${sample}`)
        // Nothing differs from a lone asterisk.
        if (value !== '*') assert.equal(truth(row, value, other), differs, `${value}: ${other}`)
      }
    })

    it(`${row.name} implies what its row says, and itself`, () => {
      assert.ok(row.implies[row.name] !== undefined)
      for (const wider of rows) {
        const within = row.implies[wider.name]
        if (within === undefined) continue
        assert.equal(wider.negated, row.negated, wider.name)
        const seen = [...allValuesOf(row), ...allValuesOf(wider)].flatMap((value) => [
          value,
          row.fitting(value),
          row.other(value),
        ])
        for (const one of allValuesOf(row)) {
          for (const all of allValuesOf(wider)) {
            const follows = row.negated ? within(all, one, true) : within(one, all, true)
            if (!follows) continue
            for (const each of seen)
              if (truth(row, one, each) === truthYes)
                assert.equal(truth(wider, all, each), truthYes, `${one}, ${wider.name} ${all}: ${each}`)
          }
        }
      }
    })

    it(`${row.name} reads in words`, () => {
      const policy = policyOf('identity', allow({ Condition: { [row.name]: { 'a:b': 'c' } } }))
      const [statement] = policy.statements
      assert.ok(statement)
      assert.match(plainSentence(statement, 'identity'), new RegExp(`a:b ${row.words} "c"`))
    })
  }

  it('takes variables and wildcards, or not', () => {
    const namesOf = (test: (row: Operator) => boolean) => rows.filter(test).map(({ name }) => name)
    const arns = operatorNames.filter((name) => name.startsWith('Arn'))
    assert.deepEqual(
      namesOf(({ takesWildcards }) => takesWildcards),
      ['StringLike', 'StringNotLike', ...arns],
    )
    assert.deepEqual(
      namesOf(({ takesVariables }) => takesVariables),
      [...operatorNames.filter((name) => name.startsWith('String')), 'Bool', ...arns],
    )
    assert.deepEqual(
      namesOf(({ bound }) => bound === 'greatest'),
      operatorNames.filter((name) => name.includes('LessThan')),
    )
    assert.deepEqual(
      namesOf(({ bound }) => bound === 'least'),
      operatorNames.filter((name) => name.includes('GreaterThan')),
    )
  })

  it('is found by its exact name alone', () => {
    for (const name of ['stringequals', 'toString', 'constructor', '', 'Null', 'StringResembles'])
      assert.equal(parseOperator(name).operator, undefined, name)
  })
})

describe('texts that differ in case', () => {
  it('are one boolean, also with variables', () => {
    const values = ['true', 'TRUE', 'false', '${a:b}', '${A:b}', "${a:c, 'True'}", "${a:c, 'true'}"]
    const seen = ['true', 'False', undefined]
    const truths = (value: string) =>
      seen.flatMap((filled) =>
        ['true', 'false', 'x'].map((each) => {
          const entry: ConditionEntry = { operator: 'Bool', key: 'a:key', values: [{ value, span }], span }
          return compileCondition(entry, true).test(
            new Context({ 'a:key': each, 'a:b': filled, 'a:c': filled }),
          )
        }),
      )
    const same = values.flatMap((one) =>
      values.filter((all) => sameBool(one, all, true)).map((all) => [one, all]),
    )
    for (const [one, all] of same) assert.deepEqual(truths(one!), truths(all!), `${one} ${all}`)
    assert.equal(same.length, 2 * 2 + 1 + 2 * 2 + 2 * 2)
  })

  it('POL-210 are one by Unicode, but with variables only if all of both is ASCII', () => {
    const same = (one: string, all: string) => sameIgnoringCase(one, all, true)
    assert.equal(same('AbC', 'aBc'), true)
    assert.equal(same('abc', 'abd'), false)
    assert.equal(same('\u212a', '\u212a'), true)
    assert.equal(same('A\u007f', 'a\u007f'), true)
    for (const [one, all] of [
      ['\u212a', 'k'],
      ['k', '\u212a'],
      ['a\u00c9', 'a\u00e9'],
      ['ΟΣ', 'ος'],
    ] as const) {
      assert.equal(same(one, all), true)
      assert.equal(same(`${one}\${a:b}`, `${all}\${a:b}`), false)
    }
    assert.equal(same('\u{10400}', '\u{10428}'), false)
    assert.equal(same('A${a:B}', 'a${a:b}'), true)
  })
})
