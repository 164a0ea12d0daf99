import type { AccountId } from '../base/index.ts'
import type { ImageFinding, NotTaken, SourcePlace } from './image.ts'

/** What becomes of a thing of an image: it is made, changed, or is there already as the image has it. */
export type Outcome = 'made' | 'changed' | 'unchanged'

/** One thing of an image, and what becomes of it. */
export interface ComparedThing {
  readonly outcome: Outcome
  readonly account: AccountId
  /** `role`, `user`, `managed policy`, `service control policy` … */
  readonly kind: string
  readonly name: string
  readonly at: SourcePlace
  /** Of a changed thing, what changes: `trust policy`, `tags`, `inline policy app`. */
  readonly changes: readonly string[]
}

/** What an image would do to a house. */
export interface Comparison {
  /** Accounts that the house does not have yet. */
  readonly newAccounts: readonly AccountId[]
  readonly things: readonly ComparedThing[]
  readonly notTaken: readonly NotTaken[]
  readonly findings: readonly ImageFinding[]
}
