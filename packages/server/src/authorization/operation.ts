import type { AccountId, Fault } from '../base/index.ts'
import type { Caller } from '../session/index.ts'
import type { StoredEvent } from '../store/index.ts'
import type { AccessRequest, ContextKeys, PassedRole } from './access.ts'
import type { Call } from './call.ts'

/** The members that an operation adds to its event beyond the model. */
export interface EventNotes {
  readonly resources?: readonly { readonly accountId?: string; readonly type: string; readonly ARN: string }[]
  /** Replaces what the model's rule would write. */
  readonly requestParameters?: Readonly<Record<string, unknown>> | null
  readonly responseElements?: Readonly<Record<string, unknown>> | null
  readonly additionalEventData?: Readonly<Record<string, unknown>>
  /** Further accounts that receive the event, with the same sharedEventID. */
  readonly alsoIn?: readonly AccountId[]
  /** Events that are stored with the call's own, whatever became of it. */
  readonly further?: readonly StoredEvent[]
  /** The call has no event of its own: a poll of a stranger, or one that the service records itself. */
  readonly unrecorded?: true
  /** Further events of the service about the outcome; none if the call failed. */
  readonly serviceEvents?: readonly ServiceEvent[]
}

/** An event without a call: a service reports an outcome in an account's trail (behaviour TRL-45). */
export interface ServiceEvent {
  readonly account: AccountId
  readonly name: string
  /** The service that reports it; by default the service by its name. */
  readonly by?: string
  /** Whether it reports no change; by default it reports one. */
  readonly readOnly?: boolean
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * The meaning of an operation: the resources that it uses, the keys that it adds to the context, the roles that it
 * passes, and its effect. Its functions are synchronous and see one consistent state of the accounts, except for those
 * that return a promise.
 */
export interface Operation<Input, Output, Prepared = unknown> extends Meaning<Input, Output> {
  /**
   * Whatever must wait (a hash, a look-up in the trail, a fetch). It changes nothing, and permission is asked again after
   * it. `prepared` infers from it what `run` receives.
   */
  prepare?(input: Input, call: Call): Promise<Prepared>
  run(input: Input, call: Call, prepared: Prepared): Output
  readonly act?: never
}

/** An operation whose effect is outside the accounts and takes time: nothing is decided again after it. */
export interface ActingOperation<Input, Output> extends Meaning<Input, Output> {
  act(input: Input, call: Call): Promise<Output>
  readonly prepare?: never
  readonly run?: never
}

interface Meaning<Input, Output> {
  /** Further accounts that the call uses; they are loaded first. */
  accounts?(input: Input, call: Call): readonly AccountId[]
  /** The caller of an unsigned call, proven by its input. Awaited before permission is asked. */
  identify?(input: Input, call: Call): Promise<Caller>
  /**
   * Reads the facts about the input that must be known before permission is asked; undefined if there is nothing to wait for. It changes no
   * account.
   */
  beforehand?(input: Input, call: Call): Promise<void> | undefined
  /** The resource or resources of the action, as ARNs. By default `*`. */
  resource?(input: Input, call: Call): string | readonly string[]
  /** Condition keys of the request beside the global ones. */
  context?(input: Input, call: Call): ContextKeys
  /** Replaces `resource` and `context`: all questions, if there are several or the action has another name. */
  requests?(input: Input, call: Call): readonly AccessRequest[]
  /** Roles that the call passes to services. */
  passes?(input: Input, call: Call): readonly PassedRole[]
  /** Runs after the call and its event are stored. The answer waits for it; it does not change the answer. */
  afterwards?(input: Input, output: Output, call: Call): Promise<void>
  /** The members of the event beyond the model. `output` is undefined if the call failed. */
  event?(input: Input, output: Output | undefined, call: Call): EventNotes
  /** The changes that stay of a call that ends with a fault; all others are undone. */
  remains?(input: Input, call: Call, fault: Fault): void
  /** No call of it has an event, whatever becomes of it: strangers send them, and would fill the trail. */
  readonly unrecorded?: true
  /** Whether the call changes nothing; by default the verb of its name decides (Get, List, Describe …). */
  readonly readOnly?: boolean
}

/** Defines an operation with `prepare`: `run` receives what it resolves to. */
export function prepared<Input, Output, Prepared>(
  operation: Operation<Input, Output, Prepared>,
): Operation<Input, Returned<Output>> {
  return operation as Operation<Input, Returned<Output>> // the executor passes what it prepared
}

/** The result of a function: one that returns nothing returns undefined. */
type Returned<Output> = Output extends void ? undefined : Output

/** Any operation with this input and output. */
type AnyOperation<Input, Output> = Operation<Input, Output> | ActingOperation<Input, Output>

/** Operations by name, as a service folder exports them. */
export type Operations = Readonly<Record<string, AnyOperation<never, unknown>>>

/** An API as served: its operations, and those that are missing, which get an explicit fault. */
export interface ServedApi {
  readonly id: string
  readonly operations: Operations
}

/** An API that a server offers. Its operations are read at its first call: most servers are asked about few APIs. */
export interface OfferedApi {
  readonly id: string
  load(): Promise<ServedApi>
}

/** The inputs and outputs of an API's operations, from the generated types. */
export type OperationTypes<Ops> = {
  readonly [Name in keyof Ops]: { readonly input: unknown; readonly output: unknown }
}

/**
 * The operations that an API's folder must implement: every operation of the model that is not named as pending, with
 * the model's types. An operation that is neither implemented nor pending does not compile, nor is one that is both.
 */
export type Served<Ops extends OperationTypes<Ops>, Pending extends keyof Ops = never> = {
  readonly [Name in Exclude<keyof Ops, Pending>]: AnyOperation<Ops[Name]['input'], Ops[Name]['output']>
} & { readonly [Name in Pending]?: never }

/** A part of an API's operations, for one file. */
export type Family<Ops extends OperationTypes<Ops>, Names extends keyof Ops> = {
  readonly [Name in Names]: AnyOperation<Ops[Name]['input'], Ops[Name]['output']>
}

/**
 * Defines a part of an API's operations: `family<Iam.Operations>()({ GetUser: { … } })`. A name that the API does not have
 * does not compile, nor does an output with a field that the model does not have, to a depth of eight.
 */
export function family<Ops extends OperationTypes<Ops>>() {
  return <Given extends Partial<Family<Ops, keyof Ops>>>(
    operations: Given & ExactFamily<Given, Ops>,
  ): Family<Ops, keyof Ops & keyof Given> => operations as unknown as Family<Ops, keyof Ops & keyof Given> // checked above
}

type ExactFamily<Given, Ops extends OperationTypes<Ops>> = {
  readonly [Name in keyof Given]: Name extends keyof Ops
    ? Given[Name] extends
        | { run(...given: never): infer Output }
        | { act(...given: never): Promise<infer Output> }
      ? [UnknownFields<Output, Ops[Name]['output']>] extends [never]
        ? unknown
        : { readonly run: UnknownFields<Output, Ops[Name]['output']> }
      : unknown
    : never
}

/** The fields of a value, to a depth of eight, that its type does not have. Shapes may contain themselves. */
type UnknownFields<Given, Known, Depth extends readonly unknown[] = []> = Depth['length'] extends 8
  ? never
  : Given extends Leaf
    ? never
    : Given extends readonly (infer Item)[]
      ? Extract<NonNullable<Known>, readonly unknown[]> extends readonly (infer KnownItem)[]
        ? UnknownFields<Item, KnownItem, [...Depth, 0]>
        : never
      : string extends keyof Given
        ? never
        : {
            [Field in keyof Given]-?: Field extends FieldsOf<Known>
              ? UnknownFields<Given[Field], FieldOf<Known, Field>, [...Depth, 0]>
              : Field
          }[keyof Given]

type Leaf =
  | string
  | number
  | boolean
  | bigint
  | Date
  | Uint8Array
  | undefined
  | null
  | ((...given: never) => unknown)

type FieldsOf<Known> = Known extends object ? (string extends keyof Known ? PropertyKey : keyof Known) : never

type FieldOf<Known, Field> = Known extends object
  ? Field extends keyof Known
    ? Known[Field]
    : string extends keyof Known
      ? Known[keyof Known]
      : never
  : never

/** Combines an API: `serveApi('iam', operations satisfies Served<Iam.Operations, Pending>)`. */
export function serveApi(id: string, operations: Operations): ServedApi {
  return { id, operations }
}
