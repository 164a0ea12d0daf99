import type { ContextInput } from '@omen-iam/policy'
import type { AccountId } from '../base/index.ts'
import type { Caller } from '../session/index.ts'
import type { Call } from './call.ts'

/** Condition keys and their values; undefined ones are absent from the request. */
export type ContextKeys = Readonly<Record<string, ContextInput | undefined>>

/** The policy that a resource brings along, and who must say yes on it. */
export interface ResourcePolicy {
  /** The document's text; undefined where the resource has none, which matters under `explicit` and `trust`. */
  readonly document: string | undefined
  readonly grant: 'either' | 'explicit' | 'trust'
  readonly arn?: string
  /** There is no such resource, so that nobody can give it a policy. */
  readonly missing?: boolean
}

/** One question that a call raises: may the caller do this action on this resource? */
export interface AccessRequest {
  /** `iam:CreateRole`. */
  readonly action: string
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string
  /** Whose the resource is; left out, the account in its ARN or else the caller's. */
  readonly resourceAccount?: AccountId
  readonly context?: ContextKeys
  readonly resourcePolicy?: ResourcePolicy
  /** The operation needs no permission and no policy can deny it. */
  readonly exempt?: boolean
  /** How a refusal names the resource, where AWS does not write the ARN; null leaves the clause out. */
  readonly resourceInSentence?: string | null
  /** Live STS says nothing behind the resource when a trust policy refuses. */
  readonly bareSentence?: boolean
  /** What a refusal says instead of AWS's common sentence. */
  readonly refusal?: string
}

/** A role that the call hands to a service: iam:PassRole is asked for it. */
export interface PassedRole {
  readonly roleArn: string
  /** The service principal that will wear it: iam:PassedToService. */
  readonly service: string
  readonly associatedResourceArn?: string
}

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
  run(input: Input, call: Call, prepared: Prepared): Output
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
