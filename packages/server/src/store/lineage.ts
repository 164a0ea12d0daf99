import { systemRandom, uuid } from '../base/index.ts'
import type { Lineage } from './account-types.ts'

/**
 * Returns the name of a new state of an account. It comes from the machine's random source even where a test has a seed:
 * two nodes with the same seed must not name two states alike.
 */
export function newLineage(): Lineage {
  return uuid(systemRandom) as Lineage // a UUID that nothing else has
}
