import type { AccountId } from '../base/index.ts'
import type {
  AccountChanges,
  AccountDelta,
  Held,
  Lineage,
  LoadedAccount,
  StoredUse,
} from './account-types.ts'
import type { DeliveryRecords } from './delivery-types.ts'
import type { WorkQueue } from './work-types.ts'

/** A question that a call asks: may the caller do the action on the resource? */
export interface Asked {
  /** `iam:PassRole`. */
  readonly action: string
  readonly resource: string
  /** The service that a role is passed to. */
  readonly passedTo?: string
  /** The account that owns the resource, if its ARN does not say it. */
  readonly owner?: AccountId
  /** The condition keys that the question was decided by, beside those of its call. */
  readonly keys?: KeptKeys
}

/** Condition keys in lower case with their values; null for a value that is not stored. */
export type KeptKeys = Readonly<Record<string, string | readonly string[] | null>>

/** An event as stored: what look-ups search, and the JSON of the whole record. */
export interface StoredEvent {
  /** The account whose trail holds the event. */
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
  /** The permissions that the call asked for, which no CloudTrail record has. Absent if it asked for none. */
  readonly asked?: readonly Asked[]
  /** Whether `asked` holds only some of the questions because all were too long to keep. */
  readonly askedCut?: true
  /** The condition keys of the call that its record does not have; absent in events of earlier versions. */
  readonly callerKeys?: KeptKeys
  /** The id of the decision behind a denial; absent if nothing was denied. */
  readonly decision?: string
  /** Whether it is a data event, which look-ups of management events skip. */
  readonly data?: true
  /** Whether the call was kept by `Store.begin`. That event is then removed. */
  readonly begun?: true
  /** The record of the denial, stored in the same transaction. Events that are read have none: see `findDenial`. */
  readonly denial?: StoredDenial
  readonly json: string
}

/** Returns the length of an event in characters, without the documents of its denial, which many denials share. */
export function lengthOfEvent({ json, denial, asked = [], callerKeys, resources }: StoredEvent): number {
  let length = json.length + (denial?.json.length ?? 0) + lengthOfKeys(callerKeys)
  for (const { type, name } of resources) length += type.length + name.length + 6
  for (const { action, resource, passedTo = '', keys } of asked)
    length += action.length + resource.length + passedTo.length + 9 + lengthOfKeys(keys)
  return length
}

function lengthOfKeys(keys: KeptKeys | undefined): number {
  let length = 0
  for (const key in keys) length += key.length + String(keys[key]).length + 6
  return length
}

/** The longest event (`lengthOfEvent`) that a store must accept. */
export const eventLengthMost = 4 * 1024 * 1024

/** A denial as lists show it. */
export interface DenialHead {
  /** The decision's id. */
  readonly id: string
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly time: number
  /** The caller's account. */
  readonly account: AccountId
  /** The action that was denied: `iam:CreateRole`. */
  readonly action: string
  readonly resource: string
}

/** A denial as stored: everything that decided it. */
export interface StoredDenial extends DenialHead {
  /** The record. It names policy documents by hash. */
  readonly json: string
  /** The documents. Each is stored once for all denials that name it, and is deleted with the last of them. */
  readonly documents: ReadonlyMap<string, string>
}

/** The limits of stored denials; the oldest are deleted first. */
export const denialLimits = {
  denials: 10_000,
  /** Characters of records and of the documents that came with them. */
  characters: 64 * 1024 * 1024,
} as const

/**
 * A place in the stored order of events, behind the events that a reader has seen. It is a text of the store's own form
 * without spaces, for this store alone. A position of another form causes a RangeError.
 */
export type EventPosition = string & { readonly [position]: true }
declare const position: unique symbol

/** The position before all events. */
export const firstPosition = '' as EventPosition

/** The events to forget: those that match either limit. */
export interface Forgetting {
  /** Older than this instant. */
  readonly before?: number
  /** Up to this position. */
  readonly upTo?: EventPosition
}

/** Everything that one call stores: all of it or nothing. */
export interface Commit {
  readonly accounts: readonly AccountChanges[]
  /** The states of further accounts that the call looked at. Each must still be the newest one. */
  readonly reads?: readonly Held[]
  readonly events: readonly StoredEvent[]
  /** The lease that a job of one holder works under. It must not have passed to another holder. */
  readonly fence?: LeaseToken
}

/**
 * `moved` names the accounts whose state is no longer the one that the commit was made on. `fenced` means that the
 * lease has passed to another holder. In both cases nothing was stored.
 */
export type CommitOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly moved: readonly AccountId[] }
  | { readonly ok: false; readonly fenced: true }

/** A lease of a job. `token` increases each time the job passes to another holder. */
export interface LeaseToken {
  readonly job: string
  readonly token: number
}

/** The synchronous standbys of a database: what they have acknowledged outlives the primary. */
export interface Standbys {
  readonly count: number
  /** Whether commits wait for them. Without any, commits then wait for ever. */
  readonly areAwaited: boolean
}

/** The answer to `confirm`. */
export interface Confirmation {
  /** The accounts whose state is not the newest one, and their newest states; undefined if there is no such account. */
  readonly moved: ReadonlyMap<AccountId, Lineage | undefined>
  /** The store's clock when it answered, in milliseconds since the epoch. */
  readonly now: number
}

/** The question of a look-up. At most one attribute beside account, region and times. */
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
  /** Whether data events are meant instead of management events. */
  readonly data?: boolean
  /** At most 1,000. Newest first. */
  readonly limit: number
  /** The end of the previous page: its `next`. A text that `isEventCursor` refuses causes a RangeError. */
  readonly after?: string
}

export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** Present if more may follow. */
  readonly next?: string
}

/**
 * A search for texts. The newest events come first, in the reverse of the stored order: among the nodes of a database, to a minute. A
 * search that goes on while a database merges its rows may show an event of another node once more.
 */
export interface EventSearch {
  readonly account: AccountId
  /** Where the previous step ended: its `before`. If absent, the search begins with the newest. */
  readonly before?: string
  /**
   * The record, or the decision's id, must contain at least one text of each group, ignoring case. Texts are written
   * as in JSON. An empty list of groups matches every event.
   */
  readonly texts: readonly (readonly string[])[]
  /** At most 1,000. */
  readonly limit: number
}

/** One step of a search. */
export interface EventSearchStep {
  /** Each event with the `before` of a search that continues after it. */
  readonly events: readonly { readonly place: string; readonly event: StoredEvent }[]
  /** How many events were read, whether they were found or not. */
  readonly seen: number
  /** Where to continue; absent if there are no more events. */
  readonly before?: string
}

/**
 * The failure that stored data survives: `disk` survives the machine's failure; `process` survives the process, and is on the disk
 * moments later.
 */
export type Durability = 'disk' | 'process'

/**
 * The store of one node or of many. Every method may be called concurrently; commits of one tick travel together and
 * share one sync to the disk. A resolved promise means that the data is on the disk, unless the method says otherwise.
 */
export interface Store {
  /** `sqlite FILE`, `memory`, … for the banner and the health page. */
  readonly description: string
  /**
   * Whether other nodes may change what is stored. If false, this object alone changes it: callers need not call
   * `confirm`, and no commit that is chained on its predecessor is refused.
   */
  readonly shared: boolean
  readonly deliveries: DeliveryRecords
  readonly works: WorkQueue
  /**
   * Returns why this node must get no calls now (a schema that is too new, a primary that has not answered lately, …),
   * or undefined. It asks nobody. If absent, an open store can always serve.
   */
  unready?(): string | undefined
  /** Returns how many synchronous standbys the database has, as of the last seconds; undefined if that is not known. */
  standbys?(): Standbys | undefined
  /** Shows the other nodes which master keys this one knows, by their names; it seals with the first. */
  announceKeys?(keys: string): Promise<void>
  /** Returns the master keys that the living nodes know. */
  nodeKeys?(): Promise<readonly { readonly name: string; readonly keys: string }[]>
  /** Returns all items of an account, or undefined if there is no such account. */
  loadAccount(account: AccountId): Promise<LoadedAccount | undefined>
  /**
   * Returns what changed in an account since a state, in at most some thousands of changes; no changes if the state is
   * the newest one. Returns `anew` if the store does not know: the account must then be loaded.
   */
  changesSince(held: {
    readonly account: AccountId
    readonly revision: number
    readonly lineage: Lineage
  }): Promise<AccountDelta | 'anew'>
  /** Returns which states are not the newest ones. The answer is as of an instant after the call. */
  confirm(held: readonly Held[]): Promise<Confirmation>
  /**
   * Runs `work` in a turn of an account: meanwhile the commits of other nodes that change the account are refused. The node
   * commits as usual in its turn. A turn lasts as long as its work, and if the node is paused some seconds at most: what
   * protects the account is its lineage. Returns what `work` returns.
   */
  turn<T>(account: AccountId, work: () => Promise<T>): Promise<T>
  /**
   * Returns the bytes of a blob, or undefined if no item names it. Includes commits that are handed over but not
   * finished.
   */
  readBlob(name: string): Promise<Uint8Array | undefined>
  /** Returns the accounts, oldest first. */
  accounts(): Promise<readonly AccountId[]>
  /** Returns the accounts and the people beside them (`peopleBeside`), oldest first. */
  kept(): Promise<readonly AccountId[]>
  /**
   * Stores changes and events together. Commits are executed in the order of the calls, so a commit may be based on one
   * that is not stored yet; it is refused with it. Rejects with StoreUnavailable if nothing could be stored (a full
   * disk, a blob that is named and was not handed in, …). A blob is deleted with the last item that names it.
   */
  commit(commit: Commit): Promise<CommitOutcome>
  /**
   * Stores last uses of access keys and roles, where they are later than the known ones, and deletes those of deleted
   * keys and roles. They are not a change of an account. They survive this process.
   */
  keepUses(uses: readonly StoredUse[], gone: readonly Pick<StoredUse, 'account' | 'id'>[]): Promise<void>
  /**
   * Adds a number, which may be negative or 0, to the count of failures under a name, and returns the count. The count is
   * never below 0. It begins anew when `window` milliseconds have passed since its first failure. It need not survive a
   * restart of the store.
   */
  countFailures(name: string, by: number, window: number): Promise<number>
  /** Returns the last uses of an account's access keys and roles. */
  lastUses(account: AccountId): Promise<readonly StoredUse[]>
  /** Stores events without changes; on the disk, unless less is requested. */
  record(events: readonly StoredEvent[], durability?: Durability): Promise<void>
  /**
   * Stores events of calls that are about to happen in another system, for the case that this process ends first. No
   * look-up finds them: the event of the same id, marked `begun`, follows by `record` when the end is known. They
   * survive this process.
   */
  begin(events: readonly StoredEvent[]): Promise<void>
  /**
   * Returns the calls that have begun and are not known to have ended, at most 1,000. The others follow when these
   * have ended. With `left`, only those of processes that are dead.
   */
  begun(only?: 'left'): Promise<readonly StoredEvent[]>
  lookUpEvents(query: EventQuery): Promise<EventPage>
  /**
   * Executes one step of a search for texts. A step reads some thousands of events, so that commits run between steps.
   */
  searchEvents(search: EventSearch): Promise<EventSearchStep>
  /**
   * Returns events of all accounts after a position, in the stored order: at most 1,000, and fewer if they are long. An
   * empty answer means that there are no more. `position` is where to continue. A reader that continues there sees each
   * event exactly once, whichever node stores it, also after a reset. With `only`, those are returned that `forgetEvents`
   * would delete. Such an answer may be empty although more follow: the end is where `position` does not advance.
   */
  eventsAfter(
    position: EventPosition,
    limit: number,
    only?: Forgetting,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly position: EventPosition }>
  /** Returns whether a text is a position of events of this store: any other causes a RangeError. */
  isPosition(text: string): text is EventPosition
  /** Returns whether a text is a `before` of this store's searches: any other causes a RangeError. */
  isSearchPlace(text: string): boolean
  /** Returns a position such that all events from an instant on come after it; a few older ones may, too. */
  positionAt(time: number): Promise<EventPosition>
  /** Returns the position behind the newest event. */
  newestPosition(): Promise<EventPosition>
  /** Deletes events and returns how many. Their space is reused. */
  forgetEvents(forgetting: Forgetting): Promise<number>
  /**
   * Returns the position up to which events must be deleted so that the rest, with their index, fits into a number of
   * bytes; undefined if they fit.
   */
  eventsBeyond(bytes: number): Promise<EventPosition | undefined>
  /** Returns the record of a denial, by the id of its decision or of its request. */
  findDenial(id: string): Promise<StoredDenial | undefined>
  /** Denials, newest first, at most 1,000. */
  denials(limit: number): Promise<readonly DenialHead[]>
  /** Deletes denials older than an instant, and documents that no other denial needs. */
  forgetDenials(before: number): Promise<void>
  /** Returns all settings of the installation by name: key ring, partition and others. */
  settings(): Promise<ReadonlyMap<string, string>>
  readSetting(name: string): Promise<string | undefined>
  /**
   * Replaces a setting if it still has the value that was read; undefined means that there is none. Returns whether it
   * was replaced.
   */
  swapSetting(name: string, before: string | undefined, after: string | undefined): Promise<boolean>
  /**
   * Takes the lease of a job for some milliseconds, or renews it. Returns undefined if another node holds it. A holder
   * that was paused may not know that its lease is over: what it stores must carry the token (`Commit.fence`).
   */
  lease(job: string, milliseconds: number): Promise<LeaseToken | undefined>
  /** Ends a lease before its time. Does nothing if it has passed to another holder. */
  release(token: LeaseToken): Promise<void>
  /** Empties everything. */
  reset(): Promise<void>
  /** Finishes pending work, then closes. */
  close(): Promise<void>
}

/** Nothing could be stored; the requested change has not happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/**
 * The database cannot be opened (damaged, not Omen's, newer than this Omen, in use, in a read-only place), or was
 * found damaged later. Nothing was overwritten. The message is one line for the terminal.
 */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
  /** Whether another process has the database open. */
  readonly held: boolean

  constructor(message: string, { held = false }: { readonly held?: boolean } = {}) {
    super(message)
    this.held = held
  }
}
