import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConditionTrace } from '../evaluate/story.ts'
import { parsePolicy } from '../parse/parse.ts'
import { Context, type ContextInput } from '../request/context.ts'
import { tried } from './tried.ts'
import { unsetVariables } from './unset.ts'

const parsed = parsePolicy('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
assert.ok(parsed.ok)
const { span } = parsed.policy.statements[0]!

function triedFor(
  operator: string,
  wanted: readonly string[],
  seen?: ConditionTrace['seen'],
  key = 'my:key',
  context: Readonly<Record<string, ContextInput>> = {},
) {
  return tried(
    { element: 'Condition', operator, key, wanted, seen, matched: false, span },
    new Context(context),
  )
}

test('RSN-16 the values that are tried for a key, by its operator', () => {
  for (const [operator, wanted, expected] of [
    ['StringEquals', ['a', 'b'], ['a', 'b']],
    ['StringEquals', ['a*'], ['a*']],
    ['StringLike', ['*'], ['example', '*']],
    ['StringLike', ['a?c*', 'x'], ['axcexample', 'a?c*', 'x']],
    ['ArnLike', ['arn:aws:s3:::b'], ['arn:aws:s3:::b']],
    ['Bool', ['true'], ['true', 'false']],
    ['BinaryEquals', ['YQ=='], ['YQ==']],
    ['IpAddress', ['10.1.2.3/8'], ['10.1.2.3']],
    ['NumericLessThan', ['5'], ['5', '4', '6']],
    ['NumericLessThan', ['0'], ['0', '0', '1']],
    ['NumericLessThan', ['x', '1e999'], []],
    ['DateLessThan', ['2026-01-02T00:00:00Z'], ['2026-01-03T00:00:00.000Z', '2026-01-01T00:00:00.000Z']],
    ['DateLessThan', ['x'], []],
    ['DateLessThan', ['+275760-09-13T00:00:00Z'], ['+275760-09-12T00:00:00.000Z']],
    ['Null', ['true'], ['example']],
    ['Foo', ['a'], ['a']],
    ['StringEquals', [...'0123456789'], [...'01234567']],
    ['ForAnyValue:StringEquals', ['a', 'b'], [['a'], ['b']]],
  ] as const)
    assert.deepEqual(triedFor(operator, wanted), expected, `${operator} ${wanted.join()}`)
})

test('RSN-16 a key that the call has may be left out, last', () => {
  assert.deepEqual(triedFor('StringEquals', ['a'], 'b'), ['a', undefined])
  assert.deepEqual(triedFor('Null', ['true'], 'b'), [undefined, 'example'])
  assert.deepEqual(triedFor('ForAllValues:StringEquals', ['a', 'b'], ['b', 'c']), [
    ['b'],
    ['a'],
    ['b'],
    undefined,
  ])
  assert.deepEqual(triedFor('ForAllValues:StringEquals', ['a'], ['c']), [['a'], undefined])
  assert.deepEqual(triedFor('ForAllValues:StringEquals', ['a'], 'c'), [['a'], undefined])
})

test('RSN-16 a session is issued now, or not at all', () => {
  const of = (context: Readonly<Record<string, ContextInput>>) =>
    triedFor('DateGreaterThan', ['2026-01-01'], undefined, 'aws:TokenIssueTime', context)
  assert.deepEqual(of({ 'aws:CurrentTime': '2026-05-05T00:00:00Z' }), ['2026-05-05T00:00:00Z'])
  assert.deepEqual(of({}), [])
  assert.deepEqual(of({ 'aws:CurrentTime': ['2026-05-05T00:00:00Z'] }), [])
})

test('the variables that a request leaves open, as they are written', () => {
  const context = new Context({ 'aws:username': 'dev' })
  for (const [value, expected] of [
    ['plain', []],
    ['${aws:username}', []],
    ['a${AWS:UserId}b${aws:username}', ['AWS:UserId']],
    ['${aws:PrincipalTag/Team}/${my:Key}', ['aws:PrincipalTag/Team', 'my:Key']],
    ["${my:key, 'x'}", []],
    ['${*}${?}${$}', []],
    ['*?', []],
    ['x my:key ${My:Key}', ['my:key']],
  ] as const)
    assert.deepEqual(unsetVariables(value, context), expected, value)
})
