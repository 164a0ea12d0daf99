import { type AccessRequest, type Call, family, type Operation } from '../../authorization/index.ts'
import type { Organizations } from '../../model/index.ts'
import { approve } from './all-features.ts'
import { watched } from './effective/watch.ts'
import { invalid, refuse } from './faults.ts'
import {
  checkOpen,
  type Found,
  getHandshake,
  handshakeArn,
  handshakeView,
  isShown,
  senderOf,
  settle,
} from './handshake.ts'
import { acceptsInVain, join } from './invitation.ts'
import { membershipIn, within } from './operation.ts'
import { page } from './page.ts'
import { findPlace, type Place, placeOf } from './place.ts'
import { type Handshake, receivedHandshakes, handshakes as table } from './records.ts'
import { serviceEventsOf } from './service-events.ts'
import { acceptTransfer, settleTransfer } from './transfers/invite.ts'
import { outboundTargets } from './transfers/record.ts'
import { where } from './where.ts'

interface Named {
  readonly HandshakeId: string
}

interface Answer {
  readonly Handshake: Organizations.Handshake
}

/** Answers and reads handshakes, for the account that sent or received one, member or not. */
export const handshakes = family<Organizations.Operations>()({
  AcceptHandshake: {
    ...about((found, call) => {
      checkRecipient(found, call)
      checkOpen(found.handshake, 'ACCEPTED', call.now)
      const { action } = found.handshake
      if (action === 'INVITE') watched(found.place, call, () => join(found.place, found.handshake, call))
      else if (action === 'ENABLE_ALL_FEATURES') approve(found.place, found.handshake, call)
      else acceptTransfer(found, call)
      return settle(withAccount(found), 'ACCEPTED', call.now)
    }),
    remains(input, call, { members: { Reason: reason } }) {
      if (reason !== 'ALREADY_IN_AN_ORGANIZATION') return
      const handshake = getHandshake(input.HandshakeId, call)
      if (acceptsInVain(handshake, call)) settle(withAccount(handshake), 'ACCEPTED', call.now)
    },
  },

  DeclineHandshake: about((found, call) => {
    checkRecipient(found, call)
    checkOpen(found.handshake, 'DECLINED', call.now)
    settleTransfer(found, 'DECLINED')
    return settle(found, 'DECLINED', call.now)
  }),

  CancelHandshake: about((found, call) => {
    if (found.place.management !== call.account) throw refuse('AccessDeniedException')
    checkOpen(found.handshake, 'CANCELED', call.now)
    settleTransfer(found, 'CANCELED')
    return settle(found, 'CANCELED', call.now)
  }),

  DescribeHandshake: about((found) => found.handshake),

  ListHandshakesForAccount: {
    accounts: (_input, { account }) => [
      ...new Set([...account.table(receivedHandshakes).values()].map((each) => each.managementAccount)),
    ],
    requests: (_input, call) => [
      { action: 'organizations:ListHandshakesForAccount', resource: '*', ...sideOf(findPlace(call), call) },
    ],
    run(input, call) {
      checkFilter(input.Filter)
      const { items, NextToken } = page(received(call, input.Filter), ({ handshake }) => handshake.id, input)
      return { Handshakes: items.map((found) => handshakeView(found, call.now)), NextToken }
    },
  },

  ListHandshakesForOrganization: within('administrators', {
    run(input, place, call) {
      checkFilter(input.Filter)
      const sent = where(
        place.management.table(table).values(),
        (handshake) => isShown(handshake, call.now) && passes(handshake, input.Filter),
      )
      const { items, NextToken } = page(sent, (handshake) => handshake.id, input)
      return {
        Handshakes: items.map((handshake) => handshakeView({ place, handshake }, call.now)),
        NextToken,
      }
    },
  }),
})

/** An operation on one handshake; `change` returns its new state. */
function about(change: (found: Found, call: Call) => Handshake): Operation<Named, Answer> {
  return {
    accounts: (input, call) => [...senderOf(input.HandshakeId, call), ...outboundTargets(call.account)],
    requests: (input, call) => questions(input.HandshakeId, call),
    event: (_input, _output, call) => serviceEventsOf(call),
    run(input, call) {
      const record = getHandshake(input.HandshakeId, call)
      const handshake = change(record, call)
      return { Handshake: handshakeView({ place: record.place, handshake }, call.now) }
    },
  }
}

/**
 * The handshake belongs to the management account that sent it (behaviour ORG-107). The caller's own policies decide:
 * no policy of the management account is asked (behaviour ORG-81).
 */
function questions(id: string, call: Call): readonly AccessRequest[] {
  const action = `organizations:${call.operation.name}`
  const management = call.account.table(receivedHandshakes).find(id)?.managementAccount ?? call.account.id
  const place = placeOf(management, call)
  const handshake = place?.management.table(table).find(id)
  const resource = place && handshake ? handshakeArn(place, handshake) : '*'
  const request = { action, resource, ...sideOf(place ?? findPlace(call), call) }
  const joins = call.operation.name === 'AcceptHandshake' && handshake?.action === 'INVITE'
  const left = joins ? findPlace(call) : undefined
  if (left === undefined || left.management === place?.management) return [request]
  // an account that joins another organization leaves its current one, which SCPs may deny (behaviour ORG-85)
  return [request, { action: 'organizations:LeaveOrganization', resource: '*', ...sideOf(left, call) }]
}

/** Without an organization, the question is about the caller's own account. */
function sideOf(place: Place | undefined, { account }: Call): Partial<AccessRequest> {
  if (place === undefined) return {}
  return place.management === account ? { resourceAccount: account.id } : membershipIn(place.management)
}

/** A party that was invited by its address is shown as an account after it has accepted. */
function withAccount({ place, handshake }: Found): Found {
  const parties = handshake.parties.map((party) =>
    party.Type === 'EMAIL' ? ({ Id: handshake.recipient, Type: 'ACCOUNT' } as const) : party,
  )
  return { place, handshake: { ...handshake, parties } }
}

function checkRecipient({ handshake }: Found, call: Call): void {
  if (handshake.recipient !== call.account.id) throw refuse('AccessDeniedException')
}

function* received(call: Call, filter: Organizations.HandshakeFilter | undefined): Generator<Found> {
  for (const { id, managementAccount } of call.account.table(receivedHandshakes).values()) {
    const place = placeOf(managementAccount, call)
    const handshake = place?.management.table(table).find(id)
    if (place && handshake && isShown(handshake, call.now) && passes(handshake, filter))
      yield { place, handshake }
  }
}

function checkFilter(filter: Organizations.HandshakeFilter | undefined): void {
  if (filter?.ActionType === undefined || filter.ParentHandshakeId === undefined) return
  throw invalid('MAX_LIMIT_EXCEEDED_FILTER', 'You specified too many filter parameters.')
}

function passes(handshake: Handshake, filter: Organizations.HandshakeFilter | undefined): boolean {
  const { ActionType: action, ParentHandshakeId: parent } = filter ?? {}
  return (
    (action === undefined || handshake.action === action) &&
    (parent === undefined || handshake.parentId === parent)
  )
}
