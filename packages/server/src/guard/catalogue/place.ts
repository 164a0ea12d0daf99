import type { Partition } from '../../base/index.ts'
import type { KeyNames } from './partiql-statement.ts'

/** The context of a call: what its ARNs contain beside its own parameters. */
export interface Place {
  readonly account: string
  readonly region: string
  readonly partition: Partition
}

/** Where the call is made, and what else is known there. */
export interface NeedsPlace extends Place {
  /** The names of the key attributes of a DynamoDB table, or of its index (`table/index/name`); undefined if unknown. */
  readonly keysOf?: (table: string) => KeyNames | undefined
}
