import type { Call, ContextKeys } from '../../../authorization/index.ts'
import type { AccountId } from '../../../base/index.ts'
import { type Account, organizationArn, organizationOf } from '../../../directory/index.ts'
import type { Organizations } from '../../../model/index.ts'
import { refuse } from '../faults.ts'
import type { Place } from '../place.ts'
import { isActive, outboundTransfers, type Transfer, transfers } from './record.ts'

/** An account's side of a transfer: it receives the bills, or transfers them. */
export type Direction = 'inbound' | 'outbound'

/** A transfer as one of its two accounts finds it. */
export interface FoundTransfer {
  readonly transfer: Transfer
  readonly direction: Direction
  /** The account that receives the bills. */
  readonly target: Account
}

/** @throws Fault ResponsibilityTransferNotFoundException */
export function getTransfer(place: Place, id: string, call: Call): FoundTransfer {
  const { management } = place
  const direction = directionOf(place, id)
  const target = direction === 'inbound' ? management : loadedTarget(management, id, call)
  const transfer = target?.table(transfers).find(id)
  if (direction === undefined || target === undefined || transfer === undefined) {
    throw refuse('ResponsibilityTransferNotFoundException')
  }
  return { transfer, direction, target }
}

/** Returns every transfer of which the account of `place` is the source. */
export function* outbound({ management }: Place, call: Call): Generator<FoundTransfer> {
  for (const { id } of management.table(outboundTransfers).values()) {
    const target = loadedTarget(management, id, call)
    const transfer = target?.table(transfers).find(id)
    if (target && transfer) yield { transfer, direction: 'outbound', target }
  }
}

/** Returns whether an organization has a transfer, either way, that is offered or continues. */
export function hasActiveTransfer(place: Place, call: Call): boolean {
  for (const transfer of place.management.table(transfers).values()) {
    if (isActive(transfer, call.now)) return true
  }
  for (const { transfer } of outbound(place, call)) if (isActive(transfer, call.now)) return true
  return false
}

/** Returns an account's side of a transfer, if it has one. */
export function directionOf({ management }: Place, id: string): Direction | undefined {
  if (management.table(transfers).find(id) !== undefined) return 'inbound'
  return management.table(outboundTransfers).find(id) === undefined ? undefined : 'outbound'
}

/** Returns the other account that must be loaded to find a transfer. */
export function targetOf({ management }: Place, id: string): readonly AccountId[] {
  const pointer = management.table(outboundTransfers).find(id)
  return pointer === undefined ? [] : [pointer.target]
}

/** organizations:TransferType and organizations:TransferDirection. */
export function transferKeys(direction: Direction | undefined): ContextKeys {
  if (direction === undefined) return {}
  return { 'organizations:TransferType': 'BILLING', 'organizations:TransferDirection': direction }
}

/**
 * Each of the two accounts has an ARN of its own for a transfer: in its organization, by its direction (behaviour
 * ORG-100).
 */
export function transferArn({ organization }: Place, direction: Direction, id: string): string {
  return organizationArn(organization, 'transfer', `billing/${direction}/${id}`)
}

/** Returns a transfer as answers show it to one of its two accounts. */
export function transferView(
  place: Place,
  { transfer, direction, target }: FoundTransfer,
  now: number,
): Organizations.ResponsibilityTransfer {
  const { id, source, status } = transfer
  return {
    Arn: transferArn(place, direction, id),
    // only the receiving account sees its name
    Name: direction === 'inbound' ? transfer.name : undefined,
    Id: id,
    Type: 'BILLING',
    Status: status === 'REQUESTED' && transfer.answerBy <= now ? 'EXPIRED' : status,
    Source: { ManagementAccountId: source.id, ManagementAccountEmail: source.email },
    Target: {
      ManagementAccountId: target.id,
      ManagementAccountEmail: organizationOf(target)?.managementEmail,
    },
    StartTimestamp: transfer.startsAt,
    EndTimestamp: transfer.endsAt,
    ActiveHandshakeId: transfer.handshakeId,
  }
}

function loadedTarget(source: Account, id: string, call: Call): Account | undefined {
  const pointer = source.table(outboundTransfers).find(id)
  return pointer && call.deps.directory.loaded(pointer.target)
}
