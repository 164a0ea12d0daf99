import type { AccountId } from '../base/index.ts'

/** One kept thing of an account: `kind` and `id` name it, `value` is its JSON; null in a change deletes it. */
export interface Item {
  readonly kind: string
  readonly id: string
  readonly value: string
}

/** A put (`value` is JSON) or a delete (`value` is null). */
export interface Change {
  readonly kind: string
  readonly id: string
  readonly value: string | null
  /**
   * The name of the blob that belongs to the item from now on; null if none does any more. Absent for kinds of items that
   * have no blobs. A deletion of an item that may have one must give null.
   */
  readonly blob?: string | null
}

/** Bytes that are kept beside an account's items and read only when they are asked for. */
export interface Blob {
  /** The SHA-256 of the bytes, in base64: equal bytes are kept once. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** No blob may be longer, in bytes. */
export const blobLengthMost = 64 * 1024 * 1024

/** What one account changes in a commit. */
export interface AccountChanges {
  readonly account: AccountId
  /** The revision that was read; 0 where the account did not exist. The commit makes it one more. */
  readonly revision: number
  readonly changes: readonly Change[]
  /** The blobs that the changes name. A blob that the store already has may be left out. */
  readonly blobs?: readonly Blob[]
}

/** A question that a call raised: may the caller do the action on the resource? */
export interface Asked {
  /** `iam:PassRole`. */
  readonly action: string
  readonly resource: string
  /** The service that a role is handed to. */
  readonly passedTo?: string
}

/** An event as it is kept: what look-ups search stands beside the whole record's JSON. */
export interface StoredEvent {
  /** The account whose trail it is in. */
  readonly account: AccountId
  readonly region: string
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly name: string
  readonly source: string
  readonly username: string | undefined
  readonly accessKeyId: string | undefined
  readonly readOnly: boolean
  readonly errorCode: string | undefined
  readonly resources: readonly { readonly type: string; readonly name: string }[]
  /** What the call asked permission for, which no record of CloudTrail's tells; left out where it asked nothing. */
  readonly asked?: readonly Asked[]
  /** `asked` has only some of the questions: all of them together were too long to be kept. */
  readonly askedCut?: true
  /** The id of the decision behind a denial; left out where nothing was denied. */
  readonly decision?: string
  /** A data event: look-ups of management events pass over it. */
  readonly data?: true
  /** What it tells of was begun (`Store.begin`): the event that was kept then goes. */
  readonly begun?: true
  /** The record of the denial, kept in the same transaction. Events read back come without: see `findDenial`. */
  readonly denial?: StoredDenial
  readonly json: string
}

/**
 * The characters that an event takes, all its parts together; documents of its denial, which stand behind many, aside.
 */
export function lengthOfEvent({ json, denial, asked = [], resources }: StoredEvent): number {
  let length = json.length + (denial?.json.length ?? 0)
  for (const { type, name } of resources) length += type.length + name.length + 6
  for (const { action, resource, passedTo = '' } of asked)
    length += action.length + resource.length + passedTo.length + 9
  return length
}

/** No event that is handed over should be longer (`lengthOfEvent`): the store may refuse it. */
export const eventLengthMost = 4 * 1024 * 1024

/** What lists tell of a denial. */
export interface DenialHead {
  /** The decision's id. */
  readonly id: string
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly time: number
  /** The caller's account. */
  readonly account: AccountId
  /** What was denied: `iam:CreateRole`. */
  readonly action: string
  readonly resource: string
}

/** A denial as it is kept: all that it was decided by. */
export interface StoredDenial extends DenialHead {
  /** The record; it names policy documents by their hash. */
  readonly json: string
  /** Those documents: each is kept once, however many denials it was behind, and goes with the last of them. */
  readonly documents: ReadonlyMap<string, string>
}

/** What a store keeps of denials: the oldest go first. */
export const denialLimits = {
  denials: 10_000,
  /** Characters of records and of the documents that came with them. */
  characters: 64 * 1024 * 1024,
} as const

/** Which events are to be forgotten: those that either names. */
export interface Forgetting {
  /** Older than this instant. */
  readonly before?: number
  /** Up to this sequence number. */
  readonly upTo?: number
}

/** Everything that one call keeps: all of it or nothing. */
export interface Commit {
  readonly accounts: readonly AccountChanges[]
  readonly events: readonly StoredEvent[]
}

/** `conflict` names an account whose revision was no longer the one read: nothing was kept. */
export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly conflict: AccountId }

/** What look-ups ask. At most one of the attributes beside account, region and times. */
export interface EventQuery {
  readonly account: AccountId
  readonly region?: string
  /** Inclusive, milliseconds since the epoch. */
  readonly from?: number
  readonly to?: number
  readonly attribute?: {
    readonly key:
      | 'EventId'
      | 'EventName'
      | 'ReadOnly'
      | 'Username'
      | 'ResourceType'
      | 'ResourceName'
      | 'EventSource'
      | 'AccessKeyId'
    readonly value: string
  }
  /** Whether data events are asked for, rather than management events. */
  readonly data?: boolean
  /** At most 1,000. Newest first. */
  readonly limit: number
  /** Where the page before ended: its `next`. A text that `isEventCursor` does not know is refused with a RangeError. */
  readonly after?: string
}

export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** Given where more may follow. */
  readonly next?: string
}

/** What a search for texts asks: the newest events first, in the reverse of the order kept. */
export interface EventSearch {
  readonly account: AccountId
  /** Only events kept before this sequence number: where the step before ended. If absent, from the newest. */
  readonly before?: number
  /**
   * Of each group at least one text must stand in the record, or be the decision's id; letter case aside. Texts are
   * as JSON writes them. No group fits every event.
   */
  readonly texts: readonly (readonly string[])[]
  /** At most 1,000. */
  readonly limit: number
}

/** One step of a search. */
export interface EventSearchStep {
  readonly events: readonly { readonly sequence: number; readonly event: StoredEvent }[]
  /** Where to go on; 0 if there are no more events. */
  readonly before: number
}

/**
 * What outlives what: `disk` is there whatever becomes of the machine, `process` whatever becomes of this process, and
 * is on the disk moments later.
 */
export type Durability = 'disk' | 'process'

/**
 * What is kept, for one node or many. Every method may be called concurrently; commits of one tick
 * travel together and share one sync to the disk. A resolved promise means durable: on the disk, unless it says else.
 */
export interface Store {
  /** `sqlite FILE`, `memory`, … for the banner and the health page. */
  readonly description: string
  /** All items of an account, or undefined where there is no such account. */
  loadAccount(
    account: AccountId,
  ): Promise<{ readonly revision: number; readonly items: readonly Item[] } | undefined>
  /** The bytes of a blob; undefined if no item names it. A commit that was handed over before counts. */
  readBlob(name: string): Promise<Uint8Array | undefined>
  /** The accounts there are, oldest first. */
  accounts(): Promise<readonly AccountId[]>
  /**
   * Keeps changes and events together. Rejects with StoreUnavailable where nothing could be kept (a full disk, a blob that
   * is named and that nobody brought, …). A blob goes with the last item that names it.
   */
  commit(commit: Commit): Promise<CommitOutcome>
  /** Keeps events that come with no change; on the disk, unless less is asked for. */
  record(events: readonly StoredEvent[], durability?: Durability): Promise<void>
  /**
   * Keeps events of what is about to happen elsewhere, as they are to stand where this house ends before it does.
   * No look-up finds them: the event of the same id, marked `begun`, follows by `record` when the end is known. They
   * outlive this process, for it is whose end they are kept for.
   */
  begin(events: readonly StoredEvent[]): Promise<void>
  /** What was begun and is not known to have ended, at most 1,000 of them: those that were left out follow when these have. */
  begun(): Promise<readonly StoredEvent[]>
  lookUpEvents(query: EventQuery): Promise<EventPage>
  /** One step of a search for texts. It looks at some thousands of events, so that commits go between steps. */
  searchEvents(search: EventSearch): Promise<EventSearchStep>
  /**
   * Events of all accounts in the order kept, after a sequence number (0 for all), at most 1,000 and fewer where they
   * are long, for followers and deliveries: there are no more where none is told. `sequence` is where to go on.
   * Numbers are never used again, not even after a reset.
   */
  eventsAfter(
    sequence: number,
    limit: number,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly sequence: number }>
  /** Deletes events and returns how many. The space that they took is used again. */
  forgetEvents(forgetting: Forgetting): Promise<number>
  /**
   * The sequence number up to which events must go for the rest, with what look-ups search of them, to take no more
   * than so many bytes; 0 where they fit.
   */
  eventsBeyond(bytes: number): Promise<number>
  /** The record of a denial, by the id of its decision or of its request. */
  findDenial(id: string): Promise<StoredDenial | undefined>
  /** Denials, newest first, at most 1,000. */
  denials(limit: number): Promise<readonly DenialHead[]>
  /** Deletes denials older than an instant, and documents that no other needs. */
  forgetDenials(before: number): Promise<void>
  /** Settings of the house itself (key ring, first account, schema). */
  readSetting(name: string): Promise<string | undefined>
  writeSetting(name: string, value: string): Promise<void>
  /** Commits of other nodes: the accounts that changed. Never called for this node's own. */
  onForeignChange(listener: (account: AccountId) => void): void
  /** Empties everything. */
  reset(): Promise<void>
  /** Finishes what was handed over, then closes. */
  close(): Promise<void>
}

/** Nothing could be kept; what was asked has not happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/**
 * The database cannot be opened (damaged, not Omen's, newer than this Omen, in use, in a place that cannot be
 * written), or was found damaged later. Nothing was overwritten. One clear line for the terminal.
 */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}
