import type { AccessRequest } from '../../authorization/index.ts'
import type { AccountImage, Image } from '../../intake/index.ts'
import type { Given } from '../../sources/index.ts'
import type { StackPlace } from './place.ts'
import type { Step } from './steps.ts'
import type { Tags } from './tags.ts'
import type { UpstreamQuestion } from './upstream-stacks.ts'

/** The questions of the thread to the main thread while it reads. */
export type HostQuestion =
  | { readonly ask: UpstreamQuestion; readonly place: StackPlace }
  /** The text of an object by its URL; undefined if there is none. */
  | { readonly object: string; readonly place: StackPlace }

/** The server's knowledge about a stack. */
export interface KnownHere {
  /** The service role that the stack has. */
  readonly roleArn?: string | undefined
  /** The things that the stack has made here: `role worker`. */
  readonly own: readonly string[]
  /** The URL of the guard's own bucket in the upstream, with a slash at its end. */
  readonly bucket: string
}

/** A stack as a call names it. */
interface StackAt {
  readonly place: StackPlace
  /** The name or ARN of the stack in the call. */
  readonly reference: string
}

/** Something that a resource is handed: a role, or an instance profile of which the server knows the role. */
export interface HandedOn {
  readonly role?: string
  readonly profile?: string
  readonly service: string
}

/** A refusal by CloudFormation. */
export interface Refused {
  readonly code: string
  readonly message: string
  readonly status?: number | undefined
}

/** Templates as they are forwarded. */
export interface Sent {
  /** The outermost template. */
  readonly text: string
  /** The templates of nested stacks, by their keys in the guard's own bucket. */
  readonly objects: ReadonlyMap<string, string>
}

/** The result of reading a stack's call. */
export interface StackReading {
  readonly stack: string
  /** The service role that acts. */
  readonly roleArn?: string | undefined
  readonly parameters: ReadonlyMap<string, Given>
  readonly tags: Tags
  readonly requests: readonly AccessRequest[]
  readonly passed: readonly HandedOn[]
  readonly unasked: readonly string[]
  readonly refused?: Refused | undefined
  /** Roles that the change deletes, by their names. */
  readonly deletedRoles: readonly string[]
  /** The IAM resources of the stack, except those that are retained. */
  readonly kept?: readonly AccountImage[] | undefined
  /** The template that the stack has then; absent if it is deleted. */
  readonly text?: string | undefined
  readonly objects: ReadonlyMap<string, string>
  /** The body to forward; absent if the call has its own. */
  readonly body?: Uint8Array | undefined
}

/** The result of reading a proposed change set. */
export interface ProposalReading {
  readonly parameters: ReadonlyMap<string, Given>
  /** Undefined: the stack keeps those that it has. */
  readonly tags: Tags | undefined
  readonly refused?: Refused | undefined
  readonly sent: Sent
  readonly body: Uint8Array
}

/** The result of adopting a stack that the upstream is ready with. */
export interface AdoptionReading {
  readonly steps: readonly Step[]
  readonly image?: Image | undefined
}

type Form = readonly (readonly [name: string, value: string])[]

/** The tasks of the thread, each with its input and its output. */
export interface Readings {
  /** A stack is created or updated. */
  readonly change: {
    readonly input: StackAt & { readonly form: Form; readonly known: KnownHere }
    readonly output: StackReading
  }
  /** A change set is executed. */
  readonly execute: {
    readonly input: StackAt & {
      readonly text: string
      readonly parameters: ReadonlyMap<string, string | undefined>
      readonly tags?: Tags | undefined
      readonly roleArn?: string | undefined
      readonly known: KnownHere
    }
    readonly output: StackReading
  }
  readonly remove: {
    readonly input: StackAt & {
      readonly roleArn?: string | undefined
      readonly retained: readonly string[]
      readonly known: KnownHere
    }
    readonly output: StackReading
  }
  /** A change set is created. */
  readonly propose: {
    readonly input: StackAt & { readonly form: Form; readonly bucket: string }
    readonly output: ProposalReading
  }
  /** The upstream is ready with a stack. */
  readonly adopt: {
    readonly input: {
      readonly place: StackPlace
      readonly stack: string
      readonly parameters: ReadonlyMap<string, Given>
      readonly tags: Tags
      readonly kept?: readonly AccountImage[] | undefined
      readonly text?: string | undefined
    }
    readonly output: AdoptionReading
  }
  /** The answer of GetTemplate as its caller must see it; undefined if it is that already. */
  readonly shown: { readonly input: { readonly answer: string }; readonly output: string | undefined }
}

export type ReadingName = keyof Readings

/** To the thread: a reading, or the answer to its question. */
export type ToReader =
  | { readonly op: ReadingName; readonly input: unknown }
  | { readonly question: number; readonly answer: unknown }
  | { readonly question: number; readonly failed: true }

/** From the thread: a question, or how the reading ended. */
export type FromReader =
  | ({ readonly question: number } & HostQuestion)
  | { readonly output: unknown }
  /** The effect of the template is not known. */
  | { readonly unknown: string }
  | { readonly refused: Refused }
  /** The main thread could not answer a question. */
  | { readonly unanswered: number }
  | { readonly error: string }
