import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PolicySource } from '@omen-iam/policy'
import { policyTitle } from './policy-title.ts'

const arn = 'arn:aws:iam::aws:policy/team/Read'
const role = 'arn:aws:iam::111122223333:role/p/Dev'
const bucket = 'arn:aws:s3:::pay'
const inline = { name: 'own', owner: 'ann' }
const group = 'arn:aws:iam::111122223333:group/ops'

const rows: readonly (readonly [
  source: object,
  kind: string,
  resource: string | undefined,
  title: string,
])[] = [
  [{ type: 'user', inline }, 'identity', undefined, 'inline policy own of user ann'],
  [{ type: 'group', inline }, 'identity', undefined, 'inline policy own of group ann'],
  [{ type: 'role', inline }, 'identity', undefined, 'inline policy own of role ann'],
  [{ type: 'role', name: 'x' }, 'identity', undefined, 'inline policy x'],
  [{ type: 'aws-managed', name: 'Read', arn }, 'identity', undefined, 'AWS managed policy Read'],
  [{ type: 'aws-managed', arn, group }, 'identity', undefined, `AWS managed policy ${arn} of group ops`],
  [{ type: 'user-managed', id: 'ANPA' }, 'identity', undefined, 'managed policy ANPA'],
  [{ type: 'resource' }, 'trust', role, 'trust policy of role Dev'],
  [{ type: 'resource' }, 'trust', undefined, 'trust policy'],
  [{ type: 'resource' }, 'resource', bucket, `resource policy of ${bucket}`],
  [{ type: 'resource' }, 'resource', undefined, 'resource policy'],
  [{ type: 'resource' }, 'key', 'arn:k', 'key policy of arn:k'],
  [{ type: 'resource' }, 'key', undefined, 'key policy'],
  [{ type: 'session' }, 'session', undefined, 'session policy'],
  [{ type: 'scp', name: 'Lock' }, 'scp', undefined, 'SCP Lock'],
  [{ type: 'rcp', name: 'Lock' }, 'rcp', undefined, 'RCP Lock'],
  [{ type: 'endpoint' }, 'endpoint', undefined, 'VPC endpoint policy'],
  [{ type: 'none', name: 'mine' }, 'identity', undefined, 'mine'],
  [{ type: 'none' }, 'identity', undefined, 'policy'],
]

describe('the title of a policy', () => {
  for (const [source, kind, resource, title] of rows)
    it(title, () => {
      assert.equal(policyTitle({ policy: { kind }, source } as unknown as PolicySource, resource), title)
    })
})
