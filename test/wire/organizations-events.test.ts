import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { type Hand, managementId, openOrganizationServer, refused } from './organizations-house.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

describe('Organizations in the trail', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, enter } = server
  const { organizations } = management
  const trail = server.omen.client(CloudTrail, 'admin')
  after(() => server.omen.close())

  /** The management account's events of a name, the newest first. */
  const eventsOf = async (name: string) => {
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: name }]
    const { Events: events = [] } = await trail.lookupEvents({ LookupAttributes })
    return events.map(({ CloudTrailEvent: json = '' }) => JSON.parse(json))
  }
  const detailsOf = async (name: string) => (await eventsOf(name)).map((event) => event.serviceEventDetails)

  await organizations.createOrganization({})
  const account = await makeAccount()

  await test('has what came of CreateAccount in an event of its own (ORG-27, TRL-45)', async () => {
    const [event] = await eventsOf('CreateAccountResult')
    const { eventTime, eventID, serviceEventDetails: details, ...rest } = event
    assert.ok(eventTime && eventID)
    assert.deepEqual(rest, {
      eventVersion: '1.11',
      userIdentity: { accountId: managementId, invokedBy: 'organizations.amazonaws.com' },
      eventSource: 'organizations.amazonaws.com',
      eventName: 'CreateAccountResult',
      awsRegion: 'us-east-1',
      sourceIPAddress: 'organizations.amazonaws.com',
      userAgent: 'organizations.amazonaws.com',
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: managementId,
      eventCategory: 'Management',
    })
    const { id, requestedTimestamp, completedTimestamp, ...status } = details.createAccountStatus
    assert.match(id, /^car-/)
    assert.match(requestedTimestamp, instant)
    assert.match(completedTimestamp, instant)
    assert.deepEqual(status, { state: 'SUCCEEDED', accountName: '****', accountId: account })

    await organizations.createAccount({ AccountName: 'again', Email: 'member-1@example.com' })
    const [failed] = await detailsOf('CreateAccountResult')
    assert.equal(failed.createAccountStatus.state, 'FAILED')
    assert.equal(failed.createAccountStatus.failureReason, 'EMAIL_ALREADY_EXISTS')
    assert.equal(failed.createAccountStatus.accountId, undefined)
  })

  await test('records who joined and who departed, and how (ORG-28)', async () => {
    const joined = (await detailsOf('AccountJoinedOrganization')).map(({ joinedTime, ...details }) => {
      assert.match(joinedTime, instant)
      return details
    })
    assert.deepEqual(joined, [
      { accountId: account, joinedMethod: 'CREATED' },
      { accountId: managementId, joinedMethod: 'INVITED' },
    ])
    const invite = { Target: { Type: 'ACCOUNT' as const, Id: account }, Notes: 'Come back.' }
    const leaving: Hand = await enter(account)
    await leaving.organizations.leaveOrganization({})
    const { Handshake: invitation } = await organizations.inviteAccountToOrganization(invite)
    await leaving.organizations.acceptHandshake({ HandshakeId: invitation?.Id })
    const [again] = await detailsOf('AccountJoinedOrganization')
    assert.deepEqual([again.accountId, again.joinedMethod], [account, 'INVITED'])
    await organizations.removeAccountFromOrganization({ AccountId: account })
    const departed = (await detailsOf('AccountDepartedOrganization')).map(({ departureTime, ...details }) => {
      assert.match(departureTime, instant)
      return details
    })
    assert.deepEqual(departed, [
      { accountId: account, departureMethod: 'REMOVED' },
      { accountId: account, departureMethod: 'LEFT' },
    ])
  })

  await test('records the parties and the resources of a handshake (ORG-29)', async () => {
    const [{ requestParameters, responseElements }] = await eventsOf('InviteAccountToOrganization')
    assert.deepEqual(requestParameters, { target: { id: account, type: 'ACCOUNT' }, notes: 'Come back.' })
    const { parties, resources } = responseElements.handshake
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.deepEqual(parties, [
      { id: organization?.Id?.slice(2), type: 'ORGANIZATION' },
      { id: account, type: 'ACCOUNT' },
    ])
    assert.deepEqual(resources[0].resources[0], {
      value: `root@${managementId}.example.com`,
      type: 'MASTER_EMAIL',
    })
    assert.deepEqual(resources[2], { value: 'Come back.', type: 'NOTES' })
  })

  await test('records effective policies that a change breaks or repairs (ORG-98)', async () => {
    const member = await makeAccount()
    const root = await server.rootId()
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'BACKUP_POLICY' })
    const rules = Array.from({ length: 11 }, (_, n) => [
      `r${n}`,
      { target_backup_vault_name: { '@@assign': 'x' } },
    ])
    const plan = { regions: { '@@assign': ['us-east-1'] }, selections: { resources: { all: {} } } }
    const { Policy: made } = await organizations.createPolicy({
      Name: 'many rules',
      Description: '',
      Type: 'BACKUP_POLICY',
      Content: JSON.stringify({ plans: { Daily: { ...plan, rules: Object.fromEntries(rules) } } }),
    })
    const attachment = { PolicyId: made?.PolicySummary?.Id, TargetId: member }
    assert.deepEqual(await eventsOf('EffectivePolicyValidation'), [])
    await organizations.attachPolicy(attachment)
    const [broken, ...others] = await eventsOf('EffectivePolicyValidation')
    assert.equal(others.length, 0)
    assert.deepEqual(broken.userIdentity, { accountId: managementId, invokedBy: 'AWS Internal' })
    assert.equal(broken.sourceIPAddress, 'AWS Internal')
    assert.equal(broken.readOnly, true)
    const { Organization: organization } = await organizations.describeOrganization({})
    const { requestTimestamp, ...details } = broken.serviceEventDetails
    assert.match(requestTimestamp, instant)
    assert.deepEqual(details, {
      accountId: member,
      policyType: 'BACKUP_POLICY',
      state: 'INVALID',
      info: 'All validation errors listed',
      validationErrors: [
        {
          accountPath: `${organization?.Id}/${root}/${member}/`,
          evaluationTimestamp: requestTimestamp,
          errorCode: 'ELEMENTS_TOO_MANY',
          errorMessage: "'r10' exceeds the allowed maximum limit 10",
          pathToError: 'plans/daily/rules/r10',
          contributingPolicies: [attachment.PolicyId],
        },
      ],
    })
    await organizations.detachPolicy(attachment)
    const [mended, ...before] = await detailsOf('EffectivePolicyValidation')
    assert.equal(before.length, 1)
    const { requestTimestamp: _, ...valid } = mended
    assert.deepEqual(valid, {
      accountId: member,
      policyType: 'BACKUP_POLICY',
      state: 'VALID',
      info: 'Previous effective policy validation error(s) resolved for this account/policyType',
    })
    await organizations.removeAccountFromOrganization({ AccountId: member })
  })

  await test('records closed accounts, nothing that failed, and its own end (ORG-27, ORG-28)', async () => {
    const closing = await makeAccount()
    await organizations.closeAccount({ AccountId: closing })
    await refused(organizations.closeAccount({ AccountId: closing }))
    const [closed, ...more] = await detailsOf('CloseAccountResult')
    assert.equal(more.length, 0)
    assert.equal(closed.closeAccountStatus.accountId, closing)
    assert.equal(closed.closeAccountStatus.state, 'SUCCEEDED')
    await organizations.removeAccountFromOrganization({ AccountId: closing })
    await organizations.deleteOrganization({})
    const [last] = await detailsOf('AccountDepartedOrganization')
    assert.deepEqual([last.accountId, last.departureMethod], [managementId, 'LEFT'])
  })
})
