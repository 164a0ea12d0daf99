import type { Call } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { type Account, organizationArn } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { handshakeViolates, refuse } from './faults.ts'
import { letters } from './ids.ts'
import { type Place, placeOf } from './place.ts'
import { quotasOf } from './quotas.ts'
import { type Handshake, handshakes, receivedHandshakes } from './records.ts'

const day = 86_400_000
/** How long a handshake can be answered, and how long a closed one is still shown (behaviour ORG-80). */
const openDays = { INVITE: 15, ENABLE_ALL_FEATURES: 90, TRANSFER_RESPONSIBILITY: 15 }
const shownDays = 30

/** The properties of a handshake to be sent. */
type Given = Pick<
  Handshake,
  'action' | 'parties' | 'resources' | 'state' | 'tags' | 'parentId' | 'transferId'
> & {
  /** Until when it can be answered, if that is sooner than usual. */
  readonly answerBy?: number
}

/** A handshake and the organization that sent it. */
export interface Found {
  readonly place: Place
  readonly handshake: Handshake
}

/** Sends a handshake: it is stored in the management account, with a reference in the recipient's. */
export function send(
  place: Place,
  recipient: Account,
  { answerBy = Number.POSITIVE_INFINITY, ...given }: Given,
  call: Call,
): Handshake {
  const handshake: Handshake = {
    id: `h-${letters(32, call.deps.random)}`,
    recipient: recipient.id,
    requestedAt: call.now,
    expiresAt: Math.min(call.now + openDays[given.action] * day, answerBy),
    ...given,
  }
  place.management.table(handshakes).put(handshake)
  if (recipient !== place.management) {
    const pointer = { id: handshake.id, managementAccount: place.management.id }
    recipient.table(receivedHandshakes).put(pointer)
  }
  return handshake
}

/** Returns a handshake after an answer changed its state. */
export function settle({ place, handshake }: Found, state: Handshake['state'], now: number): Handshake {
  const settled = { ...handshake, state, settledAt: now }
  place.management.table(handshakes).put(settled)
  return settled
}

/** Returns the handshake that the caller's account has sent or received. @throws Fault HandshakeNotFoundException */
export function getHandshake(id: string, call: Call): Found {
  const { account, now } = call
  const management = account.table(receivedHandshakes).find(id)?.managementAccount ?? account.id
  const place = placeOf(management, call)
  const handshake = place?.management.table(handshakes).find(id)
  if (place === undefined || handshake === undefined || !isShown(handshake, now)) {
    throw refuse('HandshakeNotFoundException')
  }
  return { place, handshake }
}

/** Returns the accounts that must be loaded to find a handshake of this id. */
export function senderOf(id: string, call: Call): readonly AccountId[] {
  const pointer = call.account.table(receivedHandshakes).find(id)
  return pointer === undefined ? [] : [pointer.managementAccount]
}

/** Returns whether it still waits for an answer. */
export function isOpen(handshake: Handshake, now: number): boolean {
  const { state } = handshake
  return (state === 'OPEN' || state === 'REQUESTED') && handshake.expiresAt > now
}

/** @throws Fault if it was answered or canceled before, or has expired */
export function checkOpen(handshake: Handshake, wanted: Handshake['state'], now: number): void {
  if (handshake.state === wanted) throw refuse('HandshakeAlreadyInStateException')
  if (!isOpen(handshake, now)) throw refuse('InvalidHandshakeTransitionException')
}

export function isShown(handshake: Handshake, now: number): boolean {
  return (handshake.settledAt ?? handshake.expiresAt) + shownDays * day > now
}

/** Deletes what is no longer shown. Answers to an open handshake stay as long as it is open (behaviour ORG-83). */
export function forgetOld({ management }: Place, now: number): void {
  const table = management.table(handshakes)
  for (const handshake of [...table.values()]) {
    const parent = handshake.parentId === undefined ? undefined : table.find(handshake.parentId)
    const counts = parent !== undefined && isOpen(parent, now)
    if (!counts && !isShown(handshake, now)) table.delete(handshake.id)
  }
}

/**
 * @throws Fault if the daily limit of handshakes of an action is reached; accepted ones do not count (behaviour
 * ORG-70)
 */
export function checkRate({ management }: Place, action: Handshake['action'], call: Call): void {
  let sent = 0
  for (const handshake of management.table(handshakes).values()) {
    const { action: sentAs, state, requestedAt } = handshake
    if (sentAs === action && state !== 'ACCEPTED' && requestedAt > call.now - day) sent++
  }
  if (sent < quotasOf(call).handshakesPerDay) return
  throw handshakeViolates(
    'HANDSHAKE_RATE_LIMIT_EXCEEDED',
    'You attempted to exceed the number of handshakes that you can send in one day.',
  )
}

export function handshakeArn({ organization }: Place, handshake: Pick<Handshake, 'action' | 'id'>): string {
  return organizationArn(organization, 'handshake', `${handshake.action.toLowerCase()}/${handshake.id}`)
}

/** An organization among the parties is shown by its id without the prefix (behaviour ORG-112). */
function partyView({ Id, Type }: Organizations.HandshakeParty): Organizations.HandshakeParty {
  return { Id: Type === 'ORGANIZATION' ? Id.replace(/^o-/, '') : Id, Type }
}

export function handshakeView({ place, handshake }: Found, now: number): Organizations.Handshake {
  const waits = handshake.state === 'OPEN' || handshake.state === 'REQUESTED'
  return {
    Id: handshake.id,
    Arn: handshakeArn(place, handshake),
    Parties: handshake.parties.map(partyView),
    State: waits && handshake.expiresAt <= now ? 'EXPIRED' : handshake.state,
    RequestedTimestamp: handshake.requestedAt,
    ExpirationTimestamp: handshake.expiresAt,
    Action: handshake.action,
    Resources: handshake.resources,
  }
}
