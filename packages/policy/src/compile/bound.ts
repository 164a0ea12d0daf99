import type { Determining } from '../request/decision.ts'
import type { CompiledStatement } from './statement.ts'

/** A compiled statement together with the words in which a decision names it. */
export interface Bound extends CompiledStatement {
  /** The place of its policy in the layer. */
  readonly policyIndex: number
  readonly by: readonly [Determining]
}
