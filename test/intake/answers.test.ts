import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetRoleCommand,
  IAMClient,
  ListMFADevicesCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeOrganizationCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { assertAllowed, assertDenied, createOmen } from 'omen-iam/testing'
import {
  applyImage,
  compareImage,
  dumpFiles,
  type Image,
  IntakeProblem,
  imageOfAccount,
  imageOfOrganization,
  readImage,
} from '../../packages/server/src/intake/index.ts'

const account = '111122223333'
const member = '444455556666'
const iamArn = (resource: string, of = account) => `arn:aws:iam::${of}:${resource}`
const orgArn = (resource: string) => `arn:aws:organizations::${account}:${resource}`
const date = '2023-04-05T06:07:08+00:00'

const user = (UserName: string, of = account, last = 'A') => ({
  Path: '/',
  UserName,
  UserId: `AIDAQEXAMPLEAAAAAAAA${last}`,
  Arn: iamArn(`user/${UserName}`, of),
  CreateDate: date,
})

const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  [1, 2]
    .map((n) =>
      ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service']
        .map((c) => `access_key_${n}_${c}`)
        .join(','),
    )
    .join(',') +
  ',cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
const none = 'false,N/A,N/A,N/A,N/A'
const report = [
  header,
  `<root_account>,${iamArn('root')},2020-01-01T00:00:00Z,not_supported,no_information,not_supported,not_supported,false,${none},${none},false,N/A,false,N/A`,
  `ann,${iamArn('user/ann')},${date},true,2024-02-02T00:00:00Z,2023-06-01T00:00:00Z,N/A,true,true,${date},2024-03-03T00:00:00Z,eu-west-1,s3,${none},false,N/A,false,N/A`,
].join('\n')

const read = (files: Readonly<Record<string, unknown>>): Image =>
  readImage(
    Object.entries(files).map(([name, value]) => ({
      name,
      text: typeof value === 'string' ? value : JSON.stringify(value, null, 1),
    })),
  )

test('credentials exist without their secrets; the report has their use (IMP-6)', async () => {
  await using omen = await createOmen({ account })
  const image = read({
    'a/users.json': { Users: [user('ann')] },
    'a/keys.json': {
      AccessKeyMetadata: [
        { UserName: 'ann', AccessKeyId: 'AKIAQEXAMPLEAAAAAAAA', Status: 'Active', CreateDate: date },
      ],
    },
    'a/report.json': {
      Content: Buffer.from(report).toString('base64'),
      ReportFormat: 'text/csv',
      GeneratedTime: date,
    },
    'a/devices.json': {
      VirtualMFADevices: [{ SerialNumber: iamArn('mfa/ann'), User: user('ann'), EnableDate: date }],
    },
  })
  const { notTaken, findings } = await applyImage(image, omen.omen.deps)
  assert.deepEqual([notTaken, findings], [[], []])
  const iam = omen.client(IAMClient)
  const { AccessKeyLastUsed } = await iam.send(
    new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAQEXAMPLEAAAAAAAA' }),
  )
  assert.deepEqual([AccessKeyLastUsed?.ServiceName, AccessKeyLastUsed?.Region], ['s3', 'eu-west-1'])
  const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName: 'ann' }))
  assert.equal(LoginProfile?.UserName, 'ann')
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'ann' }))
  assert.deepEqual(
    MFADevices?.map(({ SerialNumber }) => SerialNumber),
    [iamArn('mfa/ann')],
  )
  const again = await applyImage(image, omen.omen.deps)
  assert.ok(again.things.every(({ outcome }) => outcome === 'unchanged'))
})

test('of two keys of a user, the use in the report is of the one that was created in that second (IMP-6)', () => {
  const key = (AccessKeyId: string, CreateDate: string) => ({
    UserName: 'ann',
    AccessKeyId,
    Status: 'Active',
    CreateDate,
  })
  const AccessKeyMetadata = [
    key('AKIAQEXAMPLEAAAAAAAA', date),
    key('AKIAQEXAMPLEBBBBBBBB', '2023-04-05T06:07:09+00:00'),
  ]
  for (const metadata of [AccessKeyMetadata, AccessKeyMetadata.toReversed()]) {
    const { accounts, notTaken } = read({
      'a/users.json': { Users: [user('ann')] },
      'a/keys.json': { AccessKeyMetadata: metadata },
      'a/report.csv': report,
    })
    assert.deepEqual(notTaken, [])
    const uses = accounts[0]?.accessKeys.map(({ id, lastUsed }) => [id, lastUsed?.service])
    assert.deepEqual(uses?.sort(), [
      ['AKIAQEXAMPLEAAAAAAAA', 's3'],
      ['AKIAQEXAMPLEBBBBBBBB', undefined],
    ])
  }
})

test('a key of which only the report knows is not taken, and the answer that is missing is named (IMP-6)', () => {
  const { accounts, notTaken } = read({ 'report.csv': report })
  assert.equal(accounts[0]?.accessKeys.length, 0)
  assert.deepEqual(
    notTaken.map(({ name, reason }) => [name, /list-access-keys/.test(reason)]),
    [['active key of ann', true]],
  )
})

test('a SAML provider keeps its id, from an answer and in a dump', () => {
  const id = 'ABCDEFGHIJKLMNOPQRSTUV'
  const image = read({
    'saml.json': {
      request: { account, input: { SAMLProviderArn: iamArn('saml-provider/corp') } },
      answer: { SAMLProviderUUID: id, SAMLMetadataDocument: '<x/>', CreateDate: date, Tags: [] },
    },
  })
  const files = dumpFiles(image).map(({ name, content }) => [name, content] as const)
  for (const { accounts } of [image, read(Object.fromEntries(files))])
    assert.deepEqual(
      accounts[0]?.samlProviders.map((each) => [each.name, each.id]),
      [['corp', id]],
    )
})

test('an organization with its units and policies, from answers with their requests (IMP-7)', async () => {
  await using omen = await createOmen({ account })
  const request = (input: object) => ({ account, input })
  const [root, unit, policy] = ['r-ab12', 'ou-ab12-abcdefgh', 'p-abcdefgh']
  const image = read({
    'm/organization.json': {
      Organization: {
        Id: 'o-abcdefghij',
        Arn: orgArn('organization/o-abcdefghij'),
        FeatureSet: 'ALL',
        MasterAccountId: account,
        MasterAccountEmail: 'm@example.com',
      },
    },
    'm/roots.json': {
      Roots: [
        {
          Id: root,
          Arn: orgArn(`root/o-abcdefghij/${root}`),
          Name: 'Root',
          PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
        },
      ],
    },
    'm/accounts.json': {
      Accounts: [account, member].map((Id) => ({
        Id,
        Arn: orgArn(`account/o-abcdefghij/${Id}`),
        Name: `n-${Id}`,
        Email: `${Id}@example.com`,
        Status: 'ACTIVE',
        JoinedMethod: 'CREATED',
        JoinedTimestamp: date,
      })),
    },
    'm/units.json': {
      request: request({ ParentId: root }),
      answer: {
        OrganizationalUnits: [{ Id: unit, Arn: orgArn(`ou/o-abcdefghij/${unit}`), Name: 'Workloads' }],
      },
    },
    'm/in-unit.json': {
      request: request({ ChildId: member }),
      answer: { Parents: [{ Id: unit, Type: 'ORGANIZATIONAL_UNIT' }] },
    },
    'm/trusted.json': {
      request: request({}),
      answer: { EnabledServicePrincipals: [{ ServicePrincipal: 'sso.amazonaws.com', DateEnabled: date }] },
    },
    'm/delegated.json': {
      request: request({ AccountId: member }),
      answer: {
        DelegatedServices: [{ ServicePrincipal: 'sso.amazonaws.com', DelegationEnabledDate: date }],
      },
    },
    'm/policy.json': {
      Policy: {
        PolicySummary: {
          Id: policy,
          Arn: orgArn(`policy/o-abcdefghij/service_control_policy/${policy}`),
          Name: 'no-sqs',
          Type: 'SERVICE_CONTROL_POLICY',
          AwsManaged: false,
        },
        Content: '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:*","Resource":"*"}}',
      },
    },
    'm/targets.json': {
      request: request({ PolicyId: policy }),
      answer: { Targets: [{ TargetId: unit, Type: 'ORGANIZATIONAL_UNIT' }] },
    },
    'm/full.json': {
      request: request({ PolicyId: 'p-FullAWSAccess' }),
      answer: { Targets: [root, unit, account, member].map((TargetId) => ({ TargetId })) },
    },
    'w/users.json': {
      UserDetailList: [
        {
          ...user('bob', member),
          UserPolicyList: [
            {
              PolicyName: 'all',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
              },
            },
          ],
          GroupList: [],
          AttachedManagedPolicies: [],
        },
      ],
    },
  })
  const { newAccounts, notTaken, findings } = await applyImage(image, omen.omen.deps)
  assert.deepEqual([newAccounts, notTaken, findings.map(({ code }) => code)], [[member], [], []])
  const organizations = omen.client(OrganizationsClient)
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}))
  assert.equal(Organization?.Id, 'o-abcdefghij')
  const { Policies } = await organizations.send(
    new ListPoliciesForTargetCommand({ TargetId: unit, Filter: 'SERVICE_CONTROL_POLICY' }),
  )
  assert.deepEqual(Policies?.map(({ Name }) => Name).sort(), ['FullAWSAccess', 'no-sqs'])
  const trusted = await organizations.send(new ListAWSServiceAccessForOrganizationCommand({}))
  assert.deepEqual(trusted.EnabledServicePrincipals, [
    { ServicePrincipal: 'sso.amazonaws.com', DateEnabled: new Date(date) },
  ])
  const delegated = await organizations.send(
    new ListDelegatedAdministratorsCommand({ ServicePrincipal: 'sso.amazonaws.com' }),
  )
  assert.deepEqual(
    delegated.DelegatedAdministrators?.map(({ Id }) => Id),
    [member],
  )
  const { directory } = omen.omen.deps
  const management = directory.loaded(account as never)!
  const files = dumpFiles({
    accounts: [imageOfAccount(management, directory)],
    organization: imageOfOrganization(management)!,
    notTaken: [],
    findings: [],
  })
  const dumped = read(Object.fromEntries(files.map(({ name, content }) => [name, content as object])))
  const { things: same } = await compareImage(dumped, omen.omen.deps)
  assert.deepEqual(
    same.filter(({ outcome }) => outcome !== 'unchanged'),
    [],
  )
  const since = { service: 'sso.amazonaws.com', since: Date.parse(date) }
  assert.deepEqual(dumped.organization?.trustedServices, [since])
  assert.deepEqual(
    dumped.organization?.accounts.map(({ administers }) => administers),
    [undefined, [since]],
  )
  const bob = omen.as(iamArn('user/bob', member))
  await assertAllowed(bob, 's3:GetObject', 'arn:aws:s3:::a/b')
  await assertDenied(bob, 'sqs:SendMessage', '*', { by: 'scp' })
  const again = await applyImage(image, omen.omen.deps)
  assert.deepEqual(
    again.things.filter(({ outcome }) => outcome !== 'unchanged'),
    [],
  )
})

test('a unit that is beneath itself is refused, and nothing is taken', async () => {
  await using omen = await createOmen({ account })
  const [one, other] = ['ou-ab12-aaaaaaaa', 'ou-ab12-bbbbbbbb']
  const under = (ParentId: string, Id: string) => ({
    request: { account, input: { ParentId } },
    answer: { OrganizationalUnits: [{ Id, Arn: orgArn(`ou/o-abcdefghij/${Id}`), Name: Id }] },
  })
  const image = read({
    'o.json': {
      Organization: {
        Id: 'o-abcdefghij',
        Arn: orgArn('organization/o-abcdefghij'),
        FeatureSet: 'ALL',
        MasterAccountId: account,
      },
    },
    'a.json': under(one, other),
    'b.json': under(other, one),
  })
  await assert.rejects(
    applyImage(image, omen.omen.deps),
    (error) => error instanceof IntakeProblem && /beneath itself/.test(error.message),
  )
  await assert.rejects(omen.client(OrganizationsClient).send(new DescribeOrganizationCommand({})), {
    name: 'AWSOrganizationsNotInUseException',
  })
})

test('an answer whose account nothing says is refused; that of its folder counts before others', () => {
  const keys = {
    AccessKeyMetadata: [{ UserName: 'ann', AccessKeyId: 'AKIAQEXAMPLEAAAAAAAA', Status: 'Active' }],
  }
  assert.throws(() => read({ 'keys.json': keys }), /keys\.json:1:1: nothing says which account/)
  const both = { 'a/u.json': { Users: [user('ann')] }, 'b/u.json': { Users: [user('bob', member)] } }
  assert.throws(() => read({ ...both, 'keys.json': keys }), /any of 111122223333, 444455556666/)
  const { accounts } = read({ ...both, 'b/keys.json': keys })
  assert.deepEqual(
    accounts.map(({ accessKeys }) => accessKeys.length),
    [0, 1],
  )
})

test('roles of two answers are joined: the list has what the details lack (IMP-1)', async () => {
  await using omen = await createOmen({ account })
  const role = {
    Path: '/',
    RoleName: 'r',
    RoleId: 'AROAQEXAMPLEAAAAAAAAA',
    Arn: iamArn('role/r'),
    CreateDate: date,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  }
  const image = read({
    'details.yaml': `RoleDetailList:\n- ${JSON.stringify({ ...role, RolePolicyList: [], AttachedManagedPolicies: [] })}\n`,
    'roles.json': {
      Roles: [
        {
          ...role,
          AssumeRolePolicyDocument: encodeURIComponent(
            JSON.stringify(role.AssumeRolePolicyDocument, null, 2),
          ),
          Description: 'd',
          MaxSessionDuration: 7200,
        },
      ],
    },
  })
  await applyImage(image, omen.omen.deps)
  const { Role } = await omen.client(IAMClient).send(new GetRoleCommand({ RoleName: 'r' }))
  assert.deepEqual([Role?.Description, Role?.MaxSessionDuration], ['d', 7200])
})
