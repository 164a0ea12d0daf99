import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, policyOf } from '../fixture.ts'
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
