import type { TechniqueNeed } from './technique-need.ts'

/** A sentence in each language. `{name}` in it is a value that the fact has. */
export interface FactWords {
  readonly en: string
  readonly ja: string
}

/** The value that decides a fact: a member of the resource that is bound, something about what is bound, or a list of resources. */
export type FactSubject =
  /** The first of these members that the inventory has. */
  | { readonly member: readonly [string, ...string[]] }
  /** Something that the graph reads by name. */
  | { readonly record: string }
  /** How many resources of a type there are; absent if the inventory has no list of them. */
  | { readonly list: string }

/** A value: a text with wildcards in lower case, a number below a limit, or how there is none. */
export type FactMatch =
  | string
  | boolean
  | { readonly below: number }
  | { readonly is: 'absent' | 'given' | 'empty' }

/** A test of a value: one of these fits. */
export interface FactTest {
  readonly of: FactSubject
  readonly any: readonly FactMatch[]
}

/** One way in which a fact holds. */
export interface FactWay {
  readonly known: 'details' | 'inventory' | 'unknown'
  /** The sentence about it, by its name; absent if nothing is said. */
  readonly says?: string
  /** Further calls of the caller. */
  readonly needs?: readonly TechniqueNeed[]
  /** Actions that the role which is the target must be allowed on every resource. */
  readonly may?: readonly string[]
  /** Values of condition keys, or of variables of ARNs, that hold because of it. */
  readonly with?: Readonly<Record<string, string>>
}

/** A case of a fact: the first one whose tests all fit decides. Without ways the fact does not hold. */
export interface FactCase {
  readonly when: readonly FactTest[]
  readonly ways: readonly FactWay[]
}

/** A fact of the account that a technique may need. */
export interface FactBlock {
  readonly name: FactWords
  /** Absent if code decides. */
  readonly cases?: readonly FactCase[]
  /** The service that a further role is passed to, and the policy of AWS with which a role serves it. [PSR-8, PSR-9] */
  readonly passes?: { readonly service: string; readonly policy: string }
  /** Further calls of the caller that code asks for. */
  readonly asks: readonly TechniqueNeed[]
  /** Whether it compares the names of two existing resources. */
  readonly comparesNames?: true
  /** Whether only the search says it, and no row asks it. */
  readonly isOfSearch?: true
  /** Whether only rows without effect name it, so that nothing decides it. */
  readonly isShown?: true
  /**
   * The read-only commands that say what is not known, by the sentence about it; `*`: any other sentence. `{name}` is a value of
   * the sentence, a name in capitals one of the user. null: no call says it. [GRD-725]
   */
  readonly reads?: Readonly<Record<string, string | null>>
  /** Its sentences, by their names. */
  readonly says: Readonly<Record<string, FactWords>>
}
