import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { advance } from '../iam-questions/time.ts'
import { allow, openServer } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

test('a policy is as new as its newest version, whichever is the default (IAM-73)', async () => {
  const { Policy: made } = await iam.createPolicy({ PolicyName: 'dated', PolicyDocument: allow('s3:*') })
  assert.deepEqual(made?.UpdateDate, made?.CreateDate)
  const PolicyArn = made?.Arn
  advance(omen, 60_000, iam)
  const { PolicyVersion } = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow('ec2:*') })
  advance(omen, 60_000, iam)
  await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: PolicyVersion?.VersionId })
  const { Policy: shown } = await iam.getPolicy({ PolicyArn })
  assert.equal(shown?.DefaultVersionId, 'v2')
  assert.deepEqual(shown?.UpdateDate, PolicyVersion?.CreateDate)
  assert.deepEqual(shown?.CreateDate, made?.CreateDate)
})
