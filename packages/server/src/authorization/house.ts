import type { AccountId, Clock, Mode, Random, Vault } from '../base/index.ts'
import type { Directory, Quotas } from '../directory/index.ts'
import type { Credentials, MintedCredentials, SessionTokens } from '../session/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../store/index.ts'
import type { WearRequest } from './wear.ts'

/** Where events of reads go, and where the history is asked (the trail's Recorder). */
export interface EventRecorder {
  readonly lost: number
  add(events: readonly StoredEvent[]): void
  flush(): Promise<void>
  lookUp(query: EventQuery): Promise<EventPage>
}

/** What every call may use, made once at the start. */
export interface House {
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly directory: Directory
  readonly tokens: SessionTokens
  readonly credentials: Credentials
  /** The account that the first start created. */
  readonly firstAccount: AccountId
  readonly mode: Mode
  readonly recorder: EventRecorder
  /** What accounts may hold; left out, AWS's defaults. */
  readonly quotas?: Quotas
  /**
   * A service puts a role on: the trust policy is evaluated, credentials are minted, and the AssumeRole
   * is recorded. Undefined where the role does not trust the service; that is recorded too.
   */
  readonly wear: (request: WearRequest) => Promise<MintedCredentials | undefined>
}
