import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const denyRoles = { Effect: 'Deny', Action: 'iam:ListRoles', Resource: '*' }
const scp = { PolicyType: 'SERVICE_CONTROL_POLICY' } as const

describe('Service control policies', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, makePolicy, makeUnit, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const root = await server.rootId()
  const unit = await makeUnit(root, 'unit')
  const account = await makeAccount()
  await organizations.moveAccount({ AccountId: account, SourceParentId: root, DestinationParentId: unit })
  const member = await enter(account)
  const visitor = `arn:aws:sts::${account}:assumed-role/OrganizationAccountAccessRole/visitor`
  const { Organization: organization } = await organizations.describeOrganization({})

  const attached = async (TargetId: string) =>
    (await organizations.listPoliciesForTarget({ TargetId, Filter: 'SERVICE_CONTROL_POLICY' })).Policies?.map(
      (each) => each.Name,
    )
  const attach = (PolicyId: string, TargetId: string) => organizations.attachPolicy({ PolicyId, TargetId })
  const detach = (PolicyId: string, TargetId: string) => organizations.detachPolicy({ PolicyId, TargetId })
  const listRoles = () => member.iam.listRoles({})

  await test('are enabled at the root, with FullAWSAccess on all there is (ORG-30, ORG-31)', async () => {
    assert.deepEqual(await attached(root), [])
    const denying = await makePolicy('early', denyRoles)
    assert.deepEqual(await refused(attach(denying, root)), [
      'PolicyTypeNotEnabledException',
      'This operation can be performed only for enabled policy types.',
    ])
    await organizations.deletePolicy({ PolicyId: denying })
    const { Root: enabled } = await organizations.enablePolicyType({ RootId: root, ...scp })
    assert.deepEqual(enabled?.PolicyTypes, [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'PENDING_ENABLE' }])
    for (const target of [root, unit, account, managementId]) {
      assert.deepEqual(await attached(target), ['FullAWSAccess'], target)
    }
    const later = await makeAccount()
    assert.deepEqual(await attached(later), ['FullAWSAccess'])
    assert.equal(
      (await refused(organizations.enablePolicyType({ RootId: root, ...scp })))[0],
      'PolicyTypeAlreadyEnabledException',
    )
    assert.equal(
      (await refused(organizations.enablePolicyType({ RootId: 'r-none', ...scp })))[0],
      'RootNotFoundException',
    )
    await listRoles()
  })

  for (const [level, target] of Object.entries({ root, unit, account })) {
    await test(`deny from the ${level}, at once and with their ARN (ORG-40, POL-002)`, async () => {
      const denying = await makePolicy('no roles', denyRoles)
      await attach(denying, target)
      const arn = `arn:aws:organizations::${managementId}:policy/${organization?.Id}/service_control_policy/${denying}`
      assert.deepEqual(await refused(listRoles()), [
        'AccessDenied',
        `User: ${visitor} is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::${account}:role/ with an explicit deny in a service control policy: ${arn}`,
      ])
      // the management account is not bound
      await management.iam.listRoles({})
      await detach(denying, target)
      await organizations.deletePolicy({ PolicyId: denying })
      await listRoles()
    })

    await test(`must allow at the ${level}, too (ORG-40, POL-012)`, async () => {
      const onlySts = await makePolicy('only sts', { Effect: 'Allow', Action: 'sts:*', Resource: '*' })
      await attach(onlySts, target)
      await listRoles()
      await detach('p-FullAWSAccess', target)
      const [code, text] = await refused(listRoles())
      assert.equal(code, 'AccessDenied')
      assert.ok(text.endsWith('because no service control policy allows the iam:ListRoles action'), text)
      await management.iam.listRoles({})
      assert.deepEqual(await refused(detach(onlySts, target)), [
        'ConstraintViolationException (MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)',
        'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
      ])
      await attach('p-FullAWSAccess', target)
      await detach(onlySts, target)
      await organizations.deletePolicy({ PolicyId: onlySts })
      await listRoles()
    })
  }

  await test("bind by where the account is, and by a policy's text of this moment (ORG-40)", async () => {
    const denying = await makePolicy('moving', denyRoles)
    await attach(denying, unit)
    await refused(listRoles())
    const move = (from: string, to: string) =>
      organizations.moveAccount({ AccountId: account, SourceParentId: from, DestinationParentId: to })
    await move(unit, root)
    await listRoles()
    await move(root, unit)
    await refused(listRoles())
    const { Policy: updated } = await organizations.updatePolicy({
      PolicyId: denying,
      Name: 'moved',
      Content: policy({ ...denyRoles, Action: 'iam:ListUsers' }),
    })
    assert.equal(updated?.PolicySummary?.Name, 'moved')
    await listRoles()
    await refused(member.iam.listUsers({}))
    await detach(denying, unit)
    await organizations.deletePolicy({ PolicyId: denying })
  })

  await test('bind from what is kept as from what is in memory (ORG-40)', async () => {
    const { directory } = server.omen.omen.deps
    const denying = await makePolicy('kept', denyRoles)
    await attach(denying, unit)
    directory.forgetAll()
    await refused(listRoles())
    await detach(denying, unit)
    directory.forgetAll()
    await listRoles()
    // only the management account is dropped: its revisions begin anew
    await attach(denying, unit)
    await refused(listRoles())
    directory.forget(server.omen.omen.deps.firstAccount)
    await detach(denying, unit)
    await listRoles()
    await organizations.deletePolicy({ PolicyId: denying })
  })

  await test('bind a call though their account leaves memory while it waits (ORG-40)', async (t) => {
    const { directory, firstAccount } = server.omen.omen.deps
    const denying = await makePolicy('meanwhile', { ...denyRoles, Action: 'sts:AssumeRole' })
    await attach(denying, unit)
    t.mock.method(directory.store, 'loadAccount', async () => {
      t.mock.restoreAll()
      directory.forget(firstAccount)
      return undefined
    })
    const elsewhere = { RoleArn: 'arn:aws:iam::999999999998:role/elsewhere', RoleSessionName: 'meanwhile' }
    assert.equal((await refused(member.sts.assumeRole(elsewhere)))[0], 'AccessDenied')
    assert.equal(
      server.omen.omen.deps.decisions.lastDenial()?.judged.at(-1)?.decision.outcome,
      'explicitDeny',
    )
    await detach(denying, unit)
    await organizations.deletePolicy({ PolicyId: denying })
  })

  await test("bind a member's root user, and spare service-linked roles (ORG-41, POL-011, POL-013)", async () => {
    const denying = await makePolicy('nobody', { Effect: 'Deny', Action: 'iam:*', Resource: '*' })
    await attach(denying, unit)
    const asRoot = server.hand(await server.rootKey(account))
    const [code, text] = await refused(asRoot.iam.listRoles({}))
    assert.equal(code, 'AccessDenied')
    assert.match(text, /^User: arn:aws:iam::\d+:root is not authorized .* service control policy/)
    const linked = server.hand(server.serviceLinkedSession(account))
    const [, spared] = await refused(linked.iam.deleteUser({ UserName: 'nobody' }))
    // refused, but not by an SCP: the role's own policy says nothing of it
    assert.match(spared, /because no identity-based policy allows the iam:DeleteUser action$/)
    await detach(denying, unit)
    await organizations.deletePolicy({ PolicyId: denying })
  })

  await test('read conditions of the organization (ORG-43, POL-109)', async () => {
    const path = `${organization?.Id}/${root}/${unit}/`
    const denying = await makePolicy('conditional', {
      ...denyRoles,
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': organization?.Id, 'aws:ResourceOrgID': organization?.Id },
        'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': path, 'aws:ResourceOrgPaths': path },
      },
    })
    await attach(denying, root)
    await refused(listRoles())
    await organizations.moveAccount({ AccountId: account, SourceParentId: unit, DestinationParentId: root })
    await listRoles()
    await organizations.moveAccount({ AccountId: account, SourceParentId: root, DestinationParentId: unit })
    await detach(denying, root)
    await organizations.deletePolicy({ PolicyId: denying })
  })

  await test('are described and listed in all directions (ORG-34)', async () => {
    const made = await organizations.createPolicy({
      Name: 'listed',
      Description: 'for lists',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: policy(denyRoles),
    })
    const id = made.Policy?.PolicySummary?.Id ?? ''
    assert.match(id, /^p-[a-z0-9]{10}$/)
    assert.deepEqual(made.Policy, {
      PolicySummary: {
        Id: id,
        Arn: `arn:aws:organizations::${managementId}:policy/${organization?.Id}/service_control_policy/${id}`,
        Name: 'listed',
        Description: 'for lists',
        Type: 'SERVICE_CONTROL_POLICY',
        AwsManaged: false,
      },
      Content: policy(denyRoles),
    })
    assert.deepEqual((await organizations.describePolicy({ PolicyId: id })).Policy, made.Policy)
    const { Policies: policies } = await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
    assert.deepEqual(
      policies?.map((each) => each.Arn).sort(),
      [
        made.Policy?.PolicySummary?.Arn,
        'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      ].sort(),
    )
    await attach(id, unit)
    await attach(id, account)
    const { Targets: targets } = await organizations.listTargetsForPolicy({ PolicyId: id })
    assert.deepEqual(
      targets?.map(({ TargetId, Type, Name }) => [TargetId, Type, Name]),
      [
        [account, 'ACCOUNT', 'member-1'],
        [unit, 'ORGANIZATIONAL_UNIT', 'unit'],
      ],
    )
    assert.equal((await refused(organizations.deletePolicy({ PolicyId: id })))[0], 'PolicyInUseException')
    assert.equal((await refused(attach(id, unit)))[0], 'DuplicatePolicyAttachmentException')
    assert.equal((await refused(attach(id, 'ou-none-00000000')))[0], 'TargetNotFoundException')
    assert.equal((await refused(attach('p-00000000', unit)))[0], 'PolicyNotFoundException')
    assert.equal((await refused(detach(id, root)))[0], 'PolicyNotAttachedException')
    await detach(id, unit)
    await detach(id, account)
    await organizations.deletePolicy({ PolicyId: id })
    assert.equal(
      (await refused(organizations.describePolicy({ PolicyId: id })))[0],
      'PolicyNotFoundException',
    )
  })

  await test('are ten at most in one place (ORG-60, ORG-70)', async () => {
    const ids = []
    for (let n = 1; n <= 10; n++) ids.push(await makePolicy(`p${n}`, everything))
    for (const id of ids.slice(0, 9)) await attach(id, account)
    assert.deepEqual(await refused(attach(ids[9] ?? '', account)), [
      'ConstraintViolationException (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)',
      'You have attached the maximum number of policies to the specified target.',
    ])
    for (const id of ids.slice(0, 9)) await detach(id, account)
    for (const PolicyId of ids) await organizations.deletePolicy({ PolicyId })
  })

  await test('are refused where AWS refuses them (ORG-33, ORG-34, ORG-60)', async () => {
    const create = (Content: string, Name = 'refused') =>
      organizations.createPolicy({ Name, Description: '', Type: 'SERVICE_CONTROL_POLICY', Content })
    const malformed = [
      'nothing',
      policy({ ...everything, Principal: '*' }),
      policy({ Effect: 'Deny', Action: 'iam:*' }),
      JSON.stringify({ Version: '2010-10-17', Statement: [everything] }),
    ]
    for (const content of malformed) {
      assert.deepEqual(await refused(create(content)), [
        'MalformedPolicyDocumentException',
        'The provided policy document does not meet the requirements of the specified policy type.',
      ])
    }
    const plain = JSON.stringify({ Statement: [everything] })
    const { Policy: unversioned } = await create(plain, 'unversioned')
    assert.equal(unversioned?.Content, plain)
    await organizations.deletePolicy({ PolicyId: unversioned?.PolicySummary?.Id })
    const longest = policy(everything).padEnd(10_240)
    const { Policy: made } = await create(longest, 'longest')
    await organizations.deletePolicy({ PolicyId: made?.PolicySummary?.Id })
    assert.equal(
      (await refused(create(`${longest} `)))[0],
      'ConstraintViolationException (POLICY_CONTENT_LIMIT_EXCEEDED)',
    )
    assert.equal((await refused(create(policy(everything), 'FullAWSAccess')))[0], 'DuplicatePolicyException')
    const own = { PolicyId: 'p-FullAWSAccess' }
    assert.equal(
      (await refused(organizations.updatePolicy({ ...own, Name: 'mine' })))[0],
      'InvalidInputException (IMMUTABLE_POLICY)',
    )
    assert.equal(
      (await refused(organizations.deletePolicy(own)))[0],
      'InvalidInputException (IMMUTABLE_POLICY)',
    )
  })

  await test('are answered after an update as far as it named something (ORG-114, ORG-115, ORG-117)', async () => {
    const PolicyId = await makePolicy('plain', denyRoles)
    const update = async (input: { Name?: string; Description?: string }) =>
      (await organizations.updatePolicy({ PolicyId, ...input })).Policy?.PolicySummary
    const about = (summary: object | undefined) => [
      Reflect.get(summary ?? {}, 'Name'),
      Reflect.get(summary ?? {}, 'Description'),
    ]
    assert.deepEqual(about(await update({})), [undefined, undefined])
    assert.deepEqual(about(await update({ Description: 'é'.repeat(512) })), [undefined, 'é'.repeat(512)])
    assert.deepEqual(about(await update({ Name: ' ', Description: '' })), [' ', ''])
    const { Policy: kept } = await organizations.describePolicy({ PolicyId })
    assert.deepEqual(about(kept?.PolicySummary), [' ', 'é'.repeat(512)])
    await organizations.tagResource({ ResourceId: PolicyId, Tags: [] })
    await organizations.untagResource({ ResourceId: PolicyId, TagKeys: [] })
    await organizations.deletePolicy({ PolicyId })
  })

  await test('bind nobody once their type is disabled, and are detached by it (ORG-31, ORG-116)', async () => {
    const denying = await makePolicy('last', denyRoles)
    await attach(denying, root)
    await refused(listRoles())
    const { Root: both } = await organizations.enablePolicyType({ RootId: root, PolicyType: 'BACKUP_POLICY' })
    assert.deepEqual(
      both?.PolicyTypes?.map(({ Type }) => Type),
      ['BACKUP_POLICY', 'SERVICE_CONTROL_POLICY'],
    )
    await organizations.disablePolicyType({ RootId: root, PolicyType: 'BACKUP_POLICY' })
    const { Root: disabled } = await organizations.disablePolicyType({ RootId: root, ...scp })
    assert.deepEqual(disabled?.PolicyTypes, [])
    await listRoles()
    await organizations.enablePolicyType({ RootId: root, ...scp })
    await listRoles()
    assert.deepEqual(await attached(root), ['FullAWSAccess'])
    assert.deepEqual((await organizations.listTargetsForPolicy({ PolicyId: denying })).Targets, [])
  })

  await test('no longer limit an account that has left (ORG-24)', async () => {
    const denying = await makePolicy('gone', denyRoles)
    await attach(denying, root)
    await refused(listRoles())
    await member.organizations.leaveOrganization({})
    await listRoles()
  })
})
