import type { Call, ContextKeys } from '../../../authorization/index.ts'
import type { AccountId } from '../../../base/index.ts'
import { type Account, organizationArn, organizationOf } from '../../../directory/index.ts'
import type { Organizations } from '../../../model/index.ts'
import { refuse } from '../faults.ts'
import type { Place } from '../place.ts'
import { isActive, outboundTransfers, type Transfer, transfers } from './record.ts'

/** How an account looks at a transfer: it takes the bills over, or gives them away. */
export type Direction = 'inbound' | 'outbound'

/** A transfer as one of its two accounts finds it. */
export interface FoundTransfer {
  readonly transfer: Transfer
  readonly direction: Direction
  /** The account that takes the bills over. */
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

/** Every transfer that the account of `place` is the source of. */
export function* outbound({ management }: Place, call: Call): Generator<FoundTransfer> {
  for (const { id } of management.table(outboundTransfers).values()) {
    const target = loadedTarget(management, id, call)
    const transfer = target?.table(transfers).find(id)
    if (target && transfer) yield { transfer, direction: 'outbound', target }
  }
}

/** Whether an organization has a transfer, either way, that is offered or goes on. */
export function hasActiveTransfer(place: Place, call: Call): boolean {
  for (const transfer of place.management.table(transfers).values()) {
    if (isActive(transfer, call.now)) return true
  }
  for (const { transfer } of outbound(place, call)) if (isActive(transfer, call.now)) return true
  return false
}

/** Which side of a transfer an account is on, if it is on one. */
export function directionOf({ management }: Place, id: string): Direction | undefined {
  if (management.table(transfers).find(id) !== undefined) return 'inbound'
  return management.table(outboundTransfers).find(id) === undefined ? undefined : 'outbound'
}

/** The other account that must be loaded to find a transfer. */
export function targetOf({ management }: Place, id: string): readonly AccountId[] {
  const pointer = management.table(outboundTransfers).find(id)
  return pointer === undefined ? [] : [pointer.target]
}

/** organizations:TransferType and organizations:TransferDirection. */
export function transferKeys(direction: Direction | undefined): ContextKeys {
  if (direction === undefined) return {}
  return { 'organizations:TransferType': 'BILLING', 'organizations:TransferDirection': direction }
}

/** Each of the two accounts has an ARN of its own for a transfer: in its organization, by its direction (behaviour ORG-100). */
export function transferArn({ organization }: Place, direction: Direction, id: string): string {
  return organizationArn(organization, 'transfer', `billing/${direction}/${id}`)
}

/** A transfer as answers show it to one of its two accounts. */
export function transferView(
  place: Place,
  { transfer, direction, target }: FoundTransfer,
  now: number,
): Organizations.ResponsibilityTransfer {
  const { id, source, status } = transfer
  return {
    Arn: transferArn(place, direction, id),
    // only who takes the bills over sees what they call it
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
  return pointer && call.house.directory.loaded(pointer.target)
}
