import type { CasePolicySet, CaseRequest } from '@omen-iam/policy'
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

/** What all cases of a file share. */
export interface Given {
  readonly account?: string
  readonly seed?: string
  readonly principals?: Readonly<Record<string, WrittenPrincipal | null>>
  readonly resources?: Readonly<
    Record<string, { readonly policy?: PolicyReference; readonly account?: string } | null>
  >
  readonly organization?: Pick<WrittenPolicies, 'scp' | 'rcp'>
  readonly endpoint?: readonly PolicyReference[]
  readonly context?: CaseContext
}

/** A case as it is written, long or short. */
export interface WrittenCase {
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
}

export type Expected = 'allowed' | 'denied' | 'explicitDeny' | 'implicitDeny'

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
