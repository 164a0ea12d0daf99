import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'

const { iam, as, close } = await openServer()
after(close)

describe('outbound web identity federation', () => {
  test('off, on with an issuer, off again, on with the same (IAM-200, IAM-201)', async () => {
    assert.match(await faultOf(iam.getOutboundWebIdentityFederationInfo({})), /^FeatureDisabled 404/)
    assert.match(await faultOf(iam.disableOutboundWebIdentityFederation({})), /^FeatureDisabled 404/)
    const { IssuerIdentifier } = await iam.enableOutboundWebIdentityFederation({})
    assert.match(IssuerIdentifier ?? '', /^https:\/\/[\da-f-]{36}\.tokens\.sts\.global\.api\.aws$/)
    assert.match(await faultOf(iam.enableOutboundWebIdentityFederation({})), /^FeatureEnabled 409/)
    assert.deepEqual(bare(await iam.getOutboundWebIdentityFederationInfo({})), {
      IssuerIdentifier,
      JwtVendingEnabled: true,
    })
    await iam.disableOutboundWebIdentityFederation({})
    assert.match(await faultOf(iam.getOutboundWebIdentityFederationInfo({})), /^FeatureDisabled 404/)
    assert.deepEqual(bare(await iam.enableOutboundWebIdentityFederation({})), { IssuerIdentifier })
  })
})

describe('account properties', () => {
  test('are RoleManager/Enabled alone (IAM-220)', async () => {
    const enabled = async () => (await iam.getAccountProperties({})).Properties
    assert.deepEqual(await enabled(), { 'RoleManager/Enabled': 'false' })
    await iam.putAccountProperties({ Properties: { 'RoleManager/Enabled': 'true' } })
    assert.deepEqual(await enabled(), { 'RoleManager/Enabled': 'true' })
    const { Role } = await iam.getRole({ RoleName: 'AWSServiceRoleForIAMRoleManager' })
    assert.equal(Role?.Path, '/aws-service-role/role-manager.iam.amazonaws.com/')
    await iam.putAccountProperties({ Properties: { 'RoleManager/Enabled': 'false' } })
    assert.deepEqual(await enabled(), { 'RoleManager/Enabled': 'false' })
    for (const Properties of [
      {},
      { a: 'b' },
      { 'a/b/c': 'd' },
      { '/a': 'b' },
      { 'a/': 'b' },
      { 'a/b': 'c', 'd/e': 'f' },
      { 'a/b': '' },
      { 'RoleManager/Enabled': 'true', 'RoleManager/Mode': 'all' },
      { 'RoleManager/Enabled': 'True' },
    ]) {
      assert.match(
        await faultOf(iam.putAccountProperties({ Properties })),
        /^(InvalidInput|ValidationError) 400/,
        JSON.stringify(Properties),
      )
    }
  })

  test('the namespace is a condition key (IAM-221)', async () => {
    await iam.createUser({ UserName: 'half' })
    await iam.putUserPolicy({
      UserName: 'half',
      PolicyName: 'may',
      PolicyDocument: allow('iam:PutAccountProperties', '*', {
        'ForAllValues:StringEquals': { 'iam:AccountPropertyNamespaces': 'RoleManager' },
      }),
    })
    const half = as(await newKey(iam, 'half'))
    await half.putAccountProperties({ Properties: { 'RoleManager/Enabled': 'false' } })
    assert.match(
      await faultOf(half.putAccountProperties({ Properties: { 'RoleManager/Enabled': 'true' } })),
      /perform: iam:CreateServiceLinkedRole on resource: .*AWSServiceRoleForIAMRoleManager because/,
    )
    assert.match(
      await faultOf(half.putAccountProperties({ Properties: { 'Other/Enabled': 'true' } })),
      /^AccessDenied 403/,
    )
  })
})

describe('role templates', () => {
  test('are AWS’s own, and few are known (IAM-230)', async () => {
    const TemplateArn = 'arn:aws:iam::aws:role-template/lambda.amazonaws.com/Basic:1'
    assert.match(await faultOf(iam.getRoleTemplateVersion({ TemplateArn })), /^NoSuchEntity 404/)
    assert.match(await faultOf(iam.acquireRole({ TemplateArn })), /^NoSuchEntity 404/)
    assert.match(
      await faultOf(iam.acquireRole({ TemplateArn: 'arn:aws:iam::123456789012:role/none' })),
      /^InvalidInput 400/,
    )
  })
})
