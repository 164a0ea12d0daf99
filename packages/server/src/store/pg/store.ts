import { type AccountId, isOfPeople } from '../../base/index.ts'
import type { AccountDelta, Held, Lineage, LoadedAccount, StoredUse } from '../account-types.ts'
import { parseCursor } from '../cursor.ts'
import type { DeliveryRecords } from '../delivery-types.ts'
import {
  type Commit,
  type CommitOutcome,
  type Confirmation,
  type DenialHead,
  type Durability,
  type EventPage,
  type EventPosition,
  type EventQuery,
  type EventSearch,
  type EventSearchStep,
  type Forgetting,
  type LeaseToken,
  type Standbys,
  type Store,
  type StoredDenial,
  type StoredEvent,
  StoreUnavailable,
} from '../types.ts'
import type { WorkQueue } from '../work-types.ts'
import { concernsBlobs, readBlob } from './blobs.ts'
import { checkValues, lengthOf } from './commit-values.ts'
import { Doubts } from './doubts.ts'
import { parsePlace } from './events.ts'
import { CallsEnded, told } from './failure.ts'
import { hasPacks } from './packs.ts'
import type { Parts } from './parts.ts'
import { isPosition } from './position.ts'
import { tablesOfServer } from './schema.ts'

/** The most waiting text, in UTF-16 units, so that a database that stalls does not fill the memory. */
const lengthWaiting = 64 * 1024 * 1024

/** The most requests that may wait. */
const requestsWaiting = 100_000

/** The longest page. */
const pageLimit = 1000

/** A holder from before a reset is fenced. */
const endLeases = 'UPDATE omen.leases SET until = 0, token = token + 1;'

/** Statistics of a store since it was opened. */
export interface PgStatistics {
  /** Transactions that had to reach the disk. */
  readonly syncs: number
}

/**
 * The store on PostgreSQL, of one node among many. What is stored is in the database alone; nodes learn of each other's
 * commits when they ask.
 */
export class PgStore implements Store {
  readonly description: string
  readonly shared = true
  readonly deliveries: DeliveryRecords
  readonly works: WorkQueue
  readonly #parts: Parts
  #waiting = 0
  #length = 0
  readonly #doubts: Doubts
  #closed: Promise<void> | undefined

  constructor(description: string, parts: Parts) {
    this.description = description
    this.#parts = parts
    this.#doubts = new Doubts((trace) => parts.soon.wasStored(trace))
    const { deliveries, works } = parts
    this.deliveries = {
      read: (name) => this.#ask(() => deliveries.read(name)),
      of: (account) => this.#ask(() => deliveries.of(account)),
      files: (name, chain) => this.#ask(() => deliveries.files(name, chain)),
      keep: (step) => this.#ask(() => deliveries.keep(step)),
    }
    this.works = {
      add: (work, milliseconds) => this.#ask(() => works.add(work, milliseconds)),
      claim: (limit, milliseconds) => this.#ask(() => works.claim(limit, milliseconds)),
      hold: (ids, milliseconds) => this.#ask(() => works.hold(ids, milliseconds)),
      end: (id, again) => this.#ask(() => works.end(id, again)),
      all: () => this.#ask(() => works.all()),
      isEmpty: () => this.#ask(() => works.isEmpty()),
    }
  }

  unready(): string | undefined {
    const { beat, needed } = this.#parts
    if (this.#closed) return 'the store is closed'
    if (!needed.every((link) => link.isOpen)) return 'PostgreSQL cannot be reached'
    const { failure } = beat
    const now = this.standbys()
    return failure !== undefined && now?.areAwaited && now.count === 0
      ? `${failure}: it waits for a synchronous standby and has none`
      : failure
  }

  standbys(): Standbys | undefined {
    return this.#parts.standbys.now
  }

  announceKeys(keys: string): Promise<void> {
    return this.#ask(() => this.#parts.server.announceKeys(keys))
  }

  nodeKeys(): Promise<readonly { readonly name: string; readonly keys: string }[]> {
    return this.#ask(() => this.#parts.server.nodeKeys())
  }

  async loadAccount(account: AccountId): Promise<LoadedAccount | undefined> {
    await this.#before()
    return this.#ask(() => this.#parts.accounts.load(account))
  }

  async changesSince(held: {
    readonly account: AccountId
    readonly revision: number
    readonly lineage: Lineage
  }): Promise<AccountDelta | 'anew'> {
    await this.#before()
    return this.#ask(() => this.#parts.accounts.changesSince(held))
  }

  async confirm(held: readonly Held[]): Promise<Confirmation> {
    const { beat } = this.#parts
    if (beat.failure !== undefined) await beat.check()
    return this.#ask(() => this.#parts.accounts.confirm(held))
  }

  async turn<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    this.#check()
    return this.#parts.turns.run(account, work)
  }

  async readBlob(name: string): Promise<Uint8Array | undefined> {
    await this.#parts.durable.settled()
    return this.#ask(() => readBlob(this.#parts.look, name))
  }

  async accounts(): Promise<readonly AccountId[]> {
    return (await this.kept()).filter((id) => !isOfPeople(id))
  }

  async kept(): Promise<readonly AccountId[]> {
    this.#check()
    await this.#parts.durable.settled()
    return this.#ask(() => this.#parts.accounts.list())
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    checkValues(commit)
    const { durable } = this.#parts
    if (!concernsBlobs(commit) && !hasPacks(commit))
      return this.#hand(commit, (length) => durable.commit(commit, length))
    const [outcome] = await this.#hand(commit, () =>
      durable.exclusively(() => this.#parts.large.run(async () => [commit])),
    )
    return outcome! // one commit has one outcome
  }

  async record(events: readonly StoredEvent[], durability: Durability = 'disk'): Promise<void> {
    const isSoon = durability === 'process'
    if (events.length === 0) return
    let unstored = isSoon ? await this.#doubts.without(events) : events
    while (unstored.length > 0)
      try {
        await this.#store(unstored, isSoon)
        break
      } catch (error) {
        if (!(error instanceof CallsEnded)) throw error
        unstored = await this.#withoutEnded(unstored)
      }
    if (isSoon) this.#doubts.end(events)
  }

  /** Returns events without those of calls whose end another node recorded: it took this one for dead. */
  async #withoutEnded(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    const ids = events.filter(({ begun }) => begun).map(({ id }) => id)
    const open = await this.#ask(() => this.#parts.server.open(ids))
    const left: StoredEvent[] = []
    for (const event of events) {
      const { begun, ...unbegun } = event
      if (begun === undefined || open.has(event.id)) left.push(event)
      // the beginning may be lost with the machine of PostgreSQL
      else if (!(await this.#isKept(event))) left.push(unbegun)
    }
    return left
  }

  async #store(events: readonly StoredEvent[], isSoon: boolean): Promise<void> {
    const commit = { accounts: [], events }
    checkValues(commit)
    const writer = isSoon ? this.#parts.soon : this.#parts.durable
    try {
      const outcome = await this.#hand(commit, (length) => writer.commit(commit, length))
      if (!outcome.ok) throw new StoreUnavailable('events were refused')
    } catch (error) {
      if (isSoon) this.#doubts.note(events, error)
      throw error
    }
  }

  keepUses(uses: readonly StoredUse[], gone: readonly Pick<StoredUse, 'account' | 'id'>[]): Promise<void> {
    return this.#ask(() => this.#parts.lastUses.keep(uses, gone))
  }

  countFailures(name: string, by: number, window: number): Promise<number> {
    return this.#ask(() => this.#parts.server.countFailures(name, by, window))
  }

  lastUses(account: AccountId): Promise<readonly StoredUse[]> {
    return this.#ask(() => this.#parts.lastUses.of(account))
  }

  begin(events: readonly StoredEvent[]): Promise<void> {
    return this.#ask(() => this.#parts.server.begin(events))
  }

  async begun(only?: 'left'): Promise<readonly StoredEvent[]> {
    const open: StoredEvent[] = []
    const ended: string[] = []
    for (const { event, isLeft } of await this.#ask(() => this.#parts.server.begun(pageLimit)))
      if (isLeft && (await this.#isKept(event))) ended.push(event.id)
      else if (isLeft || only === undefined) open.push(event)
    if (ended.length > 0) await this.#ask(() => this.#parts.server.end(ended))
    return open
  }

  async lookUpEvents(query: EventQuery): Promise<EventPage> {
    const after = query.after === undefined ? undefined : parseCursor(query.after)
    if (query.after !== undefined && !after) throw new RangeError('`after` is no cursor')
    return this.#ask(() => this.#parts.lookup.page({ ...query, limit: page(query.limit) }, after))
  }

  searchEvents(search: EventSearch): Promise<EventSearchStep> {
    return this.#ask(() => this.#parts.events.search({ ...search, limit: page(search.limit) }))
  }

  eventsAfter(position: EventPosition, limit: number, only?: Forgetting) {
    return this.#ask(() => this.#parts.events.after(position, page(limit), only))
  }

  isPosition(text: string): text is EventPosition {
    return isPosition(text)
  }

  isSearchPlace(text: string): boolean {
    return parsePlace(text) !== undefined
  }

  positionAt(time: number): Promise<EventPosition> {
    return this.#ask(() => this.#parts.events.at(time))
  }

  newestPosition(): Promise<EventPosition> {
    return this.#ask(() => this.#parts.events.newest())
  }

  forgetEvents(forgetting: Forgetting): Promise<number> {
    return this.#ask(() => this.#parts.history.forget(forgetting))
  }

  eventsBeyond(bytes: number): Promise<EventPosition | undefined> {
    return this.#ask(() => this.#parts.history.beyond(bytes))
  }

  findDenial(id: string): Promise<StoredDenial | undefined> {
    return this.#ask(() => this.#parts.denials.find(id))
  }

  denials(limit: number): Promise<readonly DenialHead[]> {
    return this.#ask(() => this.#parts.denials.newest(page(limit)))
  }

  forgetDenials(before: number): Promise<void> {
    return this.#ask(() => this.#parts.denials.forget(before))
  }

  settings(): Promise<ReadonlyMap<string, string>> {
    return this.#ask(() => this.#parts.server.settings())
  }

  readSetting(name: string): Promise<string | undefined> {
    return this.#ask(() => this.#parts.server.readSetting(name))
  }

  swapSetting(name: string, before: string | undefined, after: string | undefined): Promise<boolean> {
    return this.#ask(() => this.#parts.server.swapSetting(name, before, after))
  }

  lease(job: string, milliseconds: number): Promise<LeaseToken | undefined> {
    return this.#ask(() => this.#parts.server.lease(job, milliseconds))
  }

  release(token: LeaseToken): Promise<void> {
    return this.#ask(() => this.#parts.server.release(token))
  }

  async reset(): Promise<void> {
    this.#check()
    const { durable } = this.#parts
    // denials that are packed from now on come after: they bring their documents again
    this.#parts.forgetReset()
    const deletions = tablesOfServer.map((table) => `DELETE FROM omen.${table};`).join(' ')
    await this.#ask(() =>
      durable.exclusively((link) =>
        link.query(
          `BEGIN; UPDATE omen.schema SET epoch = gen_random_uuid(); ${endLeases} ${deletions} COMMIT`,
        ),
      ),
    )
    this.#parts.forgetReset()
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish()
    return this.#closed
  }

  /** Returns how often the store has waited for PostgreSQL's disk. */
  statistics(): PgStatistics {
    return { syncs: this.#parts.durable.batches }
  }

  /** Does now what is done for all nodes from time to time: index blocks, and the removal of what nobody needs. */
  async tidyUp(): Promise<void> {
    await this.#ask(() => this.#parts.upkeep.index())
    await this.#ask(() => this.#parts.upkeep.purge())
  }

  /** A state that is read is at least that of the commits handed over before. */
  async #before(): Promise<void> {
    this.#check()
    const { durable } = this.#parts
    if (!durable.isSettled) await durable.settled()
  }

  #check(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    this.#check()
    try {
      return await question()
    } catch (error) {
      throw told(error)
    }
  }

  async #hand<T>(commit: Commit, write: (length: number) => Promise<T>): Promise<T> {
    this.#check()
    const { beat } = this.#parts
    if (beat.failure !== undefined) await beat.check()
    if (this.#waiting >= requestsWaiting)
      throw new StoreUnavailable(`more than ${requestsWaiting} requests wait for the store`)
    const length = lengthOf(commit)
    // A single commit is always accepted: the database decides whether it fits.
    if (this.#length > 0 && this.#length + length > lengthWaiting)
      throw new StoreUnavailable(`more than ${lengthWaiting} characters wait for the store`)
    this.#length += length
    this.#waiting++
    try {
      const outcome = await write(length)
      this.#parts.upkeep.recorded(commit.events.length)
      return outcome
    } catch (error) {
      throw told(error)
    } finally {
      this.#length -= length
      this.#waiting--
    }
  }

  async #isKept({ account, id, data }: StoredEvent): Promise<boolean> {
    const attribute = { key: 'EventId', value: id } as const
    const { events } = await this.lookUpEvents({ account, attribute, data: data === true, limit: 1 })
    return events.length > 0
  }

  async #finish(): Promise<void> {
    const { durable, soon, turns, beat, standbys, upkeep, links } = this.#parts
    await Promise.all([durable.settled(), soon.settled(), turns.settled(), upkeep.end()])
    standbys.end()
    await beat.end()
    await Promise.all(links.map((link) => link.close()))
  }
}

function page(limit: number): number {
  return Math.max(1, Math.min(limit, pageLimit))
}
