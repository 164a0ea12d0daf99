import type { AccountId, Partition } from '../../base/index.ts'

/** Where a stack is. */
export interface StackPlace {
  readonly account: AccountId
  readonly region: string
  readonly partition: Partition
}
