import type { TrailRead } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import type { WorldChange } from './sent-account.ts'

/** The name of an operation of the graph that the thread answers. */
export type OperationName = Exclude<keyof OmenGraph.Operations, 'GetAccountDetails'>

/** A question, as the thread is asked. */
export interface Question<Name extends OperationName = OperationName> {
  readonly operation: Name
  readonly input: OmenGraph.Operations[Name]['input']
  /** The revision of the account. */
  readonly revision: string
  /** The calls of the trail that a cut spares, for ProposeCut. */
  readonly trail: TrailRead | undefined
}

/** Accounts by their numbers in the thread, and the group of accounts whose paths are watched together. */
interface Watched {
  readonly group: number
  readonly accounts: readonly number[]
  /** The most steps of a comparison; undefined is the usual number. */
  readonly steps: number | undefined
}

/** The questions that the thread answers. */
export type Asked =
  | { readonly op: 'answer'; readonly accounts: readonly number[]; readonly question: Question }
  /** Asks for the paths that opened since the last look, or since the base. From now on they are known. */
  | ({ readonly op: 'look' } & Watched)
  /**
   * Asks for the paths that would open if the accounts were changed like this. `limit`: the most milliseconds of work.
   */
  | ({
      readonly op: 'judge'
      readonly tried: readonly (readonly [account: number, change: WorldChange])[]
      readonly limit: number
    } & Watched)

/** The messages that the thread takes without an answer. */
export type Told =
  | { readonly op: 'change'; readonly account: number; readonly change: WorldChange }
  | { readonly op: 'forget'; readonly accounts: readonly number[]; readonly group?: number }
  /** The accounts as they are now are what later changes are compared with. */
  | { readonly op: 'base'; readonly group: number; readonly accounts: readonly number[] }
  /** A change that was judged has been made, or not. */
  | { readonly op: 'judged'; readonly group: number; readonly judge: number; readonly isMade: boolean }

/** The messages to the thread. */
export type ToThread = Told | (Asked & { readonly id: number })

/** The messages of the thread. */
export type FromThread =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly fault: { readonly code: string; readonly message: string } }
  | { readonly id: number; readonly error: string }

/** A path to an administrator that a change has opened. */
export interface OpenedPath {
  readonly from: string
  /** The principal as people know it in its account. */
  readonly name: string
  readonly verdict: string
  readonly steps: number
  /** The path in one line. */
  readonly line: string
}

/** The result of a look or a judgement. */
export interface Found {
  readonly opened: readonly OpenedPath[]
  /** Users and roles of which it is not known whether they come to an administrator. */
  readonly unknown: number
  /** If searches ended early: why, and how many principals could not be searched to the end. */
  readonly incomplete?: { readonly why: string; readonly principals: number }
}

/** The result of a look, and the milliseconds of a processor that it took. */
export interface Looked extends Found {
  readonly worked: number
}
