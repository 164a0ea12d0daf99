import type { Automaton } from './automaton.ts'

/** A constraint on the text of a slot: one of several patterns matches it, or none does. */
export interface TextConstraint {
  /** The place of the text's shape. */
  readonly slot: number
  readonly patterns: readonly Automaton[]
  readonly want: boolean
}

/** The text of each variable. */
export type Texts = ReadonlyMap<string, string>
