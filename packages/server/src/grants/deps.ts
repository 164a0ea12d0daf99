import type { Clock, Random, Vault } from '../base/index.ts'
import type { Directory } from '../directory/index.ts'

/** The parts of a server that grants need. */
export interface GrantsDeps {
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly directory: Directory
}
