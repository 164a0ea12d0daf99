import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { parseAccountId } from '../../../packages/server/src/base/index.ts'
import { organizationPolicies, roles, users } from '../../../packages/server/src/directory/index.ts'
import { allow, deny, policyText } from '../../kit/index.ts'
import { faultOf, openServer } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

test('what was stored before a rule was known is still obeyed (POL-156)', async () => {
  const PolicyDocument = policyText(deny('iam:ListUsers'), allow('s3:s3:GetObject'))
  assert.match(
    await faultOf(iam.putUserPolicy({ UserName: 'admin', PolicyName: 'old', PolicyDocument })),
    /^MalformedPolicyDocument 400/,
  )
  await iam.listUsers({})
  const { directory } = omen.omen.deps
  const account = directory.loaded(parseAccountId('123456789012') ?? assert.fail())
  const admin = account?.table(users).findBy('name', 'admin') ?? assert.fail()
  account?.table(users).put({ ...admin, inline: { old: PolicyDocument } })
  await directory.commit([])
  assert.match(
    await faultOf(iam.listUsers({})),
    /^AccessDenied 403: .* with an explicit deny in an identity-based policy/,
  )
})

test('so are earlier trust policies and SCPs (POL-156)', async () => {
  await using server = await createOmen()
  const [own, organizations] = [server.client(IAM), server.client(Organizations)]
  const { directory } = server.omen.deps
  const { firstAccount } = server.omen.deps
  const account = directory.loaded(firstAccount) ?? assert.fail()
  const root = `arn:aws:iam::${firstAccount}:root`
  const statement = { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' }
  const old = { ...statement, Effect: 'Deny', Action: 'sts:GetCallerIdentity' } // trust policies cannot speak of it now
  const AssumeRolePolicyDocument = policyText(statement)
  await own.createRole({ RoleName: 'old', AssumeRolePolicyDocument })
  const role = account.table(roles).findBy('name', 'old') ?? assert.fail()
  account.table(roles).put({ ...role, trust: policyText(statement, old) })
  const { EvaluationResults: results } = await own.simulatePrincipalPolicy({
    PolicySourceArn: `arn:aws:iam::${firstAccount}:user/admin`,
    ActionNames: ['sts:AssumeRole'],
    ResourceArns: [`arn:aws:iam::${firstAccount}:role/old`],
  })
  assert.equal(results?.[0]?.EvalDecision, 'allowed')

  await organizations.createOrganization({})
  const { Roots: roots = [] } = await organizations.listRoots({})
  const RootId = roots[0]?.Id
  await organizations.enablePolicyType({ RootId, PolicyType: 'SERVICE_CONTROL_POLICY' })
  const { CreateAccountStatus: member } = await organizations.createAccount({
    AccountName: 'm',
    Email: 'm@example.com',
  })
  const { AccountId = '' } = (
    await organizations.describeCreateAccountStatus({ CreateAccountRequestId: member?.Id })
  ).CreateAccountStatus!
  const { Policy: scp } = await organizations.createPolicy({
    Name: 'old',
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content: policyText(deny('iam:ListUsers')),
  })
  await organizations.attachPolicy({ PolicyId: scp?.PolicySummary?.Id, TargetId: AccountId })
  const kept = account.table(organizationPolicies).find(scp?.PolicySummary?.Id ?? '') ?? assert.fail()
  const content = policyText(deny('iam:ListUsers'), deny('s3:s3:GetObject'))
  account.table(organizationPolicies).put({ ...kept, content })
  await directory.commit([])
  const { Credentials: worn } = await server.client(STS).assumeRole({
    RoleArn: `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
    RoleSessionName: 'visitor',
  })
  const visitor = server.client(IAM, {
    accessKeyId: worn!.AccessKeyId!,
    secretAccessKey: worn!.SecretAccessKey!,
    sessionToken: worn!.SessionToken!,
  })
  await visitor.listRoles({})
  assert.match(
    await faultOf(visitor.listUsers({})),
    /^AccessDenied 403: .* explicit deny in a service control policy/,
  )
})
