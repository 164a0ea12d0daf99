import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { CreateDelegationRequestCommandInput } from '@aws-sdk/client-iam'
import { policyText } from '../../kit/index.ts'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { advance } from './time.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`
const template = policyText(
  { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::@{bucket}/*' },
  {
    Effect: 'Allow',
    Action: 'iam:CreateRole',
    Resource: 'arn:aws:iam::*:role/@{bucket}-*',
    Condition: {
      StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      ArnLike: { 'aws:PrincipalArn': ['@{roles}'] },
    },
  },
)
const { Policy: policy } = await iam.createPolicy({ PolicyName: 'template', PolicyDocument: template })
const PolicyTemplateArn = policy?.Arn ?? ''
const roles = [arn('role/a'), arn('role/b')]

let workflows = 0
async function create(input: Partial<CreateDelegationRequestCommandInput> = {}): Promise<string> {
  const { DelegationRequestId: id = '' } = await iam.createDelegationRequest({
    Description: 'Sets the product up',
    Permissions: {
      PolicyTemplateArn,
      Parameters: [
        { Name: 'bucket', Values: ['photos'], Type: 'string' },
        { Name: 'roles', Values: roles, Type: 'stringList' },
      ],
    },
    RequestorWorkflowId: `workflow-${++workflows}`,
    NotificationChannel: 'arn:aws:sns:us-east-1:123456789012:topic',
    SessionDuration: 3_600,
    ...input,
  })
  return id
}

const stateOf = async (DelegationRequestId: string) =>
  (await iam.getDelegationRequest({ DelegationRequestId })).DelegationRequest?.State

await iam.createUser({ UserName: 'owner' })
await iam.putUserPolicy({
  UserName: 'owner',
  PolicyName: 'takes',
  PolicyDocument: allow('iam:AssociateDelegationRequest'),
})
const owner = as(await newKey(iam, 'owner'))

describe('delegation requests', () => {
  test('what a new one shows: the template with its parameters (DLG-1, DLG-10)', async () => {
    const DelegationRequestId = await create({ RequestMessage: 'please', OnlySendByOwner: true })
    const { DelegationRequest: shown, PermissionCheckStatus } = await iam.getDelegationRequest({
      DelegationRequestId,
    })
    assert.equal(PermissionCheckStatus, undefined)
    assert.deepEqual(
      [
        shown?.State,
        shown?.RequestorId,
        shown?.RequestMessage,
        shown?.OwnerId,
        shown?.OnlySendByOwner,
        shown?.SessionDuration,
      ],
      ['UNASSIGNED', '123456789012', 'please', undefined, true, 3_600],
    )
    assert.deepEqual(shown?.RolePermissionRestrictionArns, ['arn:aws:iam::aws:policy/ReadOnlyAccess'])
    const { Statement } = JSON.parse(shown?.PermissionPolicy ?? '') as {
      Statement: Record<string, unknown>[]
    }
    assert.deepEqual(
      Statement.map(({ Resource }) => Resource),
      ['arn:aws:s3:::photos/*', 'arn:aws:iam::*:role/photos-*'],
    )
    assert.deepEqual(Statement[1]?.Condition, {
      StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      ArnLike: { 'aws:PrincipalArn': roles },
    })
    assert.equal((shown?.ExpirationTime?.getTime() ?? 0) - (shown?.CreateDate?.getTime() ?? 0), 86_400_000)
  })

  test('the way of one: taken, forwarded, accepted, its token sent, which never leaves (DLG-3, DLG-5, DLG-8)', async () => {
    const DelegationRequestId = await create()
    await owner.associateDelegationRequest({ DelegationRequestId })
    assert.equal(await stateOf(DelegationRequestId), 'ASSIGNED')
    // the owner needs no policy to look at it and to forward it, but for all else
    await owner.updateDelegationRequest({ DelegationRequestId, Notes: 'for the boss' })
    const { DelegationRequest: own } = await owner.getDelegationRequest({ DelegationRequestId })
    assert.deepEqual(
      [own?.State, own?.Notes, own?.OwnerId, own?.OwnerAccountId],
      ['PENDING_APPROVAL', 'for the boss', arn('user/owner'), '123456789012'],
    )
    assert.match(await faultOf(owner.acceptDelegationRequest({ DelegationRequestId })), /^AccessDenied 403/)
    await iam.acceptDelegationRequest({ DelegationRequestId })
    const { DelegationRequest: accepted } = await iam.getDelegationRequest({ DelegationRequestId })
    assert.deepEqual([accepted?.State, accepted?.ApproverId], ['ACCEPTED', arn('user/admin')])
    assert.deepEqual(bare(await iam.sendDelegationToken({ DelegationRequestId })), {})
    assert.equal(await stateOf(DelegationRequestId), 'FINALIZED')
    assert.match(await faultOf(iam.rejectDelegationRequest({ DelegationRequestId })), /^InvalidInput 400/)
  })

  test('rejected, with the reason; nothing follows (DLG-3)', async () => {
    const DelegationRequestId = await create()
    assert.match(
      await faultOf(iam.acceptDelegationRequest({ DelegationRequestId })),
      /^InvalidInput 400: .* UNASSIGNED/,
    )
    await iam.associateDelegationRequest({ DelegationRequestId })
    assert.match(await faultOf(iam.associateDelegationRequest({ DelegationRequestId })), /^InvalidInput 400/)
    await iam.rejectDelegationRequest({ DelegationRequestId, Notes: 'no' })
    const { DelegationRequest: rejected } = await iam.getDelegationRequest({ DelegationRequestId })
    assert.deepEqual([rejected?.State, rejected?.RejectionReason], ['REJECTED', 'no'])
    assert.match(await faultOf(iam.updateDelegationRequest({ DelegationRequestId })), /^InvalidInput 400/)
  })

  test('root accepts four hours at most; only the owner may send where that was asked (DLG-6, DLG-7)', async () => {
    const root = as('root')
    const long = await create({ SessionDuration: 5 * 3_600 })
    await iam.associateDelegationRequest({ DelegationRequestId: long })
    assert.match(
      await faultOf(root.acceptDelegationRequest({ DelegationRequestId: long })),
      /^InvalidInput 400/,
    )
    await iam.acceptDelegationRequest({ DelegationRequestId: long })
    const bound = await create({ OnlySendByOwner: true })
    await owner.associateDelegationRequest({ DelegationRequestId: bound })
    await iam.acceptDelegationRequest({ DelegationRequestId: bound })
    assert.match(await faultOf(iam.sendDelegationToken({ DelegationRequestId: bound })), /^AccessDenied 403/)
  })

  test('a request for another account is nobody else’s (DLG-4)', async () => {
    const DelegationRequestId = await create({ OwnerAccountId: '210987654321' })
    assert.match(await faultOf(iam.getDelegationRequest({ DelegationRequestId })), /^NoSuchEntity 404/)
    assert.match(await faultOf(iam.associateDelegationRequest({ DelegationRequestId })), /^NoSuchEntity 404/)
  })

  test('lists hold what is owned, by owner and page by page (DLG-9)', async () => {
    const all = await iam.listDelegationRequests({})
    const states = all.DelegationRequests?.map(({ State }) => State)
    assert.equal(states?.includes('UNASSIGNED'), false)
    assert.equal(all.isTruncated, false)
    const mine = await iam.listDelegationRequests({ OwnerId: arn('user/owner') })
    assert.equal(mine.DelegationRequests?.length, 2)
    const first = await iam.listDelegationRequests({ MaxItems: 1 })
    const rest = await iam.listDelegationRequests({ Marker: first.Marker })
    assert.equal(
      (first.DelegationRequests?.length ?? 0) + (rest.DelegationRequests?.length ?? 0),
      states?.length,
    )
  })

  test('may the caller do what is asked? (DLG-9)', async () => {
    const check = async (DelegationRequestId: string, client = iam) => {
      const answer = await client.getDelegationRequest({
        DelegationRequestId,
        DelegationPermissionCheck: true,
      })
      assert.equal(answer.PermissionCheckStatus, 'COMPLETE')
      return answer.PermissionCheckResult
    }
    const plain = await iam.createPolicy({
      PolicyName: 'plain',
      PolicyDocument: allow('s3:Get*', 'arn:aws:s3:::a/*'),
    })
    const Permissions = { PolicyTemplateArn: plain.Policy?.Arn }
    const asked = await create({ Permissions })
    await owner.associateDelegationRequest({ DelegationRequestId: asked })
    assert.equal(await check(asked), 'ALLOWED')
    assert.equal(await check(asked, owner), 'DENIED')
    assert.equal(await check(await create()), 'UNSURE')
  })

  test('a summary in fixed sentences (DLG-11)', async () => {
    const id = await create()
    const EntityArn = arn(`delegation-request/${id}`)
    const { SummaryState, SummaryContent, Locale } = await iam.getHumanReadableSummary({ EntityArn })
    assert.deepEqual([SummaryState, Locale], ['AVAILABLE', 'en'])
    assert.match(
      SummaryContent ?? '',
      /asks for access for 1 hour: Sets the product up\nIt may do s3:GetObject, s3:PutObject \(Amazon S3.*\) on arn:aws:s3:::photos\/\*\./,
    )
    assert.deepEqual(bare(await iam.getHumanReadableSummary({ EntityArn, Locale: 'fr-FR' })), {
      Locale: 'fr-FR',
      SummaryState: 'NOT_SUPPORTED',
    })
    assert.match(
      await faultOf(iam.getHumanReadableSummary({ EntityArn: arn('user/owner') })),
      /^InvalidInput 400/,
    )
  })

  test('what cannot be asked (DLG-1, DLG-2, DLG-10)', async () => {
    const refused = async (input: Partial<CreateDelegationRequestCommandInput>) =>
      assert.match(await faultOf(create(input)), /^InvalidInput 400/)
    await refused({ NotificationChannel: 'mail' })
    await refused({ Permissions: { PolicyTemplateArn: arn('policy/none') } })
    await refused({
      Permissions: { PolicyTemplateArn, Parameters: [{ Name: 'bucket', Values: ['a'], Type: 'string' }] },
    })
    const both = [
      { Name: 'bucket', Values: ['a'], Type: 'string' as const },
      { Name: 'roles', Values: roles, Type: 'stringList' as const },
    ]
    await refused({
      Permissions: {
        PolicyTemplateArn,
        Parameters: [...both, { Name: 'extra', Values: ['x'], Type: 'string' }],
      },
    })
    await refused({
      Permissions: {
        PolicyTemplateArn,
        Parameters: [{ ...both[0], Values: ['a'.repeat(2_000)] } as (typeof both)[0], both[1]!],
      },
    })
    const RequestorWorkflowId = 'the-same'
    await create({ RequestorWorkflowId })
    assert.match(await faultOf(create({ RequestorWorkflowId })), /^EntityAlreadyExists 409/)
  })

  test('what nobody acts on expires (DLG-3)', async () => {
    const waiting = await create()
    const taken = await create()
    await iam.associateDelegationRequest({ DelegationRequestId: taken })
    advance(omen, 86_400_000, iam)
    assert.equal(await stateOf(waiting), 'EXPIRED')
    assert.equal(await stateOf(taken), 'ASSIGNED')
    assert.match(
      await faultOf(iam.associateDelegationRequest({ DelegationRequestId: waiting })),
      /^InvalidInput 400: .* EXPIRED/,
    )
    advance(omen, 6 * 86_400_000, iam)
    assert.equal(await stateOf(taken), 'EXPIRED')
  })
})
