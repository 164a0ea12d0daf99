import type { Clock, Random, Vault } from '../base/index.ts'
import type { Directory, TrailUpstream } from '../directory/index.ts'
import type { Store } from '../store/index.ts'
import type { TrailTarget } from './target.ts'

/** The parts that deliveries depend on. */
export interface DeliveryParts {
  readonly store: Store
  readonly directory: Directory
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  /** Writes waiting events to the store. */
  readonly flush: () => Promise<void>
  readonly target: TrailTarget
  /** The upstream that knows the keys that trails encrypt with. */
  readonly upstream?: TrailUpstream | undefined
  /** Batches of events that a trail delivers before the next trail's turn. Tests set it low. */
  readonly lots?: number
}
