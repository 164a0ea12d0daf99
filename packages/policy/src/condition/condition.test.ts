import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow, policyOf } from '../fixture.ts'
import { Budget, metered } from '../match/meter.ts'
import { Context, type ContextInput } from '../request/context.ts'
import { compileCondition, problemOf } from './condition.ts'
import { isKnownOperator, parseOperator } from './operators.ts'
import { type Truth, truthNo, truthUnknown, truthYes } from './truth.ts'

function holds(operator: string, values: unknown, seen?: ContextInput, key = 'example:key'): Truth {
  const policy = policyOf('identity', allow({ Condition: { [operator]: { [key]: values } } }))
  const entry = policy.statements[0]?.condition[0]
  assert.ok(entry)
  return compileCondition(entry, true).test(new Context({ [key]: seen, 'aws:username': 'dev' }))
}

describe('operators', () => {
  const table: readonly (readonly [string, unknown, ContextInput | undefined, Truth])[] = [
    ['StringEquals', ['a', 'b'], 'b', truthYes],
    ['StringEquals', 'a*', 'ab', truthNo],
    ['StringNotEquals', ['a', 'b'], 'b', truthNo],
    ['StringNotEquals', ['a', 'b'], 'c', truthYes],
    ['StringEqualsIgnoreCase', 'A', 'a', truthYes],
    ['StringLike', '${aws:username}?', 'dev1', truthYes],
    ['StringLike', '${aws:nobody}', 'x', truthNo],
    ['StringNotLike', '${aws:nobody}', 'x', truthYes],
    ['StringEqualsIgnoreCase', '${aws:nobody}', 'x', truthNo],
    ['StringEqualsIgnoreCase', '${aws:username}', 'DEV', truthYes],
    ['StringEqualsIgnoreCase', '${aws:username}', 'ann', truthNo],
    ['StringEqualsIgnoreCase', '\u212a', 'k', truthYes],
    ['Bool', '${aws:nobody}', 'true', truthNo],
    ['Bool', '${aws:username}', 'true', truthNo],
    ['Bool', '${aws:username}', 'x', truthYes],
    ['Bool', 'true${*}', 'true', truthNo],
    ['ArnLike', 'arn:aws:s3:::${aws:nobody}', 'arn:aws:s3:::x', truthNo],
    ['ArnLike', 'arn:aws:s3:::${aws:nobody}', 'x', truthNo],
    ['ArnLike', 'arn:aws:s3:::${aws:username}*', 'arn:aws:s3:::dev1', truthYes],
    ['ArnLike', ['bucket', 'arn:aws:s3:::a'], 'arn:aws:s3:::b', truthUnknown],
    ['ArnLike', ['bucket', 'arn:aws:s3:::a'], 'arn:aws:s3:::a', truthUnknown],
    ['ArnLike', ['arn:aws:s3:::a', 'bucket'], 'arn:aws:s3:::a', truthYes],
    ['ArnNotLike', ['arn:aws:s3:::a', 'bucket'], 'arn:aws:s3:::a', truthNo],
    ['ArnNotLike', ['bucket', 'arn:aws:s3:::a'], 'arn:aws:s3:::a', truthUnknown],
    ['ArnNotLike', 'bucket', 'bucket', truthNo],
    ['ArnLike', 'bucket', 'bucket', truthNo],
    ['ArnLike', ['${aws:username}', 'arn:aws:s3:::a'], 'arn:aws:s3:::a', truthUnknown],
    ['ArnLike', ['${aws:nobody}', 'arn:aws:s3:::a'], 'arn:aws:s3:::a', truthYes],
    ['ArnLike', '${aws:username}*', 'arn:aws:s3:::dev1', truthUnknown],
    ['ForAllValues:Null', 'true', 'a', truthYes],
    ['ForAllValues:Null', 'true', undefined, truthYes],
    ['ForAnyValue:Null', 'false', 'a', truthNo],
    ['ForAnyValue:Null', 'true', undefined, truthNo],
    ['NumericEquals', '1.0', '1', truthYes],
    ['NumericGreaterThan', 10, 9, truthNo],
    ['NumericEquals', 'one', '1', truthNo],
    ['NumericEquals', 'one', 'one', truthNo],
    ['NumericNotEquals', 'one', 'one', truthYes],
    ['NumericNotEquals', '1', 'one', truthYes],
    ['NumericLessThan', '1', 'one', truthUnknown],
    ['NumericGreaterThan', 'one', '1', truthUnknown],
    ['DateNotEquals', '2026', 'soon', truthYes],
    ['DateLessThan', '2026', 'soon', truthUnknown],
    ['DateEquals', '2030-01-01', '+1893456000', truthYes],
    ['ForAnyValue:NumericNotEquals', '1', ['one', '1'], truthYes],
    ['ForAllValues:NumericEquals', '1', ['one', '1'], truthNo],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', truthYes],
    ['Bool', true, 'TRUE', truthYes],
    ['Bool', 'maybe', 'true', truthNo],
    ['Bool', 'maybe', 'false', truthYes],
    ['Bool', 'false', ' true ', truthYes],
    ['Bool', 'true', '', truthNo],
    ['Null', 'yes', 'x', truthYes],
    ['Null', 'TRUE', undefined, truthYes],
    ['IpAddress', '192.0.2.0/24', '192.0.2.1/32', truthNo],
    ['NotIpAddress', '192.0.2.0/24', '192.0.2.1/32', truthNo],
    ['ForAnyValue:NotIpAddress', '192.0.2.0/24', ['x', '10.0.0.1'], truthYes],
    ['ForAllValues:NotIpAddress', '192.0.2.0/24', ['x', '10.0.0.1'], truthNo],
    ['NotIpAddress', 'here', '192.0.2.1', truthYes],
    ['NotIpAddress', 'here', 'here', truthNo],
    ['StringEqualsIgnoreCase', 'ΟΣ', 'ος', truthYes],
    ['StringEqualsIgnoreCase', '\u{10400}Σ', '\u{10400}ς', truthYes],
    ['StringEqualsIgnoreCase', '\u{10400}', '\u{10428}', truthNo],
    ['StringEqualsIgnoreCase', 'i\u0307\u{10400}A', 'İ\u{10400}a', truthYes],
    ['StringLike', 'a?b', 'a\u{10400}b', truthNo],
    ['ArnLike', 'arn:aws:s3:::a??', 'arn:aws:s3:::a\u{10400}', truthYes],
    ['BinaryEquals', 'QUI=', 'QUI=', truthYes],
    ['BinaryEquals', 'QUI=', 'QUJ=', truthNo],
    ['BinaryEquals', 'QQ==', 'QQ', truthNo],
    ['BinaryEquals', 'QR==', 'QR==', truthNo],
    ['BinaryEquals', 'QUI=', 'QUM=', truthNo],
    ['NumericEquals', '9007199254740993', '9007199254740992', truthNo],
    ['NumericLessThan', '9007199254740993', '9007199254740992', truthYes],
    ['NumericEquals', '9007199254740993', '09007199254740993.000', truthYes],
    ['NumericEquals', '1e20', '100000000000000000000', truthYes],
    ['NumericGreaterThan', '-9007199254740993', '-9007199254740992', truthYes],
    ['NumericEquals', '0.1', '0.1000000000000000055', truthNo],
    ['NumericEquals', '1e9999999999', '1', truthNo],
    ['DateLessThan', '999999999999999999', '2026-01-01T00:00:00Z', truthYes],
    ['IpAddress', ['10.0.0.0/8', '192.0.2.1'], '192.0.2.1', truthYes],
    ['NotIpAddress', '10.0.0.0/8', '10.0.0.1', truthNo],
    ['ArnLike', 'arn:aws:sns:*:1:a*', 'arn:aws:sns:eu-west-1:1:a:b', truthYes],
    ['ArnEquals', 'arn:aws:s3:::*', 'arn:aws:sns:x:1:a', truthNo],
    ['ArnLike', '*', 'arn:aws:s3:::b', truthUnknown],
    ['ArnNotLike', 'arn:aws:s3:::*', 'bucket', truthNo],
    ['Null', 'true', undefined, truthYes],
    ['Null', 'false', 'x', truthYes],
    ['Null', 'true', [], truthYes],
  ]
  for (const [operator, values, seen, wanted] of table) {
    test(`POL-095, POL-096, POL-097 ${operator} ${JSON.stringify(values)} of ${JSON.stringify(seen)}`, () => {
      assert.equal(holds(operator, values, seen), wanted)
    })
  }

  test('POL-093 a missing key under a set operator', () => {
    for (const base of ['StringEquals', 'StringNotEquals']) {
      assert.equal(holds(`ForAnyValue:${base}`, 'a'), truthNo, base)
      assert.equal(holds(`ForAllValues:${base}`, 'a'), truthYes, base)
    }
  })

  test('POL-092, POL-094 a missing key', () => {
    assert.equal(holds('StringEquals', 'a'), truthNo)
    assert.equal(holds('StringNotEquals', 'a'), truthYes)
    assert.equal(holds('StringEqualsIfExists', 'a'), truthYes)
  })

  test('POL-183 ForAnyValue with IfExists and no value cannot be evaluated', () => {
    for (const operator of ['ForAnyValue:StringEqualsIfExists', 'ForAnyValue:StringNotEqualsIfExists'])
      for (const seen of [undefined, [], ['']]) assert.equal(holds(operator, 'a', seen), truthUnknown)
    assert.equal(holds('ForAnyValue:StringEqualsIfExists', 'a', ['a', 'b']), truthYes)
    assert.equal(holds('ForAnyValue:StringEqualsIfExists', 'a', ['b']), truthNo)
    assert.equal(holds('ForAllValues:StringEqualsIfExists', 'a'), truthYes)
  })

  test('POL-182 a variable without its brace, or a default without a blank or quotes, cannot be evaluated', () => {
    for (const value of [
      '${aws:username',
      'dev${',
      '*${aws:username*',
      '${aws:username}${*',
      "${aws:nobody,'a'}",
      '${aws:nobody, a}',
      "${aws:username,'dev'}",
      "${aws:nobody, 'a'b'}",
    ])
      for (const operator of ['StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIgnoreCase'])
        assert.equal(holds(operator, value, 'a'), truthUnknown, `${operator} ${value}`)
    assert.equal(holds('StringEquals', "${aws:nobody, 'a'}", 'a'), truthYes)
    for (const value of ["${aws:nobody,'x'}", '${aws:username'])
      assert.equal(holds('StringEquals', [value, 'a'], 'a'), truthYes)
  })

  test('many values without wildcards and variables take one look-up', () => {
    const of = (operator: string, value: (index: number) => string, seen: string) => {
      const values = Array.from({ length: 1_000 }, (_, index) => value(index))
      const budget = new Budget(1_000_000)
      assert.equal(
        metered(budget, () => holds(operator, values, seen)),
        truthYes,
      )
      return budget.used
    }
    const arn = (index: number) => `arn:aws:s3:::b${index}`
    const bytes = (index: number) => String(1_000 + index)
    for (const operator of ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnLike', 'ArnEquals'])
      assert.ok(of(operator, arn, 'arn:aws:s3:::b999') < 10, operator)
    assert.ok(of('BinaryEquals', bytes, '1999') < 10)
    // What has a wildcard is tried.
    assert.equal(
      of('StringLike', (index) => `${arn(index)}?`, 'arn:aws:s3:::b999x'),
      9_996,
    )
  })

  test('POL-181 what a condition costs', () => {
    // A value costs a step, and one more for eight characters; what is read to try a value of the policy costs as well.
    const table: readonly (readonly [string, unknown, ContextInput, number])[] = [
      ['StringEquals', 'a', 'a', 1],
      ['StringEquals', 'a', 'a'.repeat(16), 3],
      ['ForAnyValue:StringEquals', 'a', ['b', 'c', 'a', 'd'], 6],
      ['ForAllValues:StringEquals', 'a', ['a', 'a', 'b', 'a'], 6],
      ['IpAddress', ['10.0.0.0/8', '192.0.2.1', '::/0', 'here'], '192.0.2.1', 8],
      ['ArnLike', 'arn:aws:s3:::a', 'arn:aws:s3:::a', 8],
      ['ArnLike', 'arn:aws:s3:::${aws:username}-x', 'arn:aws:s3:::dev-x', 16],
      ['Bool', '${aws:username}', 'true', 2],
      ['StringEqualsIgnoreCase', 'a${aws:username}b', 'adevb', 4],
      ['NumericEquals', ['1', '2', '3'], '2', 2],
    ]
    for (const [operator, values, seen, steps] of table) {
      const budget = new Budget(1_000)
      metered(budget, () => holds(operator, values, seen))
      assert.equal(budget.used, steps, `${operator} ${JSON.stringify(values)}`)
    }
  })

  test('POL-181 a list whose last value ran out of steps cannot be evaluated', () => {
    const within = (steps: number, operator: string) =>
      metered(new Budget(steps), () => holds(operator, 'b*', ['a', 'a'.repeat(100)]))
    for (const operator of ['ForAnyValue:StringLike', 'ForAllValues:StringNotLike']) {
      const decided = operator === 'ForAnyValue:StringLike' ? truthNo : truthYes
      assert.equal(within(1_000, operator), decided)
      for (let steps = 0; steps < 10; steps++) assert.equal(within(steps, operator), truthUnknown)
    }
  })

  test('POL-181 a value that is longer than any that AWS takes cannot be evaluated', () => {
    assert.equal(holds('StringLike', '*', 'a'.repeat(32_768)), truthYes)
    assert.equal(holds('StringLike', '*', 'a'.repeat(32_769)), truthUnknown)
    assert.equal(holds('ForAnyValue:StringLike', 'a*', ['b', 'a'.repeat(32_769)]), truthUnknown)
  })

  test('POL-181 says of a value that it is longer than any that AWS takes', () => {
    const policy = policyOf(
      'identity',
      allow({ Condition: { 'ForAnyValue:NumericLessThan': { 'my:key': '1' } } }),
    )
    const condition = compileCondition(policy.statements[0]!.condition[0]!, true)
    const long = /: the request's value has more than 32768 characters$/
    for (const seen of ['a'.repeat(32_769), ['1', 'a'.repeat(32_769)]])
      assert.match(problemOf(condition, seen), long)
    for (const seen of ['a'.repeat(32_768), ['1', 'a'.repeat(32_768)]])
      assert.match(problemOf(condition, seen), /is not a number$/)
  })

  test('POL-170 an empty text among others does not make a list absent', () => {
    assert.equal(holds('ForAnyValue:StringEquals', 'a', ['', 'a']), truthYes)
    assert.equal(holds('ForAllValues:StringEquals', 'a', ['', 'b']), truthNo)
    assert.equal(holds('ForAllValues:StringEquals', 'a', ['', '']), truthYes)
  })

  test('POL-205 a value that is no network holds nothing, and the others count', () => {
    const values = ['10.0.0.0/8', 'nowhere']
    assert.equal(holds('IpAddress', values, '10.1.2.3'), truthYes)
    assert.equal(holds('IpAddress', values, '192.0.2.1'), truthNo)
    assert.equal(holds('NotIpAddress', values, '192.0.2.1'), truthYes)
    assert.equal(holds('IpAddress', ['10.0.0.0/8', '10.0.0.0/9'], '192.0.2.1'), truthNo)
  })

  test('POL-097, POL-133 many values are one test with the same answer', () => {
    const fits = (operator: string, values: readonly string[], seen: string): void => {
      const each = values.map((value) => holds(operator, value, seen))
      const some = each.includes(truthYes) ? truthYes : each.includes(truthUnknown) ? truthUnknown : truthNo
      assert.equal(holds(operator, values, seen), some, `${operator} ${values} ${seen}`)
    }
    const numbers = ['1', '2.0', '9007199254740993', '-3', '1e400', 'one']
    const dates = ['2026-01-01', '999999999999999999', '1772323200', 'soon']
    for (const from of [0, 1, 2, 3]) {
      for (const operator of ['Equals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals']) {
        for (const seen of [...numbers, '9007199254740992'])
          for (const to of [3, 5, 6]) fits(`Numeric${operator}`, numbers.slice(from, to), seen)
        for (const seen of dates)
          for (const to of [3, 4]) fits(`Date${operator}`, dates.slice(from, to), seen)
      }
      const arns = ['arn:aws:s3:::a', 'arn:aws:s3:::*', 'arn:aws:sns:::${aws:username}', '*']
      for (const seen of ['arn:aws:s3:::a', 'arn:aws:sns:::dev', 'a']) fits('ArnLike', arns.slice(from), seen)
      const texts = ['a', 'A', '${aws:username}', "${aws:x,'a'}"]
      for (const operator of ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'])
        for (const seen of ['a', 'dev', 'DEV', 'b']) fits(operator, texts.slice(from), seen)
      const bytes = ['QUI=', 'QUJD', '***', 'AAAA']
      for (const seen of ['QUJ=', 'QUJD', '?', 'AAAB']) fits('BinaryEquals', bytes.slice(from), seen)
      const networks = ['10.0.0.0/8', '::/0', '192.0.2.1', 'here']
      for (const seen of ['10.1.1.1', '::1', '192.0.2.2', 'x']) fits('IpAddress', networks.slice(from), seen)
    }
  })

  test('POL-093 set operators', () => {
    assert.equal(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b']), truthYes)
    assert.equal(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'c']), truthNo)
    assert.equal(holds('ForAllValues:StringEquals', 'a'), truthYes)
    assert.equal(holds('ForAnyValue:StringEquals', 'a', ['a', 'c']), truthYes)
    assert.equal(holds('ForAnyValue:StringEquals', 'a'), truthNo)
    assert.equal(holds('ForAnyValue:StringNotEquals', 'a', ['a', 'c']), truthYes)
    assert.equal(holds('ForAllValues:StringNotEquals', 'a', ['a', 'c']), truthNo)
  })

  test('POL-124, POL-200 a list fulfils no operator without a set operator, also of a key that always has one', () => {
    for (const operator of [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIfExists',
      'StringNotLikeIfExists',
    ])
      for (const seen of [['a', 'b'], ['a'], ['b']]) {
        assert.equal(holds(operator, 'a', seen), truthNo, operator)
        assert.equal(holds(operator, 'a', seen[0], 'aws:TagKeys'), truthNo, operator)
        assert.equal(holds(operator, 'a', seen[0], 'events:Metadata/x'), truthNo, operator)
      }
    assert.equal(holds('StringNotEquals', 'a', undefined, 'aws:TagKeys'), truthYes)
    assert.equal(holds('ForAnyValue:StringEquals', 'a', 'a', 'aws:TagKeys'), truthYes)
    assert.equal(holds('Null', 'false', 'a', 'aws:TagKeys'), truthYes)
  })

  test('POL-201 an empty text alone is a value to set operators', () => {
    assert.equal(holds('ForAllValues:StringEquals', 'a', ''), truthNo)
    assert.equal(holds('ForAnyValue:StringEquals', '', ''), truthYes)
    assert.equal(holds('ForAnyValue:StringEqualsIfExists', 'a', ''), truthNo)
  })

  test('POL-121 an unknown value leaves open what the others do not settle', () => {
    assert.equal(holds('NumericLessThan', ['one', '2'], '1'), truthYes)
    assert.equal(holds('NumericLessThan', ['one', '2'], '2'), truthUnknown)
    assert.equal(holds('NumericNotEquals', ['one', '1'], '1'), truthNo)
  })

  test('POL-096 a variable may hold a whole ARN', () => {
    const policy = policyOf(
      'identity',
      allow({ Condition: { ArnEquals: { 'aws:SourceArn': '${aws:PrincipalArn}' } } }),
    )
    const entry = policy.statements[0]?.condition[0]
    assert.ok(entry)
    const arn = 'arn:aws:iam::123456789012:user/dev'
    assert.equal(
      compileCondition(entry, true).test(new Context({ 'aws:PrincipalArn': arn, 'aws:SourceArn': arn })),
      truthYes,
    )
  })

  test('POL-180 what has fewer parts than an ARN is held against none', () => {
    for (const operator of ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals'])
      for (const value of ['*', 'arn:*', 'arn:aws:iam::*'])
        assert.equal(holds(operator, value, 'arn:aws:iam::123456789012:role/r'), truthUnknown, value)
  })

  test('POL-098 names of keys ignore case', () =>
    assert.equal(holds('StringEquals', 'a', 'a', 'AWS:PrincipalTag/Team'), truthYes))
})

test('names of operators taken apart', () => {
  const { set, base, ifExists, operator } = parseOperator('ForAnyValue:StringLikeIfExists')
  assert.deepEqual(
    { set, base, ifExists, name: operator?.name },
    { set: 'ForAnyValue', base: 'StringLike', ifExists: true, name: 'StringLike' },
  )
  assert.equal(parseOperator('Null').operator, undefined)
  for (const name of ['StringEquals', 'ForAllValues:ArnLikeIfExists', 'Null'])
    assert.ok(isKnownOperator(name), name)
  for (const name of ['NullIfExists', 'stringequals', 'ForMostValues:StringEquals', 'toString', '']) {
    assert.ok(!isKnownOperator(name), name)
  }
})
