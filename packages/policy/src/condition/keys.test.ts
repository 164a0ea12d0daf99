import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, policyOf } from '../fixture.ts'
import { policyFromJson } from '../parse/parse.ts'
import { contextKeys } from './keys.ts'

test('the keys of conditions and variables, each once, as first written', () => {
  const policy = policyOf(
    'identity',
    allow({
      Resource: ["arn:aws:s3:::home/${aws:username, 'nobody'}/${*}"],
      Condition: {
        StringEquals: { 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' },
        StringLike: { 'AWS:UserName': 'a*' },
      },
    }),
  )
  assert.deepEqual(contextKeys([policy, policy]), [
    'aws:username',
    'aws:PrincipalTag/team',
    'aws:ResourceTag/team',
  ])
})

test('POL-182 a variable without its closing brace names no key', () => {
  const StringLike = { 'my:key': ['${aws:username}/${aws:userid*', '${aws:PrincipalTag/team'] }
  const policy = policyOf(
    'identity',
    allow({ Resource: 'arn:aws:s3:::b/${aws:username*', Condition: { StringLike } }),
  )
  assert.deepEqual(contextKeys([policy]), ['my:key', 'aws:username'])
})

test('POL-086 a document of the older version has no variables', () => {
  const Statement = {
    Effect: 'Allow',
    Action: '*',
    Resource: 'arn:aws:s3:::${aws:username}',
    Condition: { StringEquals: { 'my:key': '${my:other}' } },
  }
  const parsed = policyFromJson({ Version: '2008-10-17', Statement }, 'identity')
  assert.ok(parsed.ok)
  assert.deepEqual(contextKeys([parsed.policy]), ['my:key'])
})
