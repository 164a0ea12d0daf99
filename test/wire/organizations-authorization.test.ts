import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Organizations } from '@aws-sdk/client-organizations'
import { refusalSentence } from '../../packages/server/src/authorization/index.ts'
import { organizations as served } from '../../packages/server/src/services/organizations/index.ts'
import { managementId, openOrganizationServer, policy } from './organizations-house.ts'

const server = await openOrganizationServer()
const { management, makeAccount, makeUnit, makePolicy, enter, rootId } = server
const { organizations } = management
after(() => server.omen.close())

const { Organization: organization } = await organizations.createOrganization({})
const root = await rootId()
await organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
const account = await makeAccount()
const [unit, empty] = [await makeUnit(root, 'unit'), await makeUnit(root, 'empty')]
const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
const [scp, spare] = [await makePolicy('scp', deny), await makePolicy('spare', deny)]
const other = await makeAccount()
await (await enter(other)).organizations.leaveOrganization({})
const stranger = server.hand(await server.rootKey(other)).organizations
await stranger.createOrganization({})
const now = new Date(server.omen.clock.now())
const StartTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1))
const offer = { Type: 'BILLING', StartTimestamp, SourceName: 'x' } as const
const { Handshake: handshake } = await organizations.inviteOrganizationToTransferResponsibility({
  ...offer,
  Target: { Id: other, Type: 'ACCOUNT' },
})
const { ResponsibilityTransfers: transfers } = await organizations.listInboundResponsibilityTransfers({
  Type: 'BILLING',
})
const transfer = transfers?.[0]?.Id ?? ''

const arn = (kind: string, rest: string) =>
  `arn:aws:organizations::${managementId}:${kind}/${organization?.Id}/${rest}`
const rootArn = arn('root', root)
const unitArn = arn('ou', unit)
const accountArn = arn('account', account)
const policyArn = (id: string) => arn('policy', `service_control_policy/${id}`)
const handshakeArn = handshake?.Arn ?? ''
const transferArn = transfers?.[0]?.Arn ?? ''
const Filter = 'SERVICE_CONTROL_POLICY'
const PolicyType = 'TAG_POLICY'
const ServicePrincipal = 'config.amazonaws.com'
const HandshakeId = handshake?.Id

/** Each operation, an input, and every ARN that its action is asked on; none where it is `*`. */
const rows: readonly (readonly [operation: string, input: object, ...on: string[]])[] = [
  ['AcceptHandshake', { HandshakeId }, handshakeArn],
  ['AttachPolicy', { PolicyId: scp, TargetId: unit }, policyArn(scp), unitArn],
  ['CloseAccount', { AccountId: managementId }, arn('account', managementId)],
  ['CreateAccount', { AccountName: 'made', Email: 'made@example.com' }],
  ['CreateGovCloudAccount', { AccountName: 'gov', Email: 'gov@example.com' }],
  ['CreateOrganization', {}],
  ['CreateOrganizationalUnit', { ParentId: root, Name: 'made' }, rootArn],
  [
    'CreatePolicy',
    { Name: 'made', Description: '', Type: Filter, Content: policy(deny) },
    arn('policy', 'service_control_policy/p-*'),
  ],
  ['DeclineHandshake', { HandshakeId }, handshakeArn],
  ['DeleteOrganization', {}],
  ['DeleteOrganizationalUnit', { OrganizationalUnitId: empty }, arn('ou', empty)],
  ['DeletePolicy', { PolicyId: spare }, policyArn(spare)],
  ['DeleteResourcePolicy', {}],
  ['DeregisterDelegatedAdministrator', { AccountId: account, ServicePrincipal }, accountArn],
  ['DescribeAccount', { AccountId: account }, accountArn],
  ['DescribeCreateAccountStatus', { CreateAccountRequestId: 'car-00000000' }],
  ['DescribeEffectivePolicy', { PolicyType, TargetId: account }, accountArn],
  ['DescribeHandshake', { HandshakeId }, handshakeArn],
  ['DescribeOrganization', {}],
  ['DescribeOrganizationalUnit', { OrganizationalUnitId: unit }, unitArn],
  ['DescribePolicy', { PolicyId: scp }, policyArn(scp)],
  ['DescribeResourcePolicy', {}],
  ['DescribeResponsibilityTransfer', { Id: transfer }, transferArn],
  ['DetachPolicy', { PolicyId: scp, TargetId: unit }, policyArn(scp), unitArn],
  ['DisableAWSServiceAccess', { ServicePrincipal }],
  ['DisablePolicyType', { RootId: root, PolicyType }, rootArn],
  ['EnableAWSServiceAccess', { ServicePrincipal }],
  ['EnableAllFeatures', {}],
  ['EnablePolicyType', { RootId: root, PolicyType: Filter }, rootArn],
  ['InviteAccountToOrganization', { Target: { Id: account, Type: 'ACCOUNT' } }, accountArn],
  [
    'InviteOrganizationToTransferResponsibility',
    { ...offer, Target: { Id: account, Type: 'ACCOUNT' } },
    accountArn,
  ],
  ['LeaveOrganization', {}],
  ['ListAWSServiceAccessForOrganization', {}],
  ['ListAccounts', {}],
  ['ListAccountsForParent', { ParentId: root }, rootArn],
  ['ListAccountsWithInvalidEffectivePolicy', { PolicyType }],
  ['ListChildren', { ParentId: root, ChildType: 'ACCOUNT' }, rootArn],
  ['ListCreateAccountStatus', {}],
  ['ListDelegatedAdministrators', {}],
  ['ListDelegatedServicesForAccount', { AccountId: account }, accountArn],
  ['ListEffectivePolicyValidationErrors', { AccountId: account, PolicyType }, accountArn],
  ['ListHandshakesForAccount', {}],
  ['ListHandshakesForOrganization', {}],
  ['ListInboundResponsibilityTransfers', { Type: 'BILLING' }],
  ['ListOrganizationalUnitsForParent', { ParentId: root }, rootArn],
  ['ListOutboundResponsibilityTransfers', { Type: 'BILLING' }],
  ['ListParents', { ChildId: unit }, unitArn],
  ['ListPolicies', { Filter }],
  ['ListPoliciesForTarget', { TargetId: root, Filter }, rootArn],
  ['ListRoots', {}],
  ['ListTagsForResource', { ResourceId: unit }, unitArn],
  ['ListTargetsForPolicy', { PolicyId: scp }, policyArn(scp)],
  [
    'MoveAccount',
    { AccountId: account, SourceParentId: root, DestinationParentId: unit },
    accountArn,
    rootArn,
    unitArn,
  ],
  ['PutResourcePolicy', { Content: '{' }, arn('resourcepolicy', 'rp-*')],
  ['RegisterDelegatedAdministrator', { AccountId: account, ServicePrincipal }, accountArn],
  ['RemoveAccountFromOrganization', { AccountId: managementId }, arn('account', managementId)],
  ['TagResource', { ResourceId: unit, Tags: [{ Key: 'a', Value: 'b' }] }, unitArn],
  ['TerminateResponsibilityTransfer', { Id: transfer }, transferArn],
  ['UntagResource', { ResourceId: unit, TagKeys: ['a'] }, unitArn],
  ['UpdateOrganizationalUnit', { OrganizationalUnitId: unit, Name: 'renamed' }, unitArn],
  ['UpdatePolicy', { PolicyId: scp, Description: 'renamed' }, policyArn(scp)],
  ['UpdateResponsibilityTransfer', { Id: transfer, Name: 'renamed' }, transferArn],
  ['CancelHandshake', { HandshakeId }, handshakeArn],
]

describe('Each operation of Organizations needs its action on its resources (ORG-14)', async () => {
  const probe = server.hand(await server.makeUser('probe')).organizations
  const grant = (action: string, resources: readonly string[]) =>
    management.iam.putUserPolicy({
      UserName: 'probe',
      PolicyName: 'may',
      PolicyDocument: policy({ Effect: 'Allow', Action: action, Resource: resources }),
    })

  for (const [operation, input, ...on] of rows) {
    const action = `organizations:${operation}`
    const resources = on.length === 0 ? ['*'] : on
    await test(`${operation} on ${resources.join(' and ')}`, async () => {
      await grant('organizations:None', ['*'])
      await attempt(probe, operation, input)
      const refused = lastRefusal()
      assert.ok(refused.includes(`perform: ${action} on resource: ${resources[0]} because`), refused)
      for (const missing of on) {
        const others = on.filter((each) => each !== missing)
        await grant(action, [...others, `${missing}-other`])
        await attempt(probe, operation, input)
        const without = lastRefusal()
        assert.ok(without.includes(`perform: ${action} on resource: ${missing} because`), without)
      }
      await grant(action, resources)
      const { decisions } = server.omen.omen.deps
      const before = decisions.lastDenial()
      await attempt(probe, operation, input)
      assert.equal(decisions.lastDenial(), before)
    })
  }

  await test('every operation that is served has a row', () => {
    const asked = new Set(rows.map(([operation]) => operation))
    assert.deepEqual(
      Object.keys(served.operations).filter((operation) => !asked.has(operation)),
      [],
    )
  })
})

/** The engine's sentence about the last refused call. */
function lastRefusal(): string {
  const denied = server.omen.omen.deps.decisions.lastDenial()?.judged.at(-1)
  return denied === undefined ? '' : refusalSentence(denied)
}

/** Calls an operation, whatever it answers. */
async function attempt(client: Organizations, operation: string, input: object): Promise<void> {
  const name = operation.charAt(0).toLowerCase() + operation.slice(1)
  const send = Reflect.get(client, name) as (input: object) => Promise<unknown> // the client has a method for each
  await send.call(client, input).catch((error: unknown) => assert.ok(error instanceof Error))
}
