import type { CasePolicySet, CaseRequest, Decision } from '@omen-iam/policy'
import type { PathExpectation, Verdict } from '../../graph/index.ts'
import type { Check } from '../../learn/form/index.ts'
import type { Place } from '../../report/index.ts'

/** A policy in a case file: the document, or a file with it. */
export type PolicyReference = string | Readonly<Record<string, unknown>>

/** Condition keys as a case file has them. */
export type CaseContext = NonNullable<CaseRequest['context']>

export interface WrittenPolicies {
  readonly identity?: readonly PolicyReference[]
  readonly boundary?: readonly PolicyReference[]
  readonly session?: readonly PolicyReference[]
  readonly resource?: PolicyReference
  readonly scp?: readonly (readonly PolicyReference[])[]
  readonly rcp?: readonly (readonly PolicyReference[])[]
  readonly endpoint?: readonly PolicyReference[]
}

export interface WrittenPrincipal extends Pick<WrittenPolicies, 'identity' | 'boundary' | 'session'> {
  readonly arn?: string
  readonly role?: string
  readonly context?: CaseContext
}

/** The members that all cases of a file share. */
export interface Given {
  readonly account?: string
  readonly seed?: string
  readonly principals?: Readonly<Record<string, WrittenPrincipal | null>>
  readonly resources?: Readonly<
    Record<string, { readonly policy?: PolicyReference; readonly account?: string } | null>
  >
  readonly organization?: string | Pick<WrittenPolicies, 'scp' | 'rcp'>
  readonly endpoint?: readonly PolicyReference[]
  readonly context?: CaseContext
  /** The account that paths are asked of, unless it is the seed's. */
  readonly from?: string
  readonly inventory?: string
}

/** A case file's expectations about paths. */
export interface WrittenPaths {
  readonly from: string | readonly string[]
  readonly to?: string | readonly string[]
  readonly expect: PathExpectation['expect']
  readonly except?: string | readonly string[]
  readonly derived?: boolean
  /** As it is written: text of a number in YAML. */
  readonly steps?: number | string
}

/** Members of a case about calls, events, sessions and limits of a seed. */
type OfSeed = Pick<
  Check,
  | 'session'
  | 'bearer'
  | 'call'
  | 'input'
  | 'code'
  | 'equals'
  | 'keep'
  | 'wears'
  | 'trail'
  | 'where'
  | 'count'
  | 'most'
  | 'of'
  | 'most-trust'
>

/** A case as it is written, long or short. */
export interface WrittenCase extends OfSeed {
  readonly name?: string
  readonly request?: CaseRequest
  readonly policies?: WrittenPolicies
  readonly expect?: Expected
  readonly because?: string
  readonly who?: string
  readonly can?: string | readonly string[]
  readonly cannot?: string | readonly string[]
  readonly 'can-assume'?: string | readonly string[]
  readonly 'cannot-assume'?: string | readonly string[]
  readonly 'can-pass'?: string | readonly string[]
  readonly 'cannot-pass'?: string | readonly string[]
  readonly to?: string
  readonly on?: string | readonly string[]
  readonly context?: CaseContext
  readonly paths?: WrittenPaths
}

/** The files of an account whose paths are asked for. */
export interface AccountFiles {
  readonly from: string
  readonly inventory?: string
  readonly organization?: string
}

/** `holds`: what a check of a seed says. */
export type Expected = Decided | PathExpectation['expect'] | 'holds'

/** The expected decision on a request. */
export type Decided = 'allowed' | 'denied' | 'explicitDeny' | 'implicitDeny'

/** The question: to the engine with policies from files, or to a server with a seed. */
export type Question =
  | { readonly type: 'engine'; readonly request: CaseRequest; readonly policies: CasePolicySet }
  | {
      readonly type: 'action'
      readonly who: string
      readonly action: string
      readonly resource: string
      readonly context: CaseContext
    }
  | { readonly type: 'assume'; readonly who: string; readonly role: string; readonly context: CaseContext }
  | { readonly type: 'pass'; readonly who: string; readonly role: string; readonly service: string }
  | { readonly type: 'check'; readonly check: Check }
  | {
      readonly type: 'paths'
      readonly expectation: PathExpectation
      readonly derived: boolean
      readonly steps?: number
      /** Absent where the account is a seed's. */
      readonly files?: AccountFiles
    }

/** The questions for the policy engine: all but paths and checks of a server. */
export type PolicyQuestion = Exclude<Question, { type: 'paths' | 'check' }>

/** One question with its expected answer. A short case with lists becomes several. */
export interface PreparedCase {
  readonly file: string
  readonly name: string
  readonly expect: Expected
  readonly because?: string
  readonly question: Question
  /** The seed file behind `question`, if a server answers it. */
  readonly seed?: string
  /** Where it is written. */
  readonly place: () => Place
}

/** A statement that decided, or came near, and its location. */
export interface Named {
  readonly words: string
  readonly sid?: string
  /** Absent if the statement is in the case itself. */
  readonly place?: Place
}

/** How a case went. */
export interface Tested {
  readonly file: string
  readonly name: string
  readonly status: 'passed' | 'failed' | 'error'
  readonly expect: Expected
  /** Absent if the case could not be evaluated. */
  readonly got?: Decision['outcome'] | Verdict | 'holds' | 'differs'
  /** The layer that decided, or the reason of an allow; of paths, how many are not as expected; of an error, the message. */
  readonly because: string
  readonly wanted?: string
  /** The statements that decided; for an implicit denial those that came nearest. */
  readonly statements: readonly Named[]
  /** Of a denial that should be an allow: the smallest change. */
  readonly change: readonly string[]
  readonly place: () => Place
}
