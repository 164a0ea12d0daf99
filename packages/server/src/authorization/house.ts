import type { AccountId, Clock, Mode, Partition, Random, Vault } from '../base/index.ts'
import type { Account, Directory, Quotas, Role } from '../directory/index.ts'
import type { Credentials, KeyRing, MintedCredentials, SessionTokens } from '../session/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../store/index.ts'
import type { DecisionLog } from './decision-log.ts'
import type { FunctionRunner } from './functions.ts'

/** Where events of reads go, and where the history is asked (the trail's Recorder). */
export interface EventRecorder {
  /** Events that could not be kept since the start. */
  readonly lost: number
  /** Events that are not on the disk yet. */
  readonly waiting: number
  /** Whether the last try to keep events failed. */
  readonly failing: boolean
  add(events: readonly StoredEvent[]): void
  /** @throws Fault where it cannot be kept, so that its answer must not leave */
  keep(event: StoredEvent): Promise<void>
  /**
   * Keeps the event of what is about to happen elsewhere, as it is to stand where this process ends before it does.
   * @throws Fault where it cannot be kept: then it must not happen
   */
  begin(event: StoredEvent): Promise<void>
  /** Takes the event, of the same id, that tells how it ended. */
  end(event: StoredEvent): void
  flush(): Promise<void>
  /** Gives up what still waits. */
  abandon(): void
  lookUp(query: EventQuery): Promise<EventPage>
}

/** The server at a URL could not prove who it is: neither by an authority that is known nor by a thumbprint. */
export class UntrustedServer extends Error {}

/** The way out of the house: documents of identity providers. */
export interface Web {
  /**
   * The JSON document at a URL. A server whose certificate nobody known has signed is believed where one of its
   * chain has a thumbprint (SHA-1 in hexadecimal) of these.
   * @throws UntrustedServer, or another Error where there is none within the limits of time and size
   */
  getJson(url: string, thumbprints?: readonly string[]): Promise<unknown>
}

/** What a service says when it wants to put a role on. */
export interface WearRequest {
  readonly account: Account
  readonly role: Role
  /** `ec2.amazonaws.com`. */
  readonly service: string
  /** Instance id, function name, task id … */
  readonly sessionName: string
  readonly lifetimeSeconds: number
  /** Keys such as aws:SourceArn and aws:SourceAccount: for whom the service acts. */
  readonly context?: Readonly<Record<string, string>>
  /** Keys of all that is called in the session: which function or instance acts. */
  readonly serviceKeys?: Readonly<Record<string, string>>
}

/** What every call may use, made once at the start. */
export interface House {
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly directory: Directory
  readonly tokens: SessionTokens
  /** The keys behind `tokens`. */
  readonly keyRing: KeyRing
  readonly web: Web
  readonly credentials: Credentials
  /** What all ARNs of the house begin with, and what follows from that (behaviour PAR-1). */
  readonly partition: Partition
  /** The account that the first start created. */
  readonly firstAccount: AccountId
  readonly mode: Mode
  readonly recorder: EventRecorder
  /** Whether trails have a place to deliver to; where not, their deliveries wait. */
  readonly deliversTrails: boolean
  readonly decisions: DecisionLog
  /** Whether IAM's denials end with an authorization id, as AWS's do since 2026. Left out: they do not. */
  readonly authorizationIds?: boolean
  readonly functions: FunctionRunner
  /** What accounts may hold; left out, AWS's defaults. */
  readonly quotas?: Quotas
  /** EC2 puts on the roles of instances that have just started (behaviour WKL-22). */
  readonly instancesStarted?: (account: AccountId, instanceIds: readonly string[]) => Promise<void>
  /**
   * A service puts a role on: the trust policy is evaluated, credentials are minted, and the AssumeRole
   * is recorded. Undefined where the role does not trust the service; that is recorded too.
   */
  readonly wear: (request: WearRequest) => Promise<MintedCredentials | undefined>
}
