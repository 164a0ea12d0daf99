import type { Clock, Random, Vault } from '../base/index.ts'
import type { Directory } from '../directory/index.ts'
import type { Store } from '../store/index.ts'
import type { TrailTarget } from './target.ts'

/** What deliveries stand on. */
export interface DeliveryParts {
  readonly store: Store
  readonly directory: Directory
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  /** Sees to it that events which wait are in the store. */
  readonly flush: () => Promise<void>
  readonly target: TrailTarget
  /** Lots of events that a trail gets at once, before the next trail's turn; tests let them be few. */
  readonly lots?: number
}
