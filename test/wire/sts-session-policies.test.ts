import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { policyText } from '../kit/index.ts'
import { allow, faultOf } from './iam/house.ts'
import { account, arn, credentialsOf, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { iam, sts, role, assume } = server
after(server.close)

const everyone = trusting({ AWS: account }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])

describe('session policies', () => {
  test('narrow and never widen; sizes are reported (POL-009, POL-053, POL-054, STS-20 to STS-23)', async () => {
    const reader = await role('reader', everyone, allow(['iam:GetRole', 'iam:ListUsers']))
    const answer = await sts().assumeRole({
      RoleArn: reader,
      RoleSessionName: 'narrow',
      Policy: allow(['iam:GetRole', 'iam:ListRoles']),
    })
    const narrow = server.iamAs(credentialsOf(answer.Credentials))
    await narrow.getRole({ RoleName: 'reader' })
    assert.match(await faultOf(narrow.listUsers({})), /no session policy allows the iam:ListUsers action/)
    assert.match(await faultOf(narrow.listRoles({})), /no identity-based policy allows/)
    assert.equal(answer.SessionTokenSize, answer.Credentials!.SessionToken!.length)
    assert.equal(answer.SessionTokenUtilization, Math.floor((answer.SessionTokenSize! * 100) / 4_096))
    assert.equal(answer.PackedPolicySize, answer.SessionTokenUtilization)
    const plain = await sts().assumeRole({
      RoleArn: reader,
      RoleSessionName: 'plain',
      MinimumSessionTokenSize: 2_000,
    })
    assert.equal(plain.PackedPolicySize, undefined)
    assert.equal(plain.SessionTokenSize, 2_000)
    const managed = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
    const both = await assume('admin', reader, { PolicyArns: [{ arn: managed }] })
    await server.iamAs(both).listUsers({})
    assert.equal(
      await faultOf(assume('admin', reader, { PolicyArns: [{ arn: arn('policy/nowhere') }] })),
      `ValidationError 400: PolicyArn ${arn('policy/nowhere')} does not exist or is not attachable.`,
    )
    const malformed = (Policy: string) => faultOf(assume('admin', reader, { Policy }))
    assert.equal(await malformed('{'), 'MalformedPolicyDocument 400: Syntax errors in policy.')
    assert.equal(await malformed('{}'), 'MalformedPolicyDocument 400: Syntax errors in policy.')
    assert.equal(
      await malformed('}'),
      'MalformedPolicyDocument 400: The policy is not in the valid JSON format.',
    )
    const many = Array.from({ length: 100 }, (_, i) => `iam:Get${i}*`)
    assert.match(
      await faultOf(assume('admin', reader, { Policy: allow([...many, ...many]) })),
      /^PackedPolicyTooLarge 400: Packed policy consumes 1\d\d% of allotted space, please use smaller policy\.$/,
    )
    const Tags = Array.from({ length: 50 }, (_, i) => ({
      Key: `key${i}`,
      Value: Buffer.from(`${i * 7_919 ** 3}${Math.sin(i)}`.repeat(8))
        .toString('base64')
        .slice(0, 250),
    }))
    assert.match(
      await faultOf(assume('admin', reader, { Tags })),
      /^PackedPolicyTooLarge 400: (Packed size of session tags consumes \d+% of allotted space\.|Serialized)/,
    )
  })

  test('once one is deleted the session may do nothing, for what it denied is forgotten (STS-24)', async () => {
    const fenced = await role('fenced', everyone, allow('iam:*'))
    const deny = { Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }
    const { Policy: fence } = await iam.createPolicy({
      PolicyName: 'fence',
      PolicyDocument: policyText(deny),
    })
    const worn = await assume('admin', fenced, { PolicyArns: [{ arn: fence!.Arn! }], Policy: allow('*') })
    const session = server.iamAs(worn)
    assert.match(await faultOf(session.listUsers({})), /explicit deny in a session policy/)
    await session.deletePolicy({ PolicyArn: fence!.Arn! })
    for (const refused of [session.listUsers({}), session.listRoles({})])
      assert.match(await faultOf(refused), /because no session policy allows/)
  })
})
