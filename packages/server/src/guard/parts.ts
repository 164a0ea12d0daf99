import type { Call, Dependencies } from '../authorization/index.ts'
import type { AccountId, HttpRequest, RequestHead } from '../base/index.ts'
import type { Admitted, StackPlan, UnknownPlan, Watch } from '../pipeline/index.ts'
import type { Route } from '../wire/index.ts'
import type { PayloadProof } from '../wire/sigv4/index.ts'
import type { CallProblem, IdentifiedCall } from './catalogue/index.ts'
import type { PerformIam } from './linked-roles.ts'
import type { OldTerms } from './old-signature.ts'
import type { UpstreamOptions } from './upstream.ts'

/** The caller, and what the body must prove as it passes. */
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

/** The keeper of what stacks create. */
export interface StackKeeper {
  /** Returns whether a bucket holds templates that the guard forwards: no caller may use it (behaviour GRD-263). */
  keepsBucket(bucket: string): boolean
  /** The answer of GetTemplate as its caller must see it; undefined to pass it on (behaviour GRD-401). */
  shown(answer: string, call: Call): Promise<string | undefined>
  /** Undefined of calls that change no stack in a way that is known. @throws Fault if the call cannot be read */
  plan(call: Call, body: Uint8Array): Promise<StackPlan | UnknownPlan | undefined>
}

/** The policy of a resource that this server itself has, by ARN; undefined if it has none of this ARN. */
export type OwnPolicy = (arn: string) => { readonly exists: true; readonly document?: string } | undefined

/** The parts of the server that the guard needs. */
export interface GuardParts {
  readonly deps: Dependencies
  readonly upstream: UpstreamOptions
  /** Returns whether the server itself answers an operation; one that is not known, if it answers the service. */
  readonly serves: (found: IdentifiedCall | CallProblem) => boolean
  /** Returns whether the server has a page of its own at this path, whatever API the request resembles. */
  readonly ours: (request: HttpRequest) => boolean
  /** Finds the signer of a whole request, or of one whose body is still to come. */
  readonly admission: {
    admit(route: Route, request: HttpRequest, now: number, old?: OldTerms): Promise<Admitted>
    admitHead(route: Route, head: RequestHead, now: number, old?: OldTerms): Promise<HeadAdmitted>
  }
  /** An account with everything that limits it. */
  readonly account: (id: Call['account']['id']) => Promise<Call['account'] | undefined>
  /**
   * Returns whether a role of this server trusts a service that brings these keys; undefined if it has no such role, or if
   * its trust depends on an aws:SourceArn that is not known.
   */
  readonly trusts: (
    roleArn: string,
    service: string,
    call: Call,
    sources: Readonly<Record<string, string>>,
  ) => boolean | undefined
  /** The ARN of the role in an instance profile of the caller's account. */
  readonly roleInProfile: (name: string, call: Call) => string | undefined
  readonly ownPolicy: OwnPolicy
  readonly noteUse: (call: Call) => void
  /** Runs what a service does in IAM for a call. */
  readonly performIam: PerformIam
  /**
   * Runs a decision, and runs it again if an account that it needs left memory meanwhile. @throws Fault
   * ServiceUnavailable if that happens repeatedly
   */
  readonly withAccounts: <T>(run: () => Promise<T>) => Promise<T>
  readonly bucketOwners: BucketOwners
  /** Resolves when the upstream has the IAM entities that a call may need; undefined if nothing is pending. */
  readonly mirrored: () => Promise<void> | undefined
  /** Called after each connection to the upstream that ended: the upstream may have restarted. */
  readonly disconnected: () => void
  readonly stacks: StackKeeper
  readonly complain: (error: unknown, requestId: string) => void
  /** Measures, logs and traces calls. */
  readonly watch: Watch
  /** The server's time in HTTP format. */
  readonly date: () => string
}
