import { type Call, family } from '../../../authorization/index.ts'
import { type Account, organizationArn, organizationOf } from '../../../directory/index.ts'
import type { Organizations } from '../../../model/index.ts'
import { handshakeViolates, invalid, refuse, violates } from '../faults.ts'
import { checkRate, type Found, forgetOld, handshakeView, isOpen, send } from '../handshake.ts'
import { letters } from '../ids.ts'
import { findInvited } from '../invited.ts'
import { within } from '../operation.ts'
import { getPlace, type Place } from '../place.ts'
import { quotas } from '../quotas.ts'
import { type Handshake, handshakes } from '../records.ts'
import { addTags, tagging } from '../tag.ts'
import { day, isStartOfDay, isStartOfMonth, plannedAhead } from './month.ts'
import { isActive, isInForce, outboundTransfers, transfers } from './record.ts'
import { outbound, transferArn, transferKeys } from './transfer.ts'

type Invite = Organizations.InviteOrganizationToTransferResponsibilityRequest

/** Asks another organization's management account to transfer its bills. */
export const inviteToTransfer = family<Organizations.Operations>()({
  InviteOrganizationToTransferResponsibility: within('management', {
    on: ({ Target: { Type, Id } }, place) =>
      Type === 'ACCOUNT' ? organizationArn(place.organization, 'account', Id) : '*',
    context: () => transferKeys('inbound'),
    also: (input, place) => tagging(input.Tags, transferArn(place, 'inbound', 'rt-*')),
    prepare: (input, call) => findInvited(input.Target, call),
    run(input, place, call, invited) {
      const source = getSource(input, place, invited)
      checkStart(input.StartTimestamp, call.now)
      checkNew(place, source, call)
      const { management } = place
      const id = `rt-${letters(32, call.deps.random)}`
      const handshake = send(place, source, handshakeOf(input, id, place), call)
      management.table(transfers).put({
        id,
        name: input.SourceName,
        source: { id: source.id, email: source.settings.email },
        handshakeId: handshake.id,
        startsAt: input.StartTimestamp,
        answerBy: handshake.expiresAt,
        status: 'REQUESTED',
        tags: addTags([], input.Tags ?? []),
      })
      source.table(outboundTransfers).put({ id, target: management.id, tags: [] })
      return { Handshake: handshakeView({ place, handshake }, call.now) }
    },
  }),
})

/** The source accepted: it must manage an organization and transfer its bills to no one else (ORG-102). */
export function acceptTransfer(found: Found, call: Call): void {
  const source = getPlace(call)
  if (source.management !== call.account) throw refuse('AccessDeniedException')
  for (const { transfer } of outbound(source, call)) {
    if (transfer.id !== found.handshake.transferId && isInForce(transfer, call.now)) {
      throw violates(
        'RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION',
        'You have exceeded your outbound transfers limit.',
      )
    }
  }
  settleTransfer(found, 'ACCEPTED')
}

/** A transfer follows the state of its handshake. */
export function settleTransfer(
  { place, handshake }: Found,
  status: 'ACCEPTED' | 'DECLINED' | 'CANCELED',
): void {
  if (handshake.transferId === undefined) return
  const table = place.management.table(transfers)
  const transfer = table.find(handshake.transferId)
  if (transfer !== undefined) table.put({ ...transfer, status })
}

/** Returns the account that is asked. @throws Fault if it cannot transfer its bills */
function getSource({ Target: { Type } }: Invite, place: Place, invited: Account | undefined): Account {
  if (Type === 'ORGANIZATION') {
    throw invalid('INVALID_PARTY_TYPE_TARGET', 'You specified an invalid party type as the target parameter.')
  }
  if (invited === undefined && Type === 'EMAIL') {
    throw invalid(
      'INVALID_EMAIL_ADDRESS_TARGET',
      'You specified an invalid email address for the invited account owner.',
    )
  }
  if (invited === place.management) {
    throw handshakeViolates(
      'SOURCE_AND_TARGET_CANNOT_MATCH',
      "An account can't accept a transfer invitation if it is both the sender and recipient of the invitation.",
    )
  }
  if (invited === undefined || organizationOf(invited) === undefined) {
    throw handshakeViolates(
      'TARGET_ACCOUNT_VALIDATION_FAILURE',
      'Billing transfer is not available for your account.',
    )
  }
  return invited
}

function checkStart(start: number, now: number): void {
  if (!isStartOfDay(start)) {
    throw invalid(
      'START_DATE_NOT_BEGINNING_OF_DAY',
      'You provided an invalid start date. The start date must be the beginning of the day (00:00:00.000).',
    )
  }
  if (!isStartOfMonth(start)) {
    throw invalid(
      'START_DATE_NOT_BEGINNING_OF_MONTH',
      'You provided an invalid start date. The start date must be the first day of the month.',
    )
  }
  // an invitation must be accepted a day before its start (behaviour ORG-101)
  if (start - day <= now) {
    throw invalid('START_DATE_TOO_EARLY', 'You provided an invalid start date. The start date is too early.')
  }
  if (start > now + plannedAhead) {
    throw invalid('START_DATE_TOO_LATE', 'You provided an invalid start date. The start date is too late.')
  }
}

/** Neither account has a transfer with the other, and the caller's quota permits another. */
function checkNew(place: Place, source: Account, call: Call): void {
  const { management } = place
  forgetOld(place, call.now)
  for (const handshake of management.table(handshakes).values()) {
    const same = handshake.action === 'TRANSFER_RESPONSIBILITY' && handshake.recipient === source.id
    if (same && isOpen(handshake, call.now)) throw refuse('DuplicateHandshakeException')
  }
  let active = 0
  for (const transfer of management.table(transfers).values()) {
    if (!isActive(transfer, call.now)) continue
    if (transfer.source.id === source.id) throw alreadyThere()
    active++
  }
  for (const { id, target } of management.table(outboundTransfers).values()) {
    const back = target === source.id ? source.table(transfers).find(id) : undefined
    if (back !== undefined && isActive(back, call.now)) throw alreadyThere()
  }
  if (active >= quotas.inboundTransfers) {
    throw violates(
      'RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION',
      'You have exceeded your inbound transfers limit.',
    )
  }
  checkRate(place, 'TRANSFER_RESPONSIBILITY', call)
}

function alreadyThere() {
  return handshakeViolates(
    'RESPONSIBILITY_TRANSFER_ALREADY_EXISTS',
    'You cannot perform this operation with the current transfer.',
  )
}

/** The resources of the handshake; AWS documents their types, and not how they are combined (ORG-100). */
function handshakeOf(input: Invite, transferId: string, { management, organization }: Place) {
  const { Type, Id } = input.Target
  const resources: Organizations.HandshakeResource[] = [
    {
      Type: 'ORGANIZATION',
      Value: organization.id,
      Resources: [
        { Type: 'MANAGEMENT_ACCOUNT', Value: management.id },
        { Type: 'MANAGEMENT_EMAIL', Value: organization.managementEmail },
        { Type: 'MANAGEMENT_NAME', Value: management.settings.name },
      ],
    },
    { Type: Type === 'EMAIL' ? 'EMAIL' : 'ACCOUNT', Value: Id },
    { Type: 'RESPONSIBILITY_TRANSFER', Value: transferId },
    { Type: 'TRANSFER_TYPE', Value: input.Type },
    { Type: 'TRANSFER_START_TIMESTAMP', Value: new Date(input.StartTimestamp).toISOString() },
  ]
  if (input.Notes !== undefined) resources.push({ Type: 'NOTES', Value: input.Notes })
  return {
    action: 'TRANSFER_RESPONSIBILITY',
    state: 'OPEN',
    parties: [
      { Id: organization.id, Type: 'ORGANIZATION' },
      { Id, Type },
    ],
    resources,
    transferId,
    answerBy: input.StartTimestamp - day,
    tags: [],
  } satisfies Partial<Handshake> & { readonly answerBy: number }
}
