import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { EffectivePolicyType } from '@aws-sdk/client-organizations'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

const day = 86_400_000

describe('What Organizations refuses', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const root = await server.rootId()

  await test('are inputs out of form, with a reason (ORG-62, ORG-111)', async () => {
    const calls: (readonly [Promise<unknown>, code: string, text: string])[] = [
      [
        organizations.describeAccount({ AccountId: '12345' }),
        'INVALID_PATTERN:ACCOUNT_ID',
        'You provided a value that does not match the required pattern.',
      ],
      [
        organizations.listAccounts({ MaxResults: 21 }),
        'MAX_VALUE_EXCEEDED:MAX_RESULTS',
        'You provided a value that exceeds the maximum allowed.',
      ],
      [
        organizations.listAccounts({ MaxResults: 0 }),
        'MIN_VALUE_EXCEEDED:MAX_RESULTS',
        'You provided a value that is below the minimum allowed.',
      ],
      [
        organizations.createOrganizationalUnit({ ParentId: root, Name: 'x'.repeat(129) }),
        'MAX_LENGTH_EXCEEDED:NAME',
        'You provided a string that exceeds that maximum length.',
      ],
      [
        organizations.createOrganizationalUnit({ ParentId: root, Name: '' }),
        'MIN_LENGTH_EXCEEDED:NAME',
        'You provided a string parameter that is shorter than allowed.',
      ],
      [
        organizations.createOrganizationalUnit({ ParentId: root, Name: undefined }),
        'INPUT_REQUIRED:NAME',
        'You must provide a value for the parameter.',
      ],
      [
        organizations.listPolicies({ Filter: 'NO_POLICY' as EffectivePolicyType }), // what no type allows
        'INVALID_ENUM:FILTER',
        'You specified an invalid value.',
      ],
      [
        organizations.tagResource({
          ResourceId: root,
          Tags: [
            { Key: 'a', Value: '' },
            { Key: '', Value: '' },
          ],
        }),
        'MIN_LENGTH_EXCEEDED:TAGS_2_MEMBER_KEY',
        'You provided a string parameter that is shorter than allowed.',
      ],
      [
        organizations.describeEffectivePolicy({
          PolicyType: 'SERVICE_CONTROL_POLICY' as EffectivePolicyType,
        }), // what has none
        'INVALID_ENUM_POLICY_TYPE',
        'You specified an invalid policy type.',
      ],
      [
        organizations.inviteAccountToOrganization({ Target: undefined }),
        'INVALID_PATTERN',
        'You provided a value that does not match the required pattern.',
      ],
      [
        organizations.inviteAccountToOrganization({ Target: { Id: 'x', Type: 'ACCOUNT' } }),
        'INVALID_PATTERN',
        'You provided a value that does not match the required pattern.',
      ],
      [
        organizations.inviteAccountToOrganization({ Target: { Id: 'o-0000000000', Type: 'ORGANIZATION' } }),
        'INVALID_PARTY_TYPE_TARGET',
        'You specified an invalid party type as the target parameter.',
      ],
      [
        organizations.listEffectivePolicyValidationErrors({ AccountId: undefined, PolicyType: 'TAG_POLICY' }),
        'TARGET_NOT_SUPPORTED',
        'You specified a target that is not currently supported.',
      ],
    ]
    const answers = await Promise.all(calls.map(([call]) => refused(call)))
    for (const [index, [, reason, text]] of calls.entries()) {
      assert.deepEqual(answers[index], [`InvalidInputException (${reason})`, text])
    }
  })

  await test('are things that are not there, as the API Reference says it (ORG-61)', async () => {
    const unit = `ou-${root.slice(2)}-00000000`
    const faults: (readonly [Promise<unknown>, code: string, text: string])[] = [
      [
        organizations.describeAccount({ AccountId: '999999999999' }),
        'AccountNotFoundException',
        "You specified an account that doesn't exist.",
      ],
      [
        organizations.describeOrganizationalUnit({ OrganizationalUnitId: unit }),
        'OrganizationalUnitNotFoundException',
        "You specified an organizational unit that doesn't exist.",
      ],
      [
        organizations.createOrganizationalUnit({ ParentId: unit, Name: 'a' }),
        'ParentNotFoundException',
        "You specified parent that doesn't exist.",
      ],
      [
        organizations.describePolicy({ PolicyId: 'p-00000000' }),
        'PolicyNotFoundException',
        "You specified a policy that doesn't exist.",
      ],
      [
        organizations.describeResourcePolicy({}),
        'ResourcePolicyNotFoundException',
        'No resource-based policy found.',
      ],
    ]
    const answers = await Promise.all(faults.map(([call]) => refused(call)))
    for (const [index, [, code, text]] of faults.entries()) assert.deepEqual(answers[index], [code, text])
  })

  await test('by callers without permission are refused first, without revealing the organization (ORG-13)', async () => {
    const lone = await openOrganizationServer()
    const nobody = lone.hand(await lone.makeUser('nobody')).organizations
    const denied = /is not authorized to perform: organizations:DescribeOrganization on resource: \* because/
    assert.match(await lone.whyRefused(nobody.describeOrganization({})), denied)
    const own = lone.management.organizations
    assert.equal((await refused(own.describeOrganization({})))[0], 'AWSOrganizationsNotInUseException')
    await own.createOrganization({})
    assert.match(await lone.whyRefused(nobody.describeOrganization({})), denied)
    const member = await lone.enter(await lone.makeAccount())
    // the member's role may do everything in its own account
    const notLent = /perform: organizations:ListAccounts on resource: \* because no resource-based policy/
    assert.match(await lone.whyRefused(member.organizations.listAccounts({})), notLent)
    const { Role: role } = await member.iam.createRole({
      RoleName: 'idle',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: managementId },
        Action: 'sts:AssumeRole',
      }),
    })
    const { Credentials: idle } = await lone.management.sts.assumeRole({
      RoleArn: role!.Arn!,
      RoleSessionName: 'idle',
    })
    const session = {
      accessKeyId: idle!.AccessKeyId!,
      secretAccessKey: idle!.SecretAccessKey!,
      sessionToken: idle!.SessionToken!,
    }
    assert.match(await lone.whyRefused(lone.hand(session).organizations.listAccounts({})), notLent)
    await lone.omen.close()
  })

  await test('are tags from who may make, but not tag (ORG-51)', async () => {
    const maker = server.hand(await server.makeUser('maker')).organizations
    const allow = (...Action: readonly string[]) =>
      management.iam.putUserPolicy({
        UserName: 'maker',
        PolicyName: 'may',
        PolicyDocument: policy({ Effect: 'Allow', Action, Resource: '*' }),
      })
    const unit = { ParentId: root, Name: 'tagged', Tags: [{ Key: 'team', Value: 'blue' }] }
    await allow('organizations:CreateOrganizationalUnit')
    assert.match(
      await server.whyRefused(maker.createOrganizationalUnit(unit)),
      /perform: organizations:TagResource on resource: /,
    )
    await allow('organizations:CreateOrganizationalUnit', 'organizations:TagResource')
    await maker.createOrganizationalUnit(unit)
  })

  await test('are invalid addresses, and those that another account has (ORG-20)', async () => {
    const statusOf = async (Email: string) => {
      const { CreateAccountStatus: asked } = await organizations.createAccount({ AccountName: 'x', Email })
      const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
        CreateAccountRequestId: asked?.Id,
      })
      return [status?.State, status?.FailureReason, status?.AccountId]
    }
    for (const wrong of ['.x@example.com', 'a%b@example.com', 'x@-example.com', 'ü@example.com']) {
      assert.deepEqual(await statusOf(wrong), ['FAILED', 'INVALID_EMAIL', undefined], wrong)
    }
    const gone = await makeAccount()
    await organizations.removeAccountFromOrganization({ AccountId: gone })
    assert.deepEqual(await statusOf('Member-1@example.com'), ['FAILED', 'EMAIL_ALREADY_EXISTS', undefined])
  })

  await test('are two filters at once (ORG-84)', async () => {
    const Filter = { ActionType: 'INVITE', ParentHandshakeId: 'h-00000000' } as const
    for (const call of [
      organizations.listHandshakesForAccount({ Filter }),
      organizations.listHandshakesForOrganization({ Filter }),
    ]) {
      assert.deepEqual(await refused(call), [
        'InvalidInputException (MAX_LIMIT_EXCEEDED_FILTER)',
        'You specified too many filter parameters.',
      ])
    }
  })

  await test('are detachments of what is not attached, whatever its type (ORG-36)', async () => {
    const PolicyId = await server.makePolicy('loose', { Effect: 'Deny', Action: '*', Resource: '*' })
    const detach = (TargetId: string) => organizations.detachPolicy({ PolicyId, TargetId })
    assert.equal((await refused(detach(root)))[0], 'PolicyNotAttachedException')
    assert.equal((await refused(detach('000000000000')))[0], 'TargetNotFoundException')
  })

  await test('are resource policies that lend what cannot be lent (ORG-54)', async () => {
    const put = (action: string, tagged = false) =>
      organizations.putResourcePolicy({
        Content: policy({
          Effect: 'Allow',
          Principal: { AWS: managementId },
          Action: action,
          Resource: '*',
        }),
        ...(tagged && { Tags: [{ Key: 'a', Value: 'b' }] }),
      })
    for (const action of ['CreateAccount', 'PutResourcePolicy', '*', 'D*', 'None']) {
      assert.deepEqual(await refused(put(`organizations:${action}`)), [
        'InvalidInputException (UNSUPPORTED_ACTION_IN_RESOURCE_POLICY)',
        `organizations:${action} is not a supported action for this resource-based policy.`,
      ])
    }
    await put('organizations:ListInboundResponsibilityTransfers')
    await organizations.deleteResourcePolicy({})
    await put('organizations:AttachPolicy', true)
    await put('organizations:Describe*')
    assert.deepEqual(await refused(put('organizations:ListAccountsWithInvalidEffectivePolicy', true)), [
      'ConstraintViolationException (UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED)',
      'Adding tags on updating an existing resource-based policy is not supported.',
    ])
    await put('organizations:ListAccountsWithInvalidEffectivePolicy')
    await organizations.deleteResourcePolicy({})
  })

  await test('are invitations beyond twenty a day that nobody has accepted (ORG-70)', async () => {
    const account = await makeAccount()
    const guest = await enter(account)
    const target = { Target: { Id: account, Type: 'ACCOUNT' } as const }
    const invite = () => organizations.inviteAccountToOrganization(target)
    for (let sent = 0; sent < 3; sent++) {
      await guest.organizations.leaveOrganization({})
      const { Handshake: handshake } = await invite()
      await guest.organizations.acceptHandshake({ HandshakeId: handshake?.Id })
    }
    await guest.organizations.leaveOrganization({})
    for (let sent = 0; sent < 20; sent++) {
      const { Handshake: handshake } = await invite()
      await guest.organizations.declineHandshake({ HandshakeId: handshake?.Id })
    }
    assert.equal(
      (await refused(invite()))[0],
      'HandshakeConstraintViolationException (HANDSHAKE_RATE_LIMIT_EXCEEDED)',
    )
    const nobody = { Target: { Id: 'nobody@example.com', Type: 'EMAIL' } as const }
    assert.equal(
      (await refused(organizations.inviteAccountToOrganization(nobody)))[0],
      'InvalidInputException (INVALID_EMAIL_ADDRESS_TARGET)',
    )
  })
})

describe('Quotas of an organization', async () => {
  const quotas = { AccountsPerOrganization: 3, OrganizationalUnitsPerOrganization: 1 }
  const server = await openOrganizationServer({ quotas })
  const { organizations } = server.management
  after(() => server.omen.close())

  await test('are as the house was started with (ORG-60, ORG-70)', async () => {
    await organizations.createOrganization({})
    await server.makeAccount()
    await server.makeAccount()
    assert.deepEqual(await refused(server.makeAccount()), [
      'ConstraintViolationException (ACCOUNT_NUMBER_LIMIT_EXCEEDED)',
      'You have exceeded the allowed number of AWS accounts.',
    ])
    const root = await server.rootId()
    await server.makeUnit(root, 'one')
    assert.equal(
      (await refused(server.makeUnit(root, 'two')))[0],
      'ConstraintViolationException (OU_NUMBER_LIMIT_EXCEEDED)',
    )
  })
})

describe('From bills to all features', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({ FeatureSet: 'CONSOLIDATED_BILLING' })

  await test('is what much needs (ORG-55)', async () => {
    const needed = [
      () => organizations.listDelegatedAdministrators({}),
      () => organizations.listDelegatedServicesForAccount({ AccountId: managementId }),
      () => organizations.listAWSServiceAccessForOrganization({}),
      () => organizations.putResourcePolicy({ Content: policy() }),
      () => organizations.closeAccount({ AccountId: managementId }),
    ]
    for (const call of needed) {
      assert.equal(
        (await refused(call()))[0],
        'ConstraintViolationException (ORGANIZATION_NOT_IN_ALL_FEATURES_MODE)',
      )
    }
  })

  await test('is open for the last word once all have accepted, for 90 days (ORG-80, ORG-83)', async () => {
    const account = await makeAccount()
    const guest = await enter(account)
    await guest.organizations.leaveOrganization({})
    const { Handshake: invited } = await organizations.inviteAccountToOrganization({
      Target: { Id: account, Type: 'ACCOUNT' },
    })
    await guest.organizations.acceptHandshake({ HandshakeId: invited?.Id })
    const { Handshake: parent } = await organizations.enableAllFeatures({})
    assert.equal(parent?.State, 'REQUESTED')
    assert.equal(Number(parent?.ExpirationTimestamp) - Number(parent?.RequestedTimestamp), 90 * day)
    const last = { HandshakeId: parent?.Id }
    assert.equal(
      (await refused(organizations.acceptHandshake(last)))[0],
      'InvalidHandshakeTransitionException',
    )
    const { Handshakes: asked } = await guest.organizations.listHandshakesForAccount({
      Filter: { ActionType: 'ENABLE_ALL_FEATURES' },
    })
    assert.deepEqual(asked?.[0]?.Resources?.map((each) => [each.Type, each.Value]).at(-1), [
      'PARENT_HANDSHAKE',
      parent?.Id,
    ])
    await guest.organizations.acceptHandshake({ HandshakeId: asked?.[0]?.Id })
    assert.equal((await organizations.describeHandshake(last)).Handshake?.State, 'OPEN')
    await organizations.acceptHandshake(last)
    assert.equal((await organizations.describeOrganization({})).Organization?.FeatureSet, 'ALL')
  })
})

describe('A member that declines all features', async () => {
  const server = await openOrganizationServer()
  const { organizations } = server.management
  after(() => server.omen.close())
  await organizations.createOrganization({ FeatureSet: 'CONSOLIDATED_BILLING' })

  await test('has its say for as long as the others are asked, though its answer is no longer shown (ORG-83)', async () => {
    const [member, stranger] = [await server.makeAccount(), await server.makeAccount()]
    const guest = await server.enter(member)
    await guest.organizations.leaveOrganization({})
    const { Handshake: invited } = await organizations.inviteAccountToOrganization({
      Target: { Id: member, Type: 'ACCOUNT' },
    })
    await guest.organizations.acceptHandshake({ HandshakeId: invited?.Id })
    const other = await server.enter(stranger)
    await other.organizations.leaveOrganization({})
    await other.organizations.createOrganization({})
    const { Handshake: parent } = await organizations.enableAllFeatures({})
    const { Handshakes: asked } = await guest.organizations.listHandshakesForAccount({
      Filter: { ActionType: 'ENABLE_ALL_FEATURES' },
    })
    await guest.organizations.declineHandshake({ HandshakeId: asked?.[0]?.Id })
    server.omen.clock.advance(31 * day)
    const now = new Date(server.omen.clock.now())
    // what is over and no longer shown is forgotten on the way
    await server.hand('admin').organizations.inviteOrganizationToTransferResponsibility({
      Type: 'BILLING',
      Target: { Id: stranger, Type: 'ACCOUNT' },
      StartTimestamp: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)),
      SourceName: 'theirs',
    })
    const later = server.hand('admin').organizations
    assert.equal(
      (await refused(later.acceptHandshake({ HandshakeId: parent?.Id })))[0],
      'InvalidHandshakeTransitionException',
    )
  })
})
