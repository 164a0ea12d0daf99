import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import type { InviteOrganizationToTransferResponsibilityCommandInput as Invitation } from '@aws-sdk/client-organizations'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

const day = 86_400_000

describe('Transfers of responsibility', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  const { Organization: own } = await organizations.createOrganization({})
  /** A second organization, which once was a member of the first. */
  const found = async () => {
    const account = await makeAccount()
    await (await enter(account)).organizations.leaveOrganization({})
    const hand = server.hand(await server.rootKey(account))
    const { Organization: organization } = await hand.organizations.createOrganization({})
    return { account, organization, hand, organizations: hand.organizations }
  }
  const source = await found()
  const month = (ahead: number) => {
    const now = new Date(server.omen.clock.now())
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
  }
  const invite = (given: Partial<Invitation> = {}) =>
    organizations.inviteOrganizationToTransferResponsibility({
      Type: 'BILLING',
      Target: { Id: source.account, Type: 'ACCOUNT' },
      StartTimestamp: month(2),
      SourceName: 'Subsidiary',
      ...given,
    })
  const inbound = () => organizations.listInboundResponsibilityTransfers({ Type: 'BILLING' })

  await test('are offered by a handshake that both sides see (ORG-100)', async () => {
    const { Handshake: sent } = await invite({ Notes: 'ours', Tags: [{ Key: 'team', Value: 'finance' }] })
    assert.equal(
      sent?.Arn,
      `arn:aws:organizations::${managementId}:handshake/${own?.Id}/transfer_responsibility/${sent?.Id}`,
    )
    assert.equal(sent?.Action, 'TRANSFER_RESPONSIBILITY')
    assert.equal(sent?.State, 'OPEN')
    assert.deepEqual(sent?.Parties, [
      { Id: own?.Id?.slice(2), Type: 'ORGANIZATION' },
      { Id: source.account, Type: 'ACCOUNT' },
    ])
    const values = Object.fromEntries((sent?.Resources ?? []).map(({ Type, Value }) => [Type, Value]))
    const id = values.RESPONSIBILITY_TRANSFER ?? ''
    assert.match(id, /^rt-[a-z0-9]{32}$/)
    assert.deepEqual(values, {
      ORGANIZATION: own?.Id,
      ACCOUNT: source.account,
      RESPONSIBILITY_TRANSFER: id,
      TRANSFER_TYPE: 'BILLING',
      TRANSFER_START_TIMESTAMP: month(2).toISOString(),
      NOTES: 'ours',
    })
    assert.deepEqual((await source.organizations.listHandshakesForAccount({})).Handshakes, [sent])
    const { ResponsibilityTransfers: ours } = await inbound()
    const offered = {
      Arn: `arn:aws:organizations::${managementId}:transfer/${own?.Id}/billing/inbound/${id}`,
      Name: 'Subsidiary',
      Id: id,
      Type: 'BILLING',
      Status: 'REQUESTED',
      Source: { ManagementAccountId: source.account, ManagementAccountEmail: 'member-1@example.com' },
      Target: { ManagementAccountId: managementId, ManagementAccountEmail: own?.MasterAccountEmail },
      StartTimestamp: month(2),
      ActiveHandshakeId: sent?.Id,
    }
    assert.deepEqual(ours, [offered])
    const { ResponsibilityTransfers: theirs } =
      await source.organizations.listOutboundResponsibilityTransfers({ Type: 'BILLING' })
    const { Name: _, ...seen } = offered
    const Arn = `arn:aws:organizations::${source.account}:transfer/${source.organization?.Id}/billing/outbound/${id}`
    assert.deepEqual(theirs, [{ ...seen, Arn }])
    assert.deepEqual(
      (await source.organizations.describeResponsibilityTransfer({ Id: id })).ResponsibilityTransfer,
      { ...seen, Arn },
    )
    assert.deepEqual((await organizations.listTagsForResource({ ResourceId: id })).Tags, [
      { Key: 'team', Value: 'finance' },
    ])
    await source.organizations.tagResource({ ResourceId: id, Tags: [{ Key: 'own', Value: '1' }] })
    assert.deepEqual((await source.organizations.listTagsForResource({ ResourceId: id })).Tags, [
      { Key: 'own', Value: '1' },
    ])
    assert.equal((await refused(invite()))[0], 'DuplicateHandshakeException')
    await organizations.cancelHandshake({ HandshakeId: sent?.Id })
    assert.equal((await inbound()).ResponsibilityTransfers?.[0]?.Status, 'CANCELED')
    const { Handshake: second } = await invite()
    await source.organizations.declineHandshake({ HandshakeId: second?.Id })
    const { ResponsibilityTransfers: all } = await inbound()
    assert.deepEqual(all?.map((each) => each.Status).sort(), ['CANCELED', 'DECLINED'])
  })

  await test('begin with a month, and are accepted a day before (ORG-101)', async () => {
    const begin = async (StartTimestamp: Date) => (await refused(invite({ StartTimestamp })))[0]
    const second = new Date(month(2).getTime() + day)
    assert.equal(await begin(second), 'InvalidInputException (START_DATE_NOT_BEGINNING_OF_MONTH)')
    const noon = new Date(month(2).getTime() + day / 2)
    assert.equal(await begin(noon), 'InvalidInputException (START_DATE_NOT_BEGINNING_OF_DAY)')
    assert.equal(await begin(month(0)), 'InvalidInputException (START_DATE_TOO_EARLY)')
    assert.equal(await begin(month(14)), 'InvalidInputException (START_DATE_TOO_LATE)')
    const target = async (Target: Invitation['Target']) => (await refused(invite({ Target })))[0]
    assert.equal(
      await target({ Id: managementId, Type: 'ACCOUNT' }),
      'HandshakeConstraintViolationException (SOURCE_AND_TARGET_CANNOT_MATCH)',
    )
    const member = await makeAccount()
    for (const Id of [member, '000000000000']) {
      assert.equal(
        await target({ Id, Type: 'ACCOUNT' }),
        'HandshakeConstraintViolationException (TARGET_ACCOUNT_VALIDATION_FAILURE)',
      )
    }
    assert.equal(
      await target({ Id: 'nobody@example.com', Type: 'EMAIL' }),
      'InvalidInputException (INVALID_EMAIL_ADDRESS_TARGET)',
    )
    assert.equal(
      await target({ Id: own?.Id, Type: 'ORGANIZATION' }),
      'InvalidInputException (INVALID_PARTY_TYPE_TARGET)',
    )
    const visitor = await enter(member)
    assert.equal(
      (await refused(visitor.organizations.listInboundResponsibilityTransfers({ Type: 'BILLING' })))[0],
      'AccessDeniedException',
    )
  })

  await test('are accepted, renamed and withdrawn to the end of a month (ORG-102, ORG-103)', async () => {
    const { Handshake: sent } = await invite({ Target: { Id: 'Member-1@example.com', Type: 'EMAIL' } })
    const { ResponsibilityTransfers: all } = await inbound()
    const id = all?.find((each) => each.Status === 'REQUESTED')?.Id ?? ''
    assert.equal(
      (await refused(organizations.terminateResponsibilityTransfer({ Id: id })))[0],
      'InvalidResponsibilityTransferTransitionException',
    )
    assert.equal(
      (await refused(organizations.acceptHandshake({ HandshakeId: sent?.Id })))[0],
      'AccessDeniedException',
    )
    assert.equal(
      (await refused(source.organizations.deleteOrganization({})))[0],
      'ConstraintViolationException (ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS)',
    )
    const { Handshake: accepted } = await source.organizations.acceptHandshake({ HandshakeId: sent?.Id })
    assert.equal(accepted?.State, 'ACCEPTED')
    assert.equal(
      (await refused(invite()))[0],
      'HandshakeConstraintViolationException (RESPONSIBILITY_TRANSFER_ALREADY_EXISTS)',
    )
    // one hands its bills over once
    const other = await found()
    const { Handshake: rival } = await other.organizations.inviteOrganizationToTransferResponsibility({
      Type: 'BILLING',
      Target: { Id: source.account, Type: 'ACCOUNT' },
      StartTimestamp: month(2),
      SourceName: 'Rival',
    })
    assert.equal(
      (await refused(source.organizations.acceptHandshake({ HandshakeId: rival?.Id })))[0],
      'ConstraintViolationException (RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION)',
    )

    const rename = () => organizations.updateResponsibilityTransfer({ Id: id, Name: 'Daughter' })
    assert.equal((await rename()).ResponsibilityTransfer?.Name, 'Daughter')
    assert.equal(
      (await refused(source.organizations.updateResponsibilityTransfer({ Id: id, Name: 'x' })))[0],
      'InvalidInputException (UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER)',
    )
    const end = (EndTimestamp?: Date) =>
      source.organizations.terminateResponsibilityTransfer({ Id: id, ...(EndTimestamp && { EndTimestamp }) })
    assert.equal((await refused(end(month(2))))[0], 'InvalidInputException (END_DATE_NOT_END_OF_MONTH)')
    const before = new Date(month(0).getTime() - 1)
    assert.equal((await refused(end(before)))[0], 'InvalidInputException (END_DATE_TOO_EARLY)')
    const lastOfAll = new Date(8.64e15)
    for (const late of [new Date(month(20).getTime() - 1), lastOfAll]) {
      assert.equal((await refused(end(late)))[0], 'InvalidInputException (END_DATE_TOO_LATE)')
    }
    const last = new Date(month(4).getTime() - 1)
    // as the command line writes it, in whole seconds
    const { ResponsibilityTransfer: ended } = await end(new Date(last.getTime() - 999))
    assert.equal(ended?.Status, 'WITHDRAWN')
    assert.deepEqual(ended?.EndTimestamp, last)
    assert.equal((await refused(end()))[0], 'ResponsibilityTransferAlreadyInStatusException')
    assert.equal(
      (await refused(rename()))[0],
      'ConstraintViolationException (TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED)',
    )
    for (const call of [
      organizations.describeResponsibilityTransfer({ Id: 'rt-00000000' }),
      organizations.listInboundResponsibilityTransfers({ Type: 'BILLING', Id: 'rt-00000000' }),
    ]) {
      assert.equal((await refused(call))[0], 'ResponsibilityTransferNotFoundException')
    }
    const only = await organizations.listInboundResponsibilityTransfers({ Type: 'BILLING', Id: id })
    assert.deepEqual(
      only.ResponsibilityTransfers?.map((each) => each.Id),
      [id],
    )
  })

  await test('ask permission on their own ARN, with type and direction (ORG-104)', async () => {
    const { ResponsibilityTransfers: all } = await inbound()
    const [one, two] = all ?? []
    const user = server.hand(await server.makeUser('clerk'))
    const described = (Id: string | undefined) => user.organizations.describeResponsibilityTransfer({ Id })
    assert.match(
      await server.whyRefused(described(one?.Id)),
      new RegExp(`perform: organizations:DescribeResponsibilityTransfer on resource: ${one?.Arn} because`),
    )
    const Condition = {
      StringEquals: {
        'organizations:TransferType': 'BILLING',
        'organizations:TransferDirection': 'inbound',
      },
    }
    const Effect = 'Allow'
    await management.iam.putUserPolicy({
      UserName: 'clerk',
      PolicyName: 'inbound',
      PolicyDocument: policy(
        { Effect, Action: 'organizations:DescribeResponsibilityTransfer', Resource: one?.Arn, Condition },
        { Effect, Action: 'organizations:List*ResponsibilityTransfers', Resource: '*', Condition },
      ),
    })
    assert.equal((await described(one?.Id)).ResponsibilityTransfer?.Id, one?.Id)
    assert.equal((await refused(described(two?.Id)))[0], 'AccessDeniedException')
    await user.organizations.listInboundResponsibilityTransfers({ Type: 'BILLING' })
    for (const call of [
      user.organizations.listOutboundResponsibilityTransfers({ Type: 'BILLING' }),
      user.organizations.terminateResponsibilityTransfer({ Id: two?.Id }),
      user.organizations.updateResponsibilityTransfer({ Id: two?.Id, Name: 'x' }),
      user.organizations.inviteOrganizationToTransferResponsibility({
        Type: 'BILLING',
        Target: { Id: source.account, Type: 'ACCOUNT' },
        StartTimestamp: month(2),
        SourceName: 'x',
      }),
    ]) {
      assert.match(await server.whyRefused(call), /is not authorized to perform: organizations:/)
    }
    const { Events: events } = await server.omen.client(CloudTrail, 'admin').lookupEvents({
      LookupAttributes: [
        { AttributeKey: 'EventName', AttributeValue: 'InviteOrganizationToTransferResponsibility' },
      ],
    })
    assert.ok((events?.length ?? 0) > 3)
  })

  await test('are refused once nobody has answered in time (ORG-101)', async () => {
    const lonely = await found()
    const { Handshake: sent } = await invite({ Target: { Id: lonely.account, Type: 'ACCOUNT' } })
    server.omen.clock.advance(16 * day)
    const fresh = server.hand(await server.rootKey(lonely.account)).organizations
    assert.equal(
      (await refused(fresh.acceptHandshake({ HandshakeId: sent?.Id })))[0],
      'InvalidHandshakeTransitionException',
    )
    const again = server.hand(await server.rootKey(lonely.account)).organizations
    const { ResponsibilityTransfers: theirs } = await again.listOutboundResponsibilityTransfers({
      Type: 'BILLING',
    })
    assert.equal(theirs?.[0]?.Status, 'EXPIRED')
    const last = server.hand(await server.rootKey(lonely.account)).organizations
    await last.deleteOrganization({})
  })
})
