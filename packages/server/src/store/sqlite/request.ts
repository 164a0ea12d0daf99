import type { AccountId } from '../../base/index.ts'
import type { AccountChanges, Held, Item, Lineage, StoredUse } from '../account-types.ts'
import type { EventCursor } from '../cursor.ts'
import type { DeliveryName, DeliveryStep, StoredFile } from '../delivery-types.ts'
import type { EventPack } from '../events/chunk.ts'
import type {
  CommitOutcome,
  DenialHead,
  Durability,
  EventPage,
  EventQuery,
  EventSearch,
  EventSearchStep,
  StoredDenial,
  StoredEvent,
} from '../types.ts'
import type { QueuedWork } from '../work-types.ts'
import type { LoadedPart } from './accounts.ts'
import type { DenialPack } from './denial-pack.ts'
import type { SequenceForgetting } from './positions.ts'

/** The requests and answers of the database, by name. Both pass between threads, so they are plain data. */
export interface Exchange {
  loadAccount: {
    asks: { account: AccountId; after?: Pick<Item, 'kind' | 'id'> | undefined }
    answers: LoadedPart | undefined
  }
  lineages: { asks: { accounts: readonly AccountId[] }; answers: readonly (Lineage | undefined)[] }
  readBlob: { asks: { name: string }; answers: Uint8Array | undefined }
  accounts: { asks: object; answers: readonly AccountId[] }
  commit: {
    asks: {
      accounts: readonly AccountChanges[]
      reads: readonly Held[] | undefined
      events: readonly EventPack[]
      denials: readonly DenialPack[]
    }
    answers: CommitOutcome
  }
  record: {
    asks: {
      events: readonly EventPack[]
      denials: readonly DenialPack[]
      /** `disk` if absent. */
      durability?: Durability
    }
    answers: undefined
  }
  lookUpEvents: { asks: { query: EventQuery; after: EventCursor | undefined }; answers: EventPage }
  searchEvents: { asks: { search: EventSearch }; answers: EventSearchStep }
  eventsAfter: {
    asks: { sequence: number; limit: number; only?: SequenceForgetting }
    answers: { readonly events: readonly StoredEvent[]; readonly sequence: number }
  }
  forgetEvents: {
    asks: SequenceForgetting
    answers: { readonly forgotten: number; readonly more: boolean }
  }
  lastSequence: { asks: object; answers: number }
  eventsBeyond: { asks: { bytes: number }; answers: number }
  findDenial: { asks: { id: string }; answers: StoredDenial | undefined }
  denials: { asks: { limit: number }; answers: readonly DenialHead[] }
  forgetDenials: { asks: { before: number }; answers: undefined }
  settings: { asks: object; answers: ReadonlyMap<string, string> }
  readSetting: { asks: { name: string }; answers: string | undefined }
  lastUses: { asks: { account: AccountId }; answers: readonly StoredUse[] }
  keepUses: {
    asks: { uses: readonly StoredUse[]; gone: readonly Pick<StoredUse, 'account' | 'id'>[] }
    answers: undefined
  }
  readDelivery: { asks: { name: DeliveryName }; answers: string | undefined }
  deliveriesOf: { asks: { account: AccountId }; answers: ReadonlyMap<string, string> }
  deliveredFiles: {
    asks: { name: DeliveryName; chain: string | undefined }
    answers: readonly StoredFile[]
  }
  keepDelivery: { asks: { step: DeliveryStep }; answers: boolean }
  addWork: { asks: { work: QueuedWork; now: number }; answers: boolean }
  dueWorks: {
    asks: { now: number; limit: number; except: ReadonlySet<string> }
    answers: readonly QueuedWork[]
  }
  endWork: {
    asks: { id: string; again: { readonly value: string; readonly due: number } | undefined }
    answers: undefined
  }
  hasNoWork: { asks: object; answers: boolean }
  swapSetting: {
    asks: { name: string; before: string | undefined; after: string | undefined }
    answers: boolean
  }
  reset: { asks: object; answers: undefined }
  takeSnapshot: { asks: object; answers: number }
  restoreSnapshot: { asks: { snapshot: number }; answers: undefined }
}

export type Verb = keyof Exchange

export type RequestOf<V extends Verb> = { readonly verb: V } & Readonly<Exchange[V]['asks']>

export type Request = { [V in Verb]: RequestOf<V> }[Verb]

/** `value` is the answer to the request's verb. A failure says whether the database itself is damaged. */
export type Answer =
  | { readonly ok: true; readonly value: Exchange[Verb]['answers'] }
  | { readonly ok: false; readonly message: string; readonly damaged: boolean }

/** The answers to one list of requests, and the number of transactions that have waited for the disk so far. */
export interface Answers {
  readonly answers: readonly Answer[]
  readonly syncs: number
}
