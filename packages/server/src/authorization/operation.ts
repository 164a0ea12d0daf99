import type { AccountId } from '../base/index.ts'
import type { Caller } from '../session/index.ts'
import type { AccessRequest, ContextKeys, PassedRole } from './access.ts'
import type { Call } from './call.ts'

/** What an operation adds to its event beyond what the model says. */
export interface EventNotes {
  readonly resources?: readonly { readonly accountId?: string; readonly type: string; readonly ARN: string }[]
  /** Replaces what the model's rule would write. */
  readonly requestParameters?: Readonly<Record<string, unknown>> | null
  readonly responseElements?: Readonly<Record<string, unknown>> | null
  readonly additionalEventData?: Readonly<Record<string, unknown>>
  /** Accounts beside the caller's that get the event too, sharing its sharedEventID. */
  readonly alsoIn?: readonly AccountId[]
  /** What the service tells of the outcome in events of its own; nothing where the call failed. */
  readonly tells?: readonly ServiceEvent[]
}

/** An event that no call makes: a service tells what came of one, in an account's trail (behaviour TRL-45). */
export interface ServiceEvent {
  readonly account: AccountId
  readonly name: string
  /** Who is said to tell it; left out, the service by its name. */
  readonly by?: string
  /** Whether it tells of no change; left out, it tells of one. */
  readonly readOnly?: boolean
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * One operation's meaning: what it touches, what it adds to the context, what it passes on, what it does.
 * `run` and the functions before it are synchronous and see one consistent state of the accounts; what
 * must wait (a hash, a look-up in the trail, a fetch) waits in `prepare`, which changes nothing.
 */
export interface Operation<Input, Output, Prepared = unknown> {
  /** Accounts beside the caller's that the call touches; they are loaded first. */
  accounts?(input: Input, call: Call): readonly AccountId[]
  /** Who an unsigned call comes from, proven by what it brings along. Awaited before permission is asked. */
  identify?(input: Input, call: Call): Promise<Caller>
  /** The ARN(s) that the action is asked on. Left out: `*`. */
  resource?(input: Input, call: Call): string | readonly string[]
  /** Condition keys of the request beside the global ones. */
  context?(input: Input, call: Call): ContextKeys
  /** Instead of `resource` and `context`: all questions, where they are several or the action's name is another. */
  requests?(input: Input, call: Call): readonly AccessRequest[]
  /** Roles handed to services. */
  passes?(input: Input, call: Call): readonly PassedRole[]
  prepare?(input: Input, call: Call): Promise<Prepared>
  /** Whether `prepare` is all that the call is for: nothing is decided anew behind it. */
  readonly actsInPrepare?: boolean
  run(input: Input, call: Call, prepared: Prepared): Output
  /** What follows once the call and its event are kept. The answer waits for it; it changes nothing of the answer. */
  afterwards?(input: Input, output: Output, call: Call): Promise<void>
  /** What the event says beyond the model. `output` is undefined where the call failed. */
  event?(input: Input, output: Output | undefined, call: Call): EventNotes
  /** Whether the call changes nothing; left out, the verb of its name decides (Get, List, Describe …). */
  readonly readOnly?: boolean
}

/** Operations by name, as a service folder exports them. */
export type Operations = Readonly<Record<string, Operation<never, unknown>>>

/** One API as served: its operations, and those not there yet, which get an honest fault. */
export interface ServedApi {
  readonly id: string
  readonly operations: Operations
}

/** The inputs and outputs of an API's operations, as the generated types list them. */
export type OperationTypes<Ops> = {
  readonly [Name in keyof Ops]: { readonly input: unknown; readonly output: unknown }
}

/**
 * An API's operations as its folder must write them: every operation of the model that is not named
 * as pending, with the model's types. One that is neither written nor pending does not compile.
 */
export type Served<Ops extends OperationTypes<Ops>, Pending extends keyof Ops = never> = {
  readonly [Name in Exclude<keyof Ops, Pending>]: Operation<Ops[Name]['input'], Ops[Name]['output']>
}

/** A part of an API's operations, as one file of a family writes them. */
export type Family<Ops extends OperationTypes<Ops>, Names extends keyof Ops> = {
  readonly [Name in Names]: Operation<Ops[Name]['input'], Ops[Name]['output']>
}

/** Gathers an API: `serveApi('iam', operations satisfies Served<Iam.Operations, Pending>)`. */
export function serveApi(
  id: string,
  operations: Readonly<Record<string, Operation<never, unknown>>>,
): ServedApi {
  return { id, operations }
}
