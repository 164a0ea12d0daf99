import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

describe('An organization', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter, rootId } = server
  const { organizations } = management
  after(() => server.omen.close())

  await test('is founded once, and its management account with it (ORG-1, ORG-2, ORG-3, ORG-22, ORG-60)', async () => {
    assert.deepEqual(await refused(organizations.describeOrganization({})), [
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
    ])
    const founder = server.hand(await server.makeUser('founder', 'organizations:*'))
    assert.equal(
      (await refused(founder.organizations.createOrganization({})))[0],
      'AccessDeniedForDependencyException (ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE)',
    )
    // Organizations asks IAM with the founder's credentials (POL-189)
    const mayLink = (ViaAWSService: string) => {
      const Condition = { Bool: { 'aws:ViaAWSService': ViaAWSService } }
      const link = { Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*', Condition }
      const PolicyDocument = policy({ Effect: 'Allow', Action: 'organizations:*', Resource: '*' }, link)
      return management.iam.putUserPolicy({ UserName: 'founder', PolicyName: 'actions', PolicyDocument })
    }
    await mayLink('false')
    assert.match((await refused(founder.organizations.createOrganization({})))[0]!, /ForDependency/)
    await mayLink('true')
    const { Organization: made } = await founder.organizations.createOrganization({})
    assert.match(made?.Id ?? '', /^o-[a-z0-9]{10}$/)
    assert.deepEqual(made, {
      Id: made?.Id,
      Arn: `arn:aws:organizations::${managementId}:organization/${made?.Id}`,
      FeatureSet: 'ALL',
      MasterAccountArn: `arn:aws:organizations::${managementId}:account/${made?.Id}/${managementId}`,
      MasterAccountId: managementId,
      MasterAccountEmail: `root@${managementId}.example.com`,
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    })
    assert.deepEqual((await organizations.describeOrganization({})).Organization, made)
    assert.deepEqual(await refused(organizations.createOrganization({})), [
      'AlreadyInOrganizationException',
      'The AWS account is already a member of an organization.',
    ])
    const { Roots: roots } = await organizations.listRoots({})
    const id = roots?.[0]?.Id ?? ''
    assert.match(id, /^r-[a-z0-9]{4}$/)
    assert.deepEqual(roots, [
      {
        Id: id,
        Arn: `arn:aws:organizations::${managementId}:root/${made?.Id}/${id}`,
        Name: 'Root',
        PolicyTypes: [],
      },
    ])
    const linked = await management.iam.getRole({ RoleName: 'AWSServiceRoleForOrganizations' })
    assert.equal(linked.Role?.Path, '/aws-service-role/organizations.amazonaws.com/')
  })

  await test('makes accounts, with a role that the management account can wear (ORG-20, ORG-21)', async () => {
    const { CreateAccountStatus: asked } = await organizations.createAccount({
      AccountName: 'Production',
      Email: 'production@example.com',
      RoleName: 'Gate',
      IamUserAccessToBilling: 'DENY',
      Tags: [{ Key: 'stage', Value: 'prod' }],
    })
    assert.match(asked?.Id ?? '', /^car-[a-z0-9]{32}$/)
    assert.deepEqual(Object.keys(asked ?? {}), ['Id', 'AccountName', 'State', 'RequestedTimestamp'])
    const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
      CreateAccountRequestId: asked?.Id,
    })
    assert.equal(status?.State, 'SUCCEEDED')
    const id = status?.AccountId ?? ''
    const { Account: account } = await organizations.describeAccount({ AccountId: id })
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.equal(account?.Arn, `arn:aws:organizations::${managementId}:account/${organization?.Id}/${id}`)
    assert.equal(account?.Name, 'Production')
    assert.equal(account?.Email, 'production@example.com')
    assert.equal(account?.Status, 'ACTIVE')
    assert.equal(account?.JoinedMethod, 'CREATED')
    assert.deepEqual(account?.Paths, [`${organization?.Id}/${await rootId()}/${id}/`])
    assert.deepEqual((await organizations.listTagsForResource({ ResourceId: id })).Tags, [
      { Key: 'stage', Value: 'prod' },
    ])
    const worn = await management.sts.assumeRole({
      RoleArn: `arn:aws:iam::${id}:role/Gate`,
      RoleSessionName: 'me',
    })
    assert.equal(worn.AssumedRoleUser?.Arn, `arn:aws:sts::${id}:assumed-role/Gate/me`)
  })

  await test('hides in the trail whose account was made (ORG-26)', async () => {
    const trail = server.omen.client(CloudTrail, 'admin')
    const { Events: events } = await trail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateAccount' }],
    })
    const event = JSON.parse(events?.[0]?.CloudTrailEvent ?? '')
    assert.deepEqual(event.requestParameters, {
      tags: [{ key: 'stage', value: 'prod' }],
      email: '****',
      accountName: '****',
      roleName: 'Gate',
      iamUserAccessToBilling: 'DENY',
    })
    assert.deepEqual(Object.keys(event.responseElements.createAccountStatus), [
      'accountName',
      'state',
      'id',
      'requestedTimestamp',
    ])
  })

  await test('refuses an e-mail address or a role name that is taken (ORG-20)', async () => {
    const { CreateAccountStatus: asked } = await organizations.createAccount({
      AccountName: 'Again',
      Email: 'Production@example.com',
    })
    const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
      CreateAccountRequestId: asked?.Id,
    })
    assert.equal(status?.State, 'FAILED')
    assert.equal(status?.FailureReason, 'EMAIL_ALREADY_EXISTS')
    assert.equal(status?.AccountId, undefined)
    const failed = await organizations.listCreateAccountStatus({ States: ['FAILED'] })
    assert.deepEqual(
      failed.CreateAccountStatuses?.map((each) => each.Id),
      [asked?.Id],
    )
    const [code] = await refused(
      organizations.createAccount({
        AccountName: 'x',
        Email: 'x@example.com',
        RoleName: 'AWSServiceRoleForMe',
      }),
    )
    assert.equal(code, 'InvalidInputException (INVALID_ROLE_NAME)')
    const [govCloud] = await refused(
      organizations.createGovCloudAccount({ AccountName: 'x', Email: 'x@example.com' }),
    )
    assert.equal(govCloud, 'ConstraintViolationException (MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED)')
    const [unknown] = await refused(
      organizations.describeCreateAccountStatus({ CreateAccountRequestId: 'car-00000000' }),
    )
    assert.equal(unknown, 'CreateAccountStatusNotFoundException')
  })

  await test('shows members their organization, and nothing else of it (ORG-10)', async () => {
    const account = await makeAccount()
    const member = await enter(account)
    const seen = await member.organizations.describeOrganization({})
    assert.equal(seen.Organization?.MasterAccountId, managementId)
    const asked = [
      () => member.organizations.listAccounts({}),
      () => member.organizations.listRoots({}),
      () => member.organizations.describeAccount({ AccountId: account }),
      () => member.organizations.createAccount({ AccountName: 'x', Email: 'x@example.com' }),
      () => member.organizations.enableAWSServiceAccess({ ServicePrincipal: 'config.amazonaws.com' }),
      () => member.organizations.deleteOrganization({}),
    ]
    for (const call of asked) {
      assert.deepEqual(await refused(call()), [
        'AccessDeniedException',
        "You don't have permissions to access this resource.",
      ])
    }
    assert.equal(
      (await refused(member.organizations.createOrganization({})))[0],
      'AlreadyInOrganizationException',
    )
  })

  await test('asks permission for every call, on its own resource (ORG-14, ORG-108)', async () => {
    const user = server.hand(await server.makeUser('ops'))
    const root = await rootId()
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.equal(
      await server.whyRefused(user.organizations.listAccounts({})),
      `User: arn:aws:iam::${managementId}:user/ops is not authorized to perform: organizations:ListAccounts on resource: * because no identity-based policy allows the organizations:ListAccounts action`,
    )
    const arn = `arn:aws:organizations::${managementId}:root/${organization?.Id}/${root}`
    await management.iam.putUserPolicy({
      UserName: 'ops',
      PolicyName: 'units',
      PolicyDocument: policy({
        Effect: 'Allow',
        Action: 'organizations:CreateOrganizationalUnit',
        Resource: arn,
        Condition: { StringEquals: { 'aws:ResourceTag/open': 'yes' } },
      }),
    })
    const create = () => user.organizations.createOrganizationalUnit({ ParentId: root, Name: 'ops' })
    assert.equal((await refused(create()))[0], 'AccessDeniedException')
    await organizations.tagResource({ ResourceId: root, Tags: [{ Key: 'open', Value: 'yes' }] })
    const made = await create()
    assert.equal(made.OrganizationalUnit?.Name, 'ops')
    const text = await server.whyRefused(
      user.organizations.createOrganizationalUnit({ ParentId: made.OrganizationalUnit?.Id, Name: 'below' }),
    )
    assert.ok(text.includes(`on resource: ${made.OrganizationalUnit?.Arn} because`), text)
    await organizations.deleteOrganizationalUnit({ OrganizationalUnitId: made.OrganizationalUnit?.Id })
  })

  await test('lets members go, and closes accounts for good (ORG-24, ORG-25)', async () => {
    const leaving = await makeAccount()
    const closing = await makeAccount()
    const visitor = await enter(leaving)
    await organizations.removeAccountFromOrganization({ AccountId: leaving })
    assert.equal(
      (await refused(visitor.organizations.describeOrganization({})))[0],
      'AWSOrganizationsNotInUseException',
    )
    assert.equal(
      (await refused(organizations.describeAccount({ AccountId: leaving })))[0],
      'AccountNotFoundException',
    )
    for (const AccountId of [managementId]) {
      assert.equal(
        (await refused(organizations.removeAccountFromOrganization({ AccountId })))[0],
        'MasterCannotLeaveOrganizationException',
      )
      assert.equal(
        (await refused(organizations.closeAccount({ AccountId })))[0],
        'ConstraintViolationException (CANNOT_CLOSE_MANAGEMENT_ACCOUNT)',
      )
    }
    assert.equal(
      (await refused(organizations.leaveOrganization({})))[0],
      'MasterCannotLeaveOrganizationException',
    )

    const inside = await enter(closing)
    await organizations.closeAccount({ AccountId: closing })
    const { Account: closed } = await organizations.describeAccount({ AccountId: closing })
    assert.equal(closed?.Status, 'SUSPENDED')
    assert.equal(closed?.State, 'CLOSED')
    assert.equal(
      (await refused(organizations.closeAccount({ AccountId: closing })))[0],
      'AccountAlreadyClosedException',
    )
    assert.equal((await refused(inside.sts.getCallerIdentity({})))[0], 'InvalidClientTokenId')
    assert.equal((await refused(enter(closing)))[0], 'AccessDenied')
  })
})

describe('An organization of bills only', async () => {
  const server = await openOrganizationServer()
  const { organizations } = server.management
  after(() => server.omen.close())

  await test('has no policies, until all features are enabled (ORG-30, ORG-83)', async () => {
    const { Organization: made } = await organizations.createOrganization({
      FeatureSet: 'CONSOLIDATED_BILLING',
    })
    assert.equal(made?.FeatureSet, 'CONSOLIDATED_BILLING')
    assert.deepEqual(made?.AvailablePolicyTypes, [])
    const root = await server.rootId()
    const enable = () =>
      organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
    assert.equal((await refused(enable()))[0], 'PolicyTypeNotAvailableForOrganizationException')
    const { Handshake: handshake } = await organizations.enableAllFeatures({})
    assert.equal(handshake?.Action, 'ENABLE_ALL_FEATURES')
    assert.equal(handshake?.State, 'OPEN')
    assert.equal(
      (await refused(organizations.enableAllFeatures({})))[0],
      'HandshakeConstraintViolationException (ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION)',
    )
    await organizations.acceptHandshake({ HandshakeId: handshake?.Id })
    const { Organization: now } = await organizations.describeOrganization({})
    assert.equal(now?.FeatureSet, 'ALL')
    assert.deepEqual((await enable()).Root?.PolicyTypes, [
      { Type: 'SERVICE_CONTROL_POLICY', Status: 'PENDING_ENABLE' },
    ])
    assert.equal(
      (await refused(organizations.enableAllFeatures({})))[0],
      'HandshakeConstraintViolationException (ORGANIZATION_ALREADY_HAS_ALL_FEATURES)',
    )
  })

  await test('is deleted when only its management account is left (ORG-7)', async () => {
    const account = await server.makeAccount()
    assert.equal((await refused(organizations.deleteOrganization({})))[0], 'OrganizationNotEmptyException')
    await organizations.removeAccountFromOrganization({ AccountId: account })
    await organizations.deleteOrganization({})
    assert.equal(
      (await refused(organizations.describeOrganization({})))[0],
      'AWSOrganizationsNotInUseException',
    )
    const { Organization: again } = await organizations.createOrganization({})
    assert.deepEqual(
      (await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })).Policies?.map(
        (each) => each.Id,
      ),
      ['p-FullAWSAccess'],
    )
    assert.equal(again?.FeatureSet, 'ALL')
  })
})
