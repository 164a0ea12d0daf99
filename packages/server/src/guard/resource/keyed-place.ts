import type { AccessRequest, Call } from '../../authorization/index.ts'
import type { IdentifiedCall, Input } from '../catalogue/index.ts'
import type { Asked } from './answers.ts'
import type { BucketFacts } from './bucket-facts.ts'

/**
 * Sends a request to the upstream, in the account and region of the call; the text of its answer, undefined if it
 * refuses. Without a name the answer is not remembered; with one, the request is made only if there is no answer.
 */
export type AskUpstream = (name: string | undefined, asked: () => Asked) => Promise<string | undefined>

/** Something under keys of AWS KMS. */
export interface KeyedThing {
  /** By id, alias or ARN, as the upstream or the call names them; empty if it is under a key of the service's own. */
  readonly keys: readonly string[]
  /** The facts that an encryption context can contain. */
  readonly facts: Readonly<Record<string, string>>
  /** The ARN of the role with which it is used. */
  readonly role?: string
}

/** The knowledge of a reader. */
export interface KeyedPlace {
  readonly input: Input
  readonly own: readonly AccessRequest[]
  /** The same with the owners of their resources, as far as these are known. */
  readonly owned: readonly AccessRequest[]
  readonly call: Call
  readonly ask: AskUpstream
  readonly found: IdentifiedCall
  /** The key that the call names. */
  readonly named: string | undefined
  readonly facts: BucketFacts
  /** The headers of the upstream's answer, if there is one already. */
  readonly answer?: Readonly<Record<string, string | undefined>> | undefined
}

/** Finds the things whose keys a call uses. */
export type KeyReader = (place: KeyedPlace) => Promise<readonly KeyedThing[]>
