import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Context, type ContextInput } from '../evaluate/context.ts'
import { allow, policyOf } from '../fixture.ts'
import { compileCondition } from './condition.ts'
import { isKnownOperator, parseOperator } from './operators.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

function holds(operator: string, values: unknown, seen?: ContextInput, key = 'example:key'): Truth {
  const policy = policyOf('identity', allow({ Condition: { [operator]: { [key]: values } } }))
  const entry = policy.statements[0]?.condition[0]
  assert.ok(entry)
  return compileCondition(entry, true).test(new Context({ [key]: seen, 'aws:username': 'dev' }))
}

suite('operators', () => {
  const table: readonly (readonly [string, unknown, ContextInput | undefined, Truth])[] = [
    ['StringEquals', ['a', 'b'], 'b', YES],
    ['StringEquals', 'a*', 'ab', NO],
    ['StringNotEquals', ['a', 'b'], 'b', NO],
    ['StringNotEquals', ['a', 'b'], 'c', YES],
    ['StringEqualsIgnoreCase', 'A', 'a', YES],
    ['StringLike', '${aws:username}?', 'dev1', YES],
    ['StringLike', '${aws:nobody}', 'x', NO],
    ['StringNotLike', '${aws:nobody}', 'x', YES],
    ['NumericEquals', '1.0', '1', YES],
    ['NumericGreaterThan', 10, 9, NO],
    ['NumericEquals', 'one', '1', UNKNOWN],
    ['NumericNotEquals', '1', 'one', UNKNOWN],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', YES],
    ['Bool', true, 'TRUE', YES],
    ['Bool', 'maybe', 'true', UNKNOWN],
    ['BinaryEquals', 'QUI=', 'QUI=', YES],
    ['BinaryEquals', 'QUI=', 'QUJ=', YES],
    ['BinaryEquals', 'QQ==', 'QR', YES],
    ['BinaryEquals', 'QUI=', 'QUM=', NO],
    ['NumericEquals', '9007199254740993', '9007199254740992', NO],
    ['NumericLessThan', '9007199254740993', '9007199254740992', YES],
    ['NumericEquals', '9007199254740993', '09007199254740993.000', YES],
    ['NumericEquals', '1e20', '100000000000000000000', YES],
    ['NumericGreaterThan', '-9007199254740993', '-9007199254740992', YES],
    ['NumericEquals', '0.1', '0.1000000000000000055', NO],
    ['NumericEquals', '1e9999999999', '1', UNKNOWN],
    ['DateLessThan', '999999999999999999', '2026-01-01T00:00:00Z', YES],
    ['IpAddress', ['10.0.0.0/8', '192.0.2.1'], '192.0.2.1', YES],
    ['NotIpAddress', '10.0.0.0/8', '10.0.0.1', NO],
    ['ArnLike', 'arn:aws:sns:*:1:a*', 'arn:aws:sns:eu-west-1:1:a:b', YES],
    ['ArnEquals', 'arn:aws:s3:::*', 'arn:aws:sns:x:1:a', NO],
    ['ArnLike', '*', 'arn:aws:s3:::b', UNKNOWN],
    ['ArnNotLike', 'arn:aws:s3:::*', 'bucket', UNKNOWN],
    ['Null', 'true', undefined, YES],
    ['Null', 'false', 'x', YES],
    ['Null', 'true', [], YES],
  ]
  for (const [operator, values, seen, wanted] of table) {
    test(`POL-095, POL-096, POL-097 ${operator} ${JSON.stringify(values)} of ${JSON.stringify(seen)}`, () => {
      assert.equal(holds(operator, values, seen), wanted)
    })
  }

  test('POL-092, POL-094 a missing key', () => {
    assert.equal(holds('StringEquals', 'a'), NO)
    assert.equal(holds('StringNotEquals', 'a'), YES)
    assert.equal(holds('StringEqualsIfExists', 'a'), YES)
  })

  test('POL-183 ForAnyValue with IfExists and no value cannot be evaluated', () => {
    for (const operator of ['ForAnyValue:StringEqualsIfExists', 'ForAnyValue:StringNotEqualsIfExists'])
      for (const seen of [undefined, [], [''], '']) assert.equal(holds(operator, 'a', seen), UNKNOWN)
    assert.equal(holds('ForAnyValue:StringEqualsIfExists', 'a', ['a', 'b']), YES)
    assert.equal(holds('ForAnyValue:StringEqualsIfExists', 'a', ['b']), NO)
    assert.equal(holds('ForAllValues:StringEqualsIfExists', 'a'), YES)
  })

  test('POL-182 a default without a blank or quotes cannot be evaluated', () => {
    for (const value of [
      "${aws:nobody,'a'}",
      '${aws:nobody, a}',
      "${aws:username,'dev'}",
      "${aws:nobody, 'a'b'}",
    ])
      for (const operator of ['StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIgnoreCase'])
        assert.equal(holds(operator, value, 'a'), UNKNOWN, `${operator} ${value}`)
    assert.equal(holds('StringEquals', "${aws:nobody, 'a'}", 'a'), YES)
    assert.equal(holds('StringEquals', ["${aws:nobody,'x'}", 'a'], 'a'), YES)
  })

  test('POL-181 a value that is longer than any that AWS takes cannot be evaluated', () => {
    assert.equal(holds('StringLike', '*', 'a'.repeat(32_768)), YES)
    assert.equal(holds('StringLike', '*', 'a'.repeat(32_769)), UNKNOWN)
    assert.equal(holds('ForAnyValue:StringLike', 'a*', ['b', 'a'.repeat(32_769)]), UNKNOWN)
  })

  test('POL-097, POL-133 many values are one test with the same answer', () => {
    const fits = (operator: string, values: readonly string[], seen: string): void => {
      const each = values.map((value) => holds(operator, value, seen))
      const some = each.includes(YES) ? YES : each.includes(UNKNOWN) ? UNKNOWN : NO
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
      const arns = ['arn:aws:s3:::a', 'arn:aws:s3:::*', '*', 'arn:aws:sns:::${aws:username}']
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
    assert.equal(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b']), YES)
    assert.equal(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'c']), NO)
    assert.equal(holds('ForAllValues:StringEquals', 'a'), YES)
    assert.equal(holds('ForAnyValue:StringEquals', 'a', ['a', 'c']), YES)
    assert.equal(holds('ForAnyValue:StringEquals', 'a'), NO)
    assert.equal(holds('ForAnyValue:StringNotEquals', 'a', ['a', 'c']), YES)
    assert.equal(holds('ForAllValues:StringNotEquals', 'a', ['a', 'c']), NO)
  })

  test('POL-124 several values without a set operator', () => {
    assert.equal(holds('StringEquals', 'a', ['a', 'b']), UNKNOWN)
    assert.equal(holds('StringEquals', 'a', ['a']), YES)
  })

  test('POL-121 an unknown value leaves open what the others do not settle', () => {
    assert.equal(holds('NumericEquals', ['one', '1'], '1'), YES)
    assert.equal(holds('NumericEquals', ['one', '1'], '2'), UNKNOWN)
    assert.equal(holds('NumericNotEquals', ['one', '1'], '1'), NO)
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
      YES,
    )
  })

  test('POL-180 what has fewer parts than an ARN is held against none', () => {
    for (const operator of ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals'])
      for (const value of ['*', 'arn:*', 'arn:aws:iam::*'])
        assert.equal(holds(operator, value, 'arn:aws:iam::123456789012:role/r'), UNKNOWN, value)
  })

  test('POL-098 names of keys ignore case', () =>
    assert.equal(holds('StringEquals', 'a', 'a', 'AWS:PrincipalTag/Team'), YES))
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
