import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  clientCredentials,
  managementId,
  openOrganizationServer,
  policy,
  refused,
} from './organizations-house.ts'

const day = 86_400_000

/** Some of the services that work with Organizations; AWS's user guide lists them. */
const integrated = [
  'access-analyzer',
  'account',
  'aws-artifact-account-sync',
  'config-multiaccountsetup',
  'guardduty',
  'ipam',
  'license-management.marketplace',
  'macie',
  'member.org.stacksets.cloudformation',
  'reachabilityanalyzer.networkinsights',
  'reporting.trustedadvisor',
  'sso',
  'storage-lens.s3',
  'tagpolicies.tag',
]

describe('Delegated administrators', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const account = await makeAccount()
  const member = await enter(account)
  const service = { ServicePrincipal: 'config.amazonaws.com' }
  const register = (AccountId = account, ServicePrincipal = service.ServicePrincipal) =>
    organizations.registerDelegatedAdministrator({ AccountId, ServicePrincipal })

  await test('are registered for a service with trusted access (ORG-52)', async () => {
    assert.equal((await refused(register()))[0], 'ConstraintViolationException (SERVICE_ACCESS_NOT_ENABLED)')
    await organizations.enableAWSServiceAccess(service)
    const { EnabledServicePrincipals: enabled } = await organizations.listAWSServiceAccessForOrganization({})
    assert.deepEqual(
      enabled?.map((each) => each.ServicePrincipal),
      ['config.amazonaws.com'],
    )
    await register()
    assert.equal((await refused(register()))[0], 'AccountAlreadyRegisteredException')
    assert.equal(
      (await refused(register(managementId)))[0],
      'ConstraintViolationException (CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR)',
    )
    assert.equal((await refused(register('000000000000')))[0], 'AccountNotFoundException')
    for (const ServicePrincipal of ['config', 'config.example.com', 'nobody.amazonaws.com', 'organization']) {
      assert.deepEqual(await refused(organizations.enableAWSServiceAccess({ ServicePrincipal })), [
        'InvalidInputException (UNRECOGNIZED_SERVICE_PRINCIPAL)',
        'You specified an unrecognized service principal.',
      ])
    }
    for (const name of integrated) {
      const ServicePrincipal = `${name}.amazonaws.com`
      await organizations.enableAWSServiceAccess({ ServicePrincipal })
      await organizations.disableAWSServiceAccess({ ServicePrincipal })
    }
    const { DelegatedAdministrators: administrators } =
      await organizations.listDelegatedAdministrators(service)
    assert.deepEqual(
      administrators?.map((each) => each.Id),
      [account],
    )
    const { DelegatedServices: services } = await organizations.listDelegatedServicesForAccount({
      AccountId: account,
    })
    assert.deepEqual(
      services?.map((each) => each.ServicePrincipal),
      ['config.amazonaws.com'],
    )
  })

  await test('read the organization, and change nothing of it (ORG-11)', async () => {
    const { Accounts: accounts } = await member.organizations.listAccounts({})
    assert.deepEqual(accounts?.map((each) => each.Id).sort(), [account, managementId].sort())
    const root = await server.rootId()
    for (const call of [
      member.organizations.createOrganizationalUnit({ ParentId: root, Name: 'x' }),
      member.organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' }),
    ]) {
      assert.equal((await refused(call))[0], 'AccessDeniedException')
    }
  })

  await test('and other members heed the Denys of the resource policy, which the management account need not (ORG-106)', async () => {
    const denied = ['organizations:ListAccounts', 'organizations:DescribeOrganization']
    const Principal = { AWS: '*' }
    const deny = { Effect: 'Deny', Principal, Action: denied, Resource: '*' }
    await organizations.putResourcePolicy({ Content: policy(deny) })
    const plain = await enter(await makeAccount())
    const explicit = /with an explicit deny in a resource-based policy/
    assert.match(await server.whyRefused(member.organizations.listAccounts({})), explicit)
    assert.match(await server.whyRefused(plain.organizations.describeOrganization({})), explicit)
    await member.organizations.listRoots({})
    await organizations.listAccounts({})
    await organizations.deleteResourcePolicy({})
    await member.organizations.listAccounts({})
  })

  await test('and all others ask about resources of the management account (ORG-107)', async () => {
    const within = async (owner: string) => {
      const { Credentials: given } = await management.sts.assumeRole({
        RoleArn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'owner',
        Policy: policy({
          Effect: 'Allow',
          Action: 'organizations:*',
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceAccount': owner } },
        }),
      })
      return server.hand(clientCredentials(given)).organizations
    }
    for (const [owner, heard] of [
      [managementId, ''],
      [account, 'AccessDeniedException'],
    ] as const) {
      const one = await within(owner)
      for (const call of [
        () => one.describeOrganization({}),
        () => one.listAccounts({}),
        () => one.listHandshakesForAccount({}),
        () => one.describePolicy({ PolicyId: 'p-FullAWSAccess' }),
        () => one.describeAccount({ AccountId: account }),
      ]) {
        const answered = call().then(
          () => '',
          (error: Error) => error.name,
        )
        assert.equal(await answered, heard)
      }
    }
  })

  await test('cannot leave before they are deregistered (ORG-24, ORG-53)', async () => {
    const [code] = await refused(organizations.removeAccountFromOrganization({ AccountId: account }))
    assert.equal(code, 'ConstraintViolationException (CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG)')
    await organizations.deregisterDelegatedAdministrator({ AccountId: account, ...service })
    assert.equal((await refused(member.organizations.listAccounts({})))[0], 'AccessDeniedException')
    await register()
    await organizations.disableAWSServiceAccess(service)
    assert.equal((await refused(member.organizations.listAccounts({})))[0], 'AccessDeniedException')
    const [unregistered] = await refused(
      organizations.listDelegatedServicesForAccount({ AccountId: account }),
    )
    assert.equal(unregistered, 'AccountNotRegisteredException')
  })

  await test('manage policies as far as the resource policy lends it (ORG-12, ORG-54, ORG-109, ORG-110)', async () => {
    assert.equal(
      (await refused(organizations.describeResourcePolicy({})))[0],
      'ResourcePolicyNotFoundException',
    )
    const lend = (action: string | string[], condition?: object) =>
      organizations.putResourcePolicy({
        Content: policy({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: action,
          Resource: '*',
          ...(condition && { Condition: condition }),
        }),
      })
    const { ResourcePolicy: made } = await lend(
      ['organizations:ListPolicies', 'organizations:CreatePolicy'],
      {
        StringEquals: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' },
      },
    )
    assert.match(made?.ResourcePolicySummary?.Id ?? '', /^rp-[a-z0-9]{8}$/)
    await member.organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
    await member.organizations.createPolicy({
      Name: 'lent',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: policy({ Effect: 'Deny', Action: 'iam:*', Resource: '*' }),
    })
    const notLent = [
      member.organizations.listPolicies({ Filter: 'RESOURCE_CONTROL_POLICY' }),
      member.organizations.describePolicy({ PolicyId: 'p-FullAWSAccess' }),
      member.organizations.putResourcePolicy({ Content: policy() }),
      member.organizations.moveAccount({
        AccountId: account,
        SourceParentId: await server.rootId(),
        DestinationParentId: 'r-none',
      }),
    ]
    for (const call of notLent) assert.equal((await refused(call))[0], 'AccessDeniedException')
    assert.equal(
      (await refused(lend('s3:*')))[0],
      'InvalidInputException (UNSUPPORTED_ACTION_IN_RESOURCE_POLICY)',
    )
    assert.equal(
      (await refused(organizations.putResourcePolicy({ Content: '{' })))[0],
      'InvalidInputException (INVALID_RESOURCE_POLICY_JSON)',
    )
    const invalidJson = [
      'InvalidInputException (INVALID_RESOURCE_POLICY_JSON)',
      'This resource-based policy contains invalid JSON.',
    ]
    const lending = { Effect: 'Allow', Action: 'organizations:ListPolicies', Resource: '*' }
    const lentTo = (...AWS: string[]) => ({ ...lending, Principal: { AWS } })
    const wrong: readonly object[] = [
      lentTo(`arn:aws:iam::${account}:role/OrganizationAccountAccessRole`),
      lentTo('999999999999'),
      lentTo(account, 'arn:aws:iam::999999999999:root'),
      { ...lending, NotPrincipal: { AWS: account } },
      { Effect: 'Allow', Principal: { AWS: account }, NotAction: lending.Action, Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: account }, Action: lending.Action, NotResource: '*' },
    ]
    for (const statement of wrong) {
      const call = organizations.putResourcePolicy({ Content: policy(statement) })
      assert.deepEqual(await refused(call), invalidJson)
    }
    await organizations.putResourcePolicy({
      Content: JSON.stringify({ Statement: { Sid: 'lent', ...lentTo(account, '*') } }, undefined, 2),
    })
    await member.organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
    assert.equal(
      (await organizations.describeResourcePolicy({})).ResourcePolicy?.Content,
      `{"Version":"2008-10-17","Statement":[{"Sid":"lent","Effect":"Allow","Action":"organizations:ListPolicies","Resource":"*","Principal":{"AWS":["arn:aws:iam::${account}:root","*"]}}]}`,
    )
    await organizations.deleteResourcePolicy({})
    const [code] = await refused(member.organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' }))
    assert.equal(code, 'AccessDeniedException')
  })
})

describe('Invitations', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const account = await makeAccount()
  const guest = await enter(account)
  await guest.organizations.leaveOrganization({})
  const invite = (Target: { Id: string; Type: 'ACCOUNT' | 'EMAIL' } = { Id: account, Type: 'ACCOUNT' }) =>
    organizations.inviteAccountToOrganization({
      Target,
      Notes: 'come',
      Tags: [{ Key: 'from', Value: 'outside' }],
    })

  await test('are seen on both sides and can be declined or canceled (ORG-80, ORG-81, ORG-112)', async () => {
    const { Handshake: sent } = await invite()
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.match(sent?.Id ?? '', /^h-[a-z0-9]{32}$/)
    assert.equal(
      sent?.Arn,
      `arn:aws:organizations::${managementId}:handshake/${organization?.Id}/invite/${sent?.Id}`,
    )
    assert.equal(sent?.State, 'OPEN')
    assert.equal(sent?.Action, 'INVITE')
    assert.deepEqual(sent?.Parties, [
      { Id: organization?.Id?.slice(2), Type: 'ORGANIZATION' },
      { Id: account, Type: 'ACCOUNT' },
    ])
    assert.deepEqual(
      sent?.Resources?.map((each) => each.Type),
      ['ORGANIZATION', 'ACCOUNT', 'NOTES'],
    )
    assert.equal(Number(sent?.ExpirationTimestamp) - Number(sent?.RequestedTimestamp), 15 * day)
    assert.equal((await refused(invite()))[0], 'DuplicateHandshakeException')
    const id = { HandshakeId: sent?.Id }
    assert.deepEqual((await guest.organizations.describeHandshake(id)).Handshake, sent)
    assert.deepEqual((await guest.organizations.listHandshakesForAccount({})).Handshakes, [sent])
    assert.deepEqual((await organizations.listHandshakesForOrganization({})).Handshakes, [sent])
    assert.equal((await refused(organizations.acceptHandshake(id)))[0], 'AccessDeniedException')
    assert.equal((await refused(guest.organizations.cancelHandshake(id)))[0], 'AccessDeniedException')

    const { Handshake: declined } = await guest.organizations.declineHandshake(id)
    assert.equal(declined?.State, 'DECLINED')
    assert.equal(
      (await refused(guest.organizations.declineHandshake(id)))[0],
      'HandshakeAlreadyInStateException',
    )
    assert.equal(
      (await refused(guest.organizations.acceptHandshake(id)))[0],
      'InvalidHandshakeTransitionException',
    )
    const { Handshake: second } = await invite()
    const { Handshake: canceled } = await organizations.cancelHandshake({ HandshakeId: second?.Id })
    assert.equal(canceled?.State, 'CANCELED')
    assert.equal(
      (await refused(organizations.describeHandshake({ HandshakeId: 'h-00000000' })))[0],
      'HandshakeNotFoundException',
    )
    const [unknown] = await refused(invite({ Id: '000000000000', Type: 'ACCOUNT' }))
    assert.equal(unknown, 'InvalidInputException (INVALID_PARTY_TYPE_TARGET)')
  })

  await test('expire, and are forgotten (ORG-80)', async () => {
    const { Handshake: sent } = await invite()
    server.omen.clock.advance(15 * day)
    const key = await server.rootKey(account)
    // a client takes the time of its first answer, which is the machine's: a new one for each call
    const fresh = () => server.hand(key).organizations
    const id = { HandshakeId: sent?.Id }
    assert.equal((await fresh().describeHandshake(id)).Handshake?.State, 'EXPIRED')
    assert.equal((await refused(fresh().acceptHandshake(id)))[0], 'InvalidHandshakeTransitionException')
    server.omen.clock.advance(30 * day)
    assert.equal((await refused(fresh().describeHandshake(id)))[0], 'HandshakeNotFoundException')
    const later = server.hand('admin').organizations
    assert.deepEqual((await later.listHandshakesForOrganization({})).Handshakes, [])
    server.omen.clock.advance(-45 * day)
    await organizations.cancelHandshake(id)
  })

  await test('bring an account in, and under its policies (ORG-82, ORG-113)', async () => {
    const root = await server.rootId()
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
    const denying = await server.makePolicy('no users', {
      Effect: 'Deny',
      Action: 'iam:ListUsers',
      Resource: '*',
    })
    await organizations.attachPolicy({ PolicyId: denying, TargetId: root })
    const fresh = server.hand(await server.rootKey(account))
    await fresh.iam.listUsers({})
    const { Handshake: sent } = await invite({ Id: 'Member-1@example.com', Type: 'EMAIL' })
    const { Handshake: accepted } = await fresh.organizations.acceptHandshake({ HandshakeId: sent?.Id })
    assert.equal(accepted?.State, 'ACCEPTED')
    assert.equal((await refused(fresh.iam.listUsers({})))[0], 'AccessDenied')
    const { Account: joined } = await organizations.describeAccount({ AccountId: account })
    assert.equal(joined?.JoinedMethod, 'INVITED')
    assert.deepEqual((await organizations.listTagsForResource({ ResourceId: account })).Tags, [
      { Key: 'from', Value: 'outside' },
    ])
    assert.deepEqual(accepted?.Parties?.[1], { Id: account, Type: 'ACCOUNT' })
    const already = [
      'HandshakeConstraintViolationException (ALREADY_IN_AN_ORGANIZATION)',
      'The AWS account is already a member of an organization.',
    ]
    assert.deepEqual(await refused(invite()), already)
    const { Handshake: vain } = await invite({ Id: 'Member-1@example.com', Type: 'EMAIL' })
    const id = { HandshakeId: vain?.Id }
    assert.deepEqual(await refused(fresh.organizations.acceptHandshake(id)), already)
    assert.equal((await organizations.describeHandshake(id)).Handshake?.State, 'ACCEPTED')
  })
})

describe('Another organization’s invitation', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())

  await test('takes nobody over whom SCPs keep from leaving (ORG-82, ORG-85)', async () => {
    await organizations.createOrganization({})
    const type = { PolicyType: 'SERVICE_CONTROL_POLICY' } as const
    await organizations.enablePolicyType({ RootId: await server.rootId(), ...type })
    const [account, rivals] = [await makeAccount(), await makeAccount()]
    const [member, rival] = [await enter(account), await enter(rivals)]
    await rival.organizations.leaveOrganization({})
    await rival.organizations.createOrganization({})
    const { Handshake: sent } = await rival.organizations.inviteAccountToOrganization({
      Target: { Id: account, Type: 'ACCOUNT' },
    })
    const stay = { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }
    const attached = { PolicyId: await server.makePolicy('stay', stay), TargetId: account }
    await organizations.attachPolicy(attached)
    const accept = () => member.organizations.acceptHandshake({ HandshakeId: sent?.Id })
    assert.match(
      await server.whyRefused(accept()),
      /perform: organizations:LeaveOrganization .*explicit deny in a service control policy/,
    )
    await organizations.detachPolicy(attached)
    assert.equal((await accept()).Handshake?.State, 'ACCEPTED')
  })
})
