import type { AccountId } from '../../../base/index.ts'
import { type Account, defineTable, type Tag } from '../../../directory/index.ts'

/**
 * An organization's responsibility for its bills, handed to another organization's management account, or
 * offered so; kept in the account that takes it over, which AWS calls the transfer's target.
 */
export interface Transfer {
  /** `rt-` and 32 characters. */
  readonly id: string
  /** What the target calls it. */
  readonly name: string
  readonly source: { readonly id: AccountId; readonly email: string }
  readonly handshakeId: string
  readonly startsAt: number
  /** Until when the source can accept. */
  readonly answerBy: number
  /** Never EXPIRED: that follows from the clock. */
  readonly status: 'REQUESTED' | 'DECLINED' | 'CANCELED' | 'ACCEPTED' | 'WITHDRAWN'
  /** The last moment of it, where it was withdrawn. */
  readonly endsAt?: number
  readonly tags: readonly Tag[]
}

export const transfers = defineTable<Transfer>({ kind: 'organizations/transfer', key: (r) => r.id })

/** Where to find a transfer that an account is the source of; kept in that account. */
export interface OutboundTransfer {
  readonly id: string
  readonly target: AccountId
  /** The source's own tags on it. */
  readonly tags: readonly Tag[]
}

export const outboundTransfers = defineTable<OutboundTransfer>({
  kind: 'organizations/outbound-transfer',
  key: (r) => r.id,
})

/** Accounts that must be loaded to look at the transfers that an account is the source of. */
export function outboundTargets(source: Account): readonly AccountId[] {
  return [...new Set([...source.table(outboundTransfers).values()].map(({ target }) => target))]
}

/** Whether it is offered still, or goes on: until the end of the month that it was withdrawn to. */
export function isActive(transfer: Transfer, now: number): boolean {
  if (transfer.status === 'REQUESTED') return transfer.answerBy > now
  return isInForce(transfer, now)
}

/** Whether it was accepted and goes on. */
export function isInForce({ status, endsAt = 0 }: Transfer, now: number): boolean {
  return status === 'ACCEPTED' || (status === 'WITHDRAWN' && endsAt > now)
}
