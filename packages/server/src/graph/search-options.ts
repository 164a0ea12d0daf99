import type { Technique, TechniqueTable } from '../authorization/catalogue/index.ts'

/** What a search takes into account. */
export interface SearchOptions {
  /** Rows that follow from documentation and were not tried: off for verdicts. */
  readonly derived: boolean
  /** Rows of services that are closed. */
  readonly retired: boolean
  /** Whether the first path that is proven is enough. */
  readonly isFirst?: boolean
  /** The account of which an administrator is looked for; any that is in view if absent. */
  readonly account?: string | undefined
}

/** The techniques that a search uses. */
export function techniquesFor(
  { techniques }: TechniqueTable,
  { derived, retired }: SearchOptions,
): readonly Technique[] {
  return techniques.filter(
    ({ basis, status, effect, composedOf }) =>
      effect !== 'none' &&
      composedOf === undefined &&
      (derived || basis !== 'derived') &&
      (retired || status !== 'retired'),
  )
}
