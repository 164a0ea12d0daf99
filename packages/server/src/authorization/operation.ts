import type { AccountId } from '../base/index.ts'
import type { Caller } from '../session/index.ts'
import type { AccessRequest, ContextKeys, PassedRole } from './access.ts'
import type { Call } from './call.ts'

/** What an operation adds to its event beyond the model. */
export interface EventNotes {
  readonly resources?: readonly { readonly accountId?: string; readonly type: string; readonly ARN: string }[]
  /** Replaces what the model's rule would write. */
  readonly requestParameters?: Readonly<Record<string, unknown>> | null
  readonly responseElements?: Readonly<Record<string, unknown>> | null
  readonly additionalEventData?: Readonly<Record<string, unknown>>
  /** Further accounts that receive the event, with the same sharedEventID. */
  readonly alsoIn?: readonly AccountId[]
  /** Further events of the service about the outcome; none if the call failed. */
  readonly tells?: readonly ServiceEvent[]
}

/** An event without a call: a service reports an outcome in an account's trail (behaviour TRL-45). */
export interface ServiceEvent {
  readonly account: AccountId
  readonly name: string
  /** Who reports it; by default the service by its name. */
  readonly by?: string
  /** Whether it reports no change; by default it reports one. */
  readonly readOnly?: boolean
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * The meaning of an operation: the resources that it uses, the keys that it adds to the context, the roles that it
 * passes, and its effect. `run` and the functions before it are synchronous and see one consistent state of the
 * accounts; whatever must wait (a hash, a look-up in the trail, a fetch) waits in `prepare`, which changes nothing.
 */
export interface Operation<Input, Output, Prepared = unknown> {
  /** Further accounts that the call uses; they are loaded first. */
  accounts?(input: Input, call: Call): readonly AccountId[]
  /** The caller of an unsigned call, proven by its input. Awaited before permission is asked. */
  identify?(input: Input, call: Call): Promise<Caller>
  /** The resource or resources of the action, as ARNs. By default `*`. */
  resource?(input: Input, call: Call): string | readonly string[]
  /** Condition keys of the request beside the global ones. */
  context?(input: Input, call: Call): ContextKeys
  /** Replaces `resource` and `context`: all questions, if there are several or the action has another name. */
  requests?(input: Input, call: Call): readonly AccessRequest[]
  /** Roles that the call passes to services. */
  passes?(input: Input, call: Call): readonly PassedRole[]
  prepare?(input: Input, call: Call): Promise<Prepared>
  /** Whether `prepare` is the whole purpose of the call: nothing is decided again after it. */
  readonly actsInPrepare?: boolean
  run(input: Input, call: Call, prepared: Prepared): Output
  /** What follows after the call and its event are stored. The answer waits for it; it does not change the answer. */
  afterwards?(input: Input, output: Output, call: Call): Promise<void>
  /** What the event contains beyond the model. `output` is undefined if the call failed. */
  event?(input: Input, output: Output | undefined, call: Call): EventNotes
  /** Whether the call changes nothing; by default the verb of its name decides (Get, List, Describe …). */
  readonly readOnly?: boolean
}

/** Operations by name, as a service folder exports them. */
export type Operations = Readonly<Record<string, Operation<never, unknown>>>

/** An API as served: its operations, and those that are missing, which get an explicit fault. */
export interface ServedApi {
  readonly id: string
  readonly operations: Operations
}

/** The inputs and outputs of an API's operations, from the generated types. */
export type OperationTypes<Ops> = {
  readonly [Name in keyof Ops]: { readonly input: unknown; readonly output: unknown }
}

/**
 * The operations that an API's folder must implement: every operation of the model that is not named as pending, with
 * the model's types. An operation that is neither implemented nor pending does not compile.
 */
export type Served<Ops extends OperationTypes<Ops>, Pending extends keyof Ops = never> = {
  readonly [Name in Exclude<keyof Ops, Pending>]: Operation<Ops[Name]['input'], Ops[Name]['output']>
}

/** A part of an API's operations, for one file. */
export type Family<Ops extends OperationTypes<Ops>, Names extends keyof Ops> = {
  readonly [Name in Names]: Operation<Ops[Name]['input'], Ops[Name]['output']>
}

/** Combines an API: `serveApi('iam', operations satisfies Served<Iam.Operations, Pending>)`. */
export function serveApi(
  id: string,
  operations: Readonly<Record<string, Operation<never, unknown>>>,
): ServedApi {
  return { id, operations }
}
