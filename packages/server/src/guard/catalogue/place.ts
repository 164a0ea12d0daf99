import type { Partition } from '../../base/index.ts'

/** The context of a call: what its ARNs contain beside its own parameters. */
export interface Place {
  readonly account: string
  readonly region: string
  readonly partition: Partition
}

/** Where the call is made, and what else is known there. */
export interface NeedsPlace extends Place {
  /** The partition key's name of a DynamoDB table, for dynamodb:LeadingKeys; undefined if unknown. */
  readonly partitionKey?: (table: string) => string | undefined
}
