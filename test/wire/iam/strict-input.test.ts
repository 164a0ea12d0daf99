import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, faultOf, openServer, trust, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

const RoleName = 'strict'
await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })

describe('ARNs that are not of IAM', () => {
  const unparsed = 'ValidationError 400: Invalid ARN:  Could not be parsed!'
  const arns: readonly (readonly [arn: string, refusal: string])[] = [
    ['not-an-arn-but-long-enough', unparsed],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess ', unparsed],
    ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess', 'ValidationError 400: Invalid ARN partition'],
    ['arn:aws:s3:::a-bucket-with-a-name', 'ValidationError 400: Invalid ARN service'],
    ['arn:aws:iam:us-east-1:aws:policy/ReadOnlyAccess', 'ValidationError 400: Invalid ARN region'],
  ]
  for (const [arn, refusal] of arns) {
    test(`${arn} (IAM-70, IAM-78)`, async () => {
      assert.equal(await faultOf(iam.attachRolePolicy({ RoleName, PolicyArn: arn })), refusal)
      assert.equal(await faultOf(iam.getPolicy({ PolicyArn: arn })), refusal)
      assert.equal(
        await faultOf(iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: arn })),
        refusal,
      )
      assert.equal(await faultOf(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn })), refusal)
      assert.equal(await faultOf(iam.getSAMLProvider({ SAMLProviderArn: arn })), refusal)
    })
  }

  test('a role is no policy (IAM-78)', async () => {
    const PolicyArn = 'arn:aws:iam::123456789012:role/strict'
    const refusal = `InvalidInput 400: ARN ${PolicyArn} is not valid.`
    assert.equal(await faultOf(iam.attachRolePolicy({ RoleName, PolicyArn })), refusal)
    assert.equal(await faultOf(iam.deletePolicy({ PolicyArn })), refusal)
  })
})

describe('documents of another age or partition', () => {
  const older = allow('s3:*').replace('2012-10-17', '2008-10-17')
  const ageless = allow('s3:*').replace('"Version":"2012-10-17",', '')

  test('managed policies have the newest version, inline ones may have none (IAM-79)', async () => {
    const refusal = 'MalformedPolicyDocument 400: Policy document must be version 2012-10-17 or greater.'
    const { Policy } = await iam.createPolicy({ PolicyName: 'newest', PolicyDocument: allow('s3:*') })
    for (const PolicyDocument of [older, ageless]) {
      assert.equal(await faultOf(iam.createPolicy({ PolicyName: 'old', PolicyDocument })), refusal)
      const PolicyArn = Policy?.Arn
      assert.equal(await faultOf(iam.createPolicyVersion({ PolicyArn, PolicyDocument })), refusal)
      await iam.putRolePolicy({ RoleName, PolicyName: 'old', PolicyDocument })
    }
  })

  test('what is in another partition cannot be named (IAM-69)', async () => {
    const PolicyDocument = allow('s3:*', ['arn:aws:s3:::a', 'arn:*:s3:::b', 'arn:aws-cn:s3:::c'])
    assert.equal(
      await faultOf(iam.putRolePolicy({ RoleName, PolicyName: 'far', PolicyDocument })),
      'MalformedPolicyDocument 400: Partition "aws-cn" is not valid for resource "arn:aws-cn:s3:::c".',
    )
    const AWS = 'arn:aws-cn:iam::123456789012:root'
    assert.equal(
      await faultOf(iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust({ AWS }) })),
      `MalformedPolicyDocument 400: Invalid principal in policy: "AWS":"${AWS}"`,
    )
  })
})
