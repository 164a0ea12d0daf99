import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriedIn } from './carried.ts'

test('the keys of a request that say what its call writes or brings', () => {
  const policy = 'arn:aws:iam::111122223333:policy/team/tools'
  const rows: readonly (readonly [Record<string, unknown>, readonly string[], string?])[] = [
    [{}, []],
    [{ 'sts:rolesessionname': 'omen', 'aws:sourceip': '10.0.0.7' }, []],
    [{ 'aws:requesttag/team': 'blue', 'aws:tagkeys': ['Team'] }, ['aws:RequestTag/Team=blue']],
    [{ 'aws:requesttag/team': 'blue' }, ['aws:RequestTag/team=blue']],
    [{ 'aws:tagkeys': ['Team', 'env'] }, ['aws:TagKeys=Team, env']],
    [{ 'iam:policyarn': policy }, ['iam:PolicyARN=policy/team/tools']],
    [{ 'iam:permissionsboundary': policy }, ['iam:PermissionsBoundary=policy/team/tools'], 'iam:CreateRole'],
    [{ 'iam:permissionsboundary': policy }, [], 'iam:DeleteRole'],
    [{ 'sts:externalid': 'x', 'sts:sourceidentity': 'y' }, ['sts:ExternalId=x', 'sts:SourceIdentity=y']],
  ]
  for (const [context, carried, action = 'iam:TagRole'] of rows)
    assert.deepEqual(carriedIn({ action, context }), carried)
})
