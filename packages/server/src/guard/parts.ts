import type { AccessRequest, Call, House } from '../authorization/index.ts'
import type { AccountId, Fault, HttpRequest, RequestHead } from '../base/index.ts'
import type { Admitted } from '../pipeline/index.ts'
import type { Route } from '../wire/index.ts'
import type { PayloadProof } from '../wire/sigv4/index.ts'
import type { OldTerms } from './old-signature.ts'
import type { UpstreamOptions } from './upstream.ts'

/** Who called, and what the body has to prove as it passes. */
export interface HeadAdmitted extends Admitted {
  readonly proof?: PayloadProof
}

/** Which account created a bucket through the guard. The records outlive the process. */
export interface BucketOwners {
  find(bucket: string): Promise<AccountId | undefined>
  /** The account got the bucket with a request of the instant `since`. Of two at once, the first to be noted keeps it. */
  note(
    bucket: string,
    creation: { readonly account: AccountId; readonly since: number; readonly now: number },
  ): Promise<void>
  forget(bucket: string): Promise<void>
  /** The upstream was emptied. */
  forgetAll(): Promise<void>
}

/** What a call of CloudFormation needs beside its own permission, and what follows from it. */
export interface StackPlan {
  /** Who asks. */
  readonly call: Call
  readonly requests: readonly AccessRequest[]
  /** CloudFormation refuses the call, whatever policies say. */
  readonly refused?: Fault
  /** The body that goes on. */
  readonly body?: Uint8Array
  /** Types of which no permission but CloudFormation's own is asked. */
  readonly unasked: readonly string[]
  before?(): Promise<void>
  /** The upstream refused: what it says when it is asked once more, if that may help and does. */
  again?(errorCode: string): Promise<string | undefined>
  after(succeeded: boolean): Promise<void>
}

/** Who knows what stacks make. */
export interface StackKeeper {
  /** Undefined of calls that change no stack in a way that is known. @throws Fault if the call cannot be read */
  plan(call: Call, body: Uint8Array): Promise<StackPlan | { readonly unknown: string } | undefined>
}

/** What the guard asks of the house around it. */
export interface GuardParts {
  readonly house: House
  readonly upstream: UpstreamOptions
  /** The services that the house itself answers. */
  readonly served: ReadonlySet<string>
  /** Whether the house has a page of its own there, whatever API it may look like. */
  readonly ours: (request: HttpRequest) => boolean
  /** Finds out who signed: of a whole request, or of one whose body is still to come. */
  readonly admission: {
    admit(route: Route, request: HttpRequest, now: number, old?: OldTerms): Promise<Admitted>
    admitHead(route: Route, head: RequestHead, now: number, old?: OldTerms): Promise<HeadAdmitted>
  }
  /** An account with what binds it. */
  readonly account: (id: Call['account']['id']) => Promise<Call['account'] | undefined>
  /** Whether a role of this house lets a service put it on; undefined where it is none of its roles. */
  readonly trusts: (roleArn: string, service: string, call: Call) => boolean | undefined
  /** The ARN of the role in an instance profile of the caller's account. */
  readonly roleInProfile: (name: string, call: Call) => string | undefined
  readonly noteUse: (call: Call) => void
  /**
   * Runs what decides, and runs it again if an account that it needs has left memory meanwhile.
   * @throws Fault ServiceUnavailable if that happens again and again
   */
  readonly withAccounts: <T>(run: () => Promise<T>) => Promise<T>
  readonly bucketOwners: BucketOwners
  /** Resolves when the upstream has the IAM that a call may need; undefined if there is nothing to wait for. */
  readonly mirrored: () => Promise<void> | undefined
  readonly stacks: StackKeeper
  readonly complain: (error: unknown, requestId: string) => void
  /** The house's time as HTTP writes it. */
  readonly date: () => string
}
