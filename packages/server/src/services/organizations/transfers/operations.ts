import { family } from '../../../authorization/index.ts'
import type { Organizations } from '../../../model/index.ts'
import { invalid, refuse, violates } from '../faults.ts'
import { within } from '../operation.ts'
import { page } from '../page.ts'
import { where } from '../where.ts'
import { endOfMonth, plannedAhead } from './month.ts'
import { outboundTargets, transfers } from './record.ts'
import {
  directionOf,
  type FoundTransfer,
  getTransfer,
  outbound,
  targetOf,
  transferKeys,
  transferView,
} from './transfer.ts'

/** Transfers of bills between organizations: their management accounts read and end them. */
export const responsibilityTransfers = family<Organizations.Operations>()({
  DescribeResponsibilityTransfer: within('management', {
    accounts: (input, place) => targetOf(place, input.Id),
    on: (input) => input.Id,
    context: (input, place) => transferKeys(directionOf(place, input.Id)),
    run: (input, place, call) => ({
      ResponsibilityTransfer: transferView(place, getTransfer(place, input.Id, call), call.now),
    }),
  }),

  ListInboundResponsibilityTransfers: within('management', {
    context: () => transferKeys('inbound'),
    run(input, place, call) {
      const { management } = place
      const { Id: wanted } = input
      const all = management.table(transfers)
      if (wanted !== undefined && all.find(wanted) === undefined) {
        throw refuse('ResponsibilityTransferNotFoundException')
      }
      const matches = where(all.values(), ({ id }) => wanted === undefined || id === wanted)
      const { items, NextToken } = page(matches, ({ id }) => id, input)
      return {
        ResponsibilityTransfers: items.map((transfer) =>
          transferView(place, { transfer, direction: 'inbound', target: management }, call.now),
        ),
        NextToken,
      }
    },
  }),

  ListOutboundResponsibilityTransfers: within('management', {
    accounts: (_input, { management }) => outboundTargets(management),
    context: () => transferKeys('outbound'),
    run(input, place, call) {
      const { items, NextToken } = page(outbound(place, call), ({ transfer }) => transfer.id, input)
      return {
        ResponsibilityTransfers: items.map((found) => transferView(place, found, call.now)),
        NextToken,
      }
    },
  }),

  TerminateResponsibilityTransfer: within('management', {
    accounts: (input, place) => targetOf(place, input.Id),
    on: (input) => input.Id,
    context: (input, place) => transferKeys(directionOf(place, input.Id)),
    run(input, place, call) {
      const record = getTransfer(place, input.Id, call)
      const { status } = record.transfer
      if (status === 'WITHDRAWN') throw refuse('ResponsibilityTransferAlreadyInStatusException')
      if (status !== 'ACCEPTED') throw refuse('InvalidResponsibilityTransferTransitionException')
      const endsAt = getEnd(input.EndTimestamp ?? endOfMonth(call.now), call.now)
      const ended = change(record, { status: 'WITHDRAWN', endsAt })
      return { ResponsibilityTransfer: transferView(place, ended, call.now) }
    },
  }),

  UpdateResponsibilityTransfer: within('management', {
    accounts: (input, place) => targetOf(place, input.Id),
    on: (input) => input.Id,
    context: (input, place) => transferKeys(directionOf(place, input.Id)),
    run(input, place, call) {
      const record = getTransfer(place, input.Id, call)
      if (record.direction === 'outbound') {
        throw invalid(
          'UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER',
          'You provided a value that is not supported by this operation.',
        )
      }
      const { Status: status } = transferView(place, record, call.now)
      if (status !== 'REQUESTED' && status !== 'ACCEPTED') {
        throw violates(
          'TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED',
          'You cannot update this transfer because it is no longer active. Transfers that have been withdrawn, declined, expired, or cancelled cannot be modified.',
        )
      }
      const renamed = change(record, { name: input.Name })
      return { ResponsibilityTransfer: transferView(place, renamed, call.now) }
    },
  }),
})

function change(found: FoundTransfer, changes: Partial<FoundTransfer['transfer']>): FoundTransfer {
  const transfer = { ...found.transfer, ...changes }
  found.target.table(transfers).put(transfer)
  return { ...found, transfer }
}

/** Returns the last millisecond of a month; clients that write whole seconds name the last of these. */
function getEnd(given: number, now: number): number {
  const endsAt = endOfMonth(given)
  if (given < endsAt - 999) {
    throw invalid(
      'END_DATE_NOT_END_OF_MONTH',
      'You provided an invalid end date. The end date must be the end of the last day of the month (23.59.59.999).',
    )
  }
  if (endsAt < now) {
    throw invalid('END_DATE_TOO_EARLY', 'You provided an invalid end date. The end date is too early.')
  }
  // also if it is not a number: the month of the last representable instants has no end
  if (!(endsAt <= now + plannedAhead)) {
    throw invalid('END_DATE_TOO_LATE', 'You provided an invalid end date. The end date is too late.')
  }
  return endsAt
}
