import type { AccountId } from '../base/index.ts'
import type { ImageFinding, NotTaken, SourcePlace } from '../image/index.ts'

/** The outcome of an image's entity: it is created, changed, or already as the image has it. */
export type Outcome = 'made' | 'changed' | 'unchanged'

/** One entity of an image, and its outcome. */
export interface ComparedThing {
  readonly outcome: Outcome
  readonly account: AccountId
  /** `role`, `user`, `managed policy`, `service control policy` … */
  readonly kind: string
  readonly name: string
  readonly at: SourcePlace
  /** The changed parts of an entity: `trust policy`, `tags`, `inline policy app`. */
  readonly changes: readonly string[]
}

/** The effect of an image on a server. */
export interface Comparison {
  /** Accounts that the server does not have yet. */
  readonly newAccounts: readonly AccountId[]
  readonly things: readonly ComparedThing[]
  readonly notTaken: readonly NotTaken[]
  readonly findings: readonly ImageFinding[]
}
