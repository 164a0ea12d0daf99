import type { AccountId, Partition } from '../../base/index.ts'

/** The account and region that a resource is in. */
export interface Home {
  readonly account: AccountId
  readonly partition: Partition
  readonly region: string
}
