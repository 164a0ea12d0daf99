import type { Exactness } from './packed.ts'
import { guardCatalogue } from './services.ts'

/** The exactness with which the guard knows the permissions of one service's operations. */
export interface ServiceCoverage {
  readonly id: string
  readonly title: string
  /** The prefix of its actions, if known. */
  readonly prefix: string | undefined
  readonly operations: number
  readonly of: Readonly<Record<Exactness, number>>
}

/** Service by service, how exact the mapping from operations to actions and resources is. */
export function guardCoverage(): readonly ServiceCoverage[] {
  return guardCatalogue().all.map(({ id, title, prefix, exactness }) => {
    const of = { exact: 0, derived: 0, wildcard: 0, unknown: 0, ...exactness }
    return { id, title, prefix, operations: of.exact + of.derived + of.wildcard + of.unknown, of }
  })
}
