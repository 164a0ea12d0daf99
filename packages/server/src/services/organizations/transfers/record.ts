import type { AccountId } from '../../../base/index.ts'
import { type Account, defineTable, type Tag } from '../../../directory/index.ts'

/**
 * An organization's responsibility for its bills, transferred or offered to another organization's management account.
 * It is stored in the receiving account, which AWS calls the transfer's target.
 */
export interface Transfer {
  /** `rt-` and 32 characters. */
  readonly id: string
  /** The target's name for it. */
  readonly name: string
  readonly source: { readonly id: AccountId; readonly email: string }
  readonly handshakeId: string
  readonly startsAt: number
  /** Until when the source can accept. */
  readonly answerBy: number
  /** Never EXPIRED, which follows from the clock. */
  readonly status: 'REQUESTED' | 'DECLINED' | 'CANCELED' | 'ACCEPTED' | 'WITHDRAWN'
  /** Its last moment, if it was withdrawn. */
  readonly endsAt?: number
  readonly tags: readonly Tag[]
}

export const transfers = defineTable<Transfer>({ kind: 'organizations/transfer', key: (r) => r.id })

/** The location of a transfer of which an account is the source; stored in that account. */
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

/** Returns the accounts that must be loaded to read the transfers of which an account is the source. */
export function outboundTargets(source: Account): readonly AccountId[] {
  return [...new Set([...source.table(outboundTransfers).values()].map(({ target }) => target))]
}

/** Returns whether it is offered or continues: until the end of the month of its withdrawal. */
export function isActive(transfer: Transfer, now: number): boolean {
  if (transfer.status === 'REQUESTED') return transfer.answerBy > now
  return isInForce(transfer, now)
}

/** Returns whether it was accepted and continues. */
export function isInForce({ status, endsAt = 0 }: Transfer, now: number): boolean {
  return status === 'ACCEPTED' || (status === 'WITHDRAWN' && endsAt > now)
}
