import type { CompiledSet } from '../compile/compile.ts'
import type { ContextInput } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'

/**
 * The domain of a variable: one of a list of texts, or any text of a character set and length.
 *
 * A character set is written as in a regular expression, without the brackets: `a-zA-Z0-9_+=,.@-`. A hyphen at either
 * end is a hyphen. If absent, every character is allowed.
 */
export type Grammar =
  | { readonly values: readonly string[] }
  | {
      readonly characters?: string
      /** The set of the first character, if it is smaller. */
      readonly first?: string
      /** The set of the last character, if it is smaller. */
      readonly last?: string
      /** Characters; 1 if absent. */
      readonly least?: number
      /** Characters; unlimited if absent. */
      readonly most?: number
    }

/** A part of a text that is still open. Variables of the same name hold the same text in all requests of a question. */
export interface ShapeVariable {
  readonly variable: string
  readonly grammar: Grammar
}

/** The form of a text: literal text and variables. `['arn:aws:s3:::', { variable: 'bucket', grammar: … }]` */
export type Shape = readonly (string | ShapeVariable)[]

/**
 * The domain of a condition key. At most one of `values`, `shape`, `range` and `dates` is present; if none is, any text.
 */
export interface KeyDomain {
  readonly values?: readonly string[]
  readonly shape?: Shape
  /** Whole numbers, both ends included. Of aws:EpochTime, seconds. */
  readonly range?: { readonly least: number; readonly most: number }
  /** Dates in ISO 8601, both ends included. Of aws:CurrentTime: from now on. */
  readonly dates?: { readonly earliest: string; readonly latest: string }
  /** Whether the request may have no such key. */
  readonly mayBeAbsent: boolean
  /** Whether the key has a list of values, such as aws:TagKeys. */
  readonly isMultivalued?: boolean
}

/**
 * A request of which parts are still open. A condition key is one of these:
 * - known: in `context`, or in `absent` (the request never has it);
 * - chosen: the caller sets it, so the search picks its value;
 * - open: everything else. It is a secret or depends on the surroundings, so a condition on it stays as a residual.
 *
 * In `chosen`, `open` and `absent` a name that ends in `*` is every key that starts with the text before it
 * (`aws:RequestTag/*`). A full name wins over such a name, and a longer one over a shorter one.
 */
export interface OpenRequest {
  readonly principal: Principal
  /** A single action, in any case: `lambda:CreateFunction`. */
  readonly action: string
  readonly resource: string | Shape
  /** As in `Request`. Required if the account of the ARN is not literal text. */
  readonly resourceAccount?: string | undefined
  /** Known keys with their values. The keys of the principal (`principalContext`) belong here. */
  readonly context: Readonly<Record<string, ContextInput | undefined>>
  readonly chosen?: Readonly<Record<string, KeyDomain>>
  /** The values that open keys may hold. If absent: any text, or absent. */
  readonly open?: Readonly<Record<string, KeyDomain>>
  readonly absent?: readonly string[]
}

/** A request, and the policies that must allow it. */
export interface Asked {
  readonly request: OpenRequest
  readonly policies: CompiledSet
  /**
   * Requests with the same name belong to one call: an open key has the same value in all of them. If absent, the
   * request is a call of its own.
   */
  readonly call?: string
}

export interface WitnessOptions {
  /** Steps of the search, 200,000 if absent. A step is about one state of an automaton or one test of a statement. */
  readonly steps?: number
}
