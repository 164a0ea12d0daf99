import type { AccountId, Clock, Mode, Partition, Random, Vault } from '../base/index.ts'
import type { Account, Directory, Quotas, Role, Tag, TrailUpstream } from '../directory/index.ts'
import type { ServiceId } from '../model/index.ts'
import type {
  AnonymousCaller,
  Credentials,
  KeyRing,
  MintedCredentials,
  SessionPolicies,
  SessionTokens,
  SignedCaller,
} from '../session/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../store/index.ts'
import type { DecisionLog } from './decision-log.ts'
import type { FunctionRunner, InvocationQueue } from './functions.ts'
import type { Origin } from './origin.ts'

/** Where events of reads go, and where look-ups are answered (the trail's Recorder). */
export interface EventRecorder {
  /** Events that could not be stored since the start. */
  readonly lost: number
  /** Events that are not on the disk yet. */
  readonly waiting: number
  /** Whether the last attempt to store events failed. */
  readonly failing: boolean
  add(events: readonly StoredEvent[]): void
  /** @throws Fault if it cannot be stored, so that its answer must not leave */
  keep(event: StoredEvent): Promise<void>
  /**
   * Stores the event of a call that is about to happen in another system, for the case that this process ends first.
   * @throws Fault if it cannot be stored; the call must then not happen
   */
  begin(event: StoredEvent): Promise<void>
  /** Accepts the final event with the same id. */
  end(event: StoredEvent): void
  /** Stores the events of calls that processes that are dead had begun. */
  takeOver(): Promise<void>
  flush(): Promise<void>
  /** Discards what still waits. */
  abandon(): void
  /** Stores what waits, and accepts nothing more: the store is closed next. */
  close(): Promise<void>
  lookUp(query: EventQuery): Promise<EventPage>
}

/** The server at a URL could not prove its identity: neither by a known authority nor by a thumbprint. */
export class UntrustedServer extends Error {}

/** Outgoing requests: documents of identity providers. */
export interface Web {
  /**
   * Returns the JSON document at a URL. A server whose certificate no known authority has signed is trusted if a
   * certificate of its chain has one of these thumbprints (SHA-1 in hexadecimal). @throws UntrustedServer, or another
   * Error if there is no document within the limits of time and size
   */
  getJson(url: string, thumbprints?: readonly string[]): Promise<unknown>
}

/** A service's request to assume a role. */
export interface ServiceAssumption {
  readonly account: Account
  readonly role: Role
  /** `ec2.amazonaws.com`. */
  readonly service: string
  /** Instance id, function name, task id … */
  readonly sessionName: string
  readonly lifetimeSeconds: number
  /** Keys that say for whom the service acts, such as aws:SourceArn and aws:SourceAccount. */
  readonly context?: Readonly<Record<string, string>>
  /** The region of the event. Default: the partition's global one. */
  readonly region?: string
  /** Tags of the session, all of them transitive if `transitive`: sts:TagSession is asked too. */
  readonly tags?: readonly Tag[]
  readonly transitive?: boolean
  /** Tags that the session has if the role lets the service give them, and does without if not. */
  readonly optionalTags?: readonly Tag[]
  /** sts:SetSourceIdentity is asked too. */
  readonly sourceIdentity?: string
  /** Whether the service says for whom it acts: sts:SetContext is asked too. */
  readonly setsContext?: boolean
  readonly policies?: SessionPolicies
  /** Keys of all calls of the session: which function or instance acts. */
  readonly serviceKeys?: Readonly<Record<string, string>>
}

/** An operation to run in someone's name. */
export interface Performance {
  readonly service: ServiceId
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly caller: SignedCaller | AnonymousCaller
  readonly account: Account
  readonly origin: Origin
  /** Default: the partition's global one. */
  readonly region?: string
}

/** The parts that every call may use, made once at the start. */
export interface Dependencies {
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly directory: Directory
  readonly tokens: SessionTokens
  /** The keys behind `tokens`. */
  readonly keyRing: KeyRing
  readonly web: Web
  readonly credentials: Credentials
  /** The beginning of all ARNs, and what follows from the partition (behaviour PAR-1). */
  readonly partition: Partition
  /** The account that the first start created. */
  readonly firstAccount: AccountId
  readonly mode: Mode
  readonly recorder: EventRecorder
  /** Whether trails have a place to deliver to; if not, their deliveries wait. */
  readonly deliversTrails: boolean
  /** The guard's upstream, as trails use it; undefined without one. */
  readonly trailUpstream?: TrailUpstream
  /** Whether the place of trails encrypts files with keys of AWS KMS. */
  readonly encryptsTrails?: boolean
  /** Whether calls that are not Omen's go to another endpoint, so that accounts have resources that are not here. */
  readonly isGuard?: boolean
  readonly decisions: DecisionLog
  /** Whether IAM's denials end with an authorization id, as AWS's do since 2026. If absent, they do not. */
  readonly authorizationIds?: boolean
  readonly functions: FunctionRunner
  readonly invocations: InvocationQueue
  /** The quotas of accounts; by default AWS's. */
  readonly quotas?: Quotas
  /** EC2 assumes the roles of instances that have just started (behaviour WKL-22). */
  readonly instancesStarted?: (account: AccountId, instanceIds: readonly string[]) => Promise<void>
  /**
   * A service assumes a role: the trust policy is evaluated, credentials are minted, and the AssumeRole is recorded.
   * Returns undefined if the role does not trust the service, which is recorded too.
   */
  readonly assumeForService: (request: ServiceAssumption) => Promise<MintedCredentials | undefined>
  /** Runs an operation in a caller's name, through the same steps as if it was sent. @throws Fault if it is refused */
  readonly perform: (performance: Performance) => Promise<unknown>
}
