import { type AccountId, isOfPeople, systemClock } from '../../base/index.ts'
import type { AccountDelta, Held, Lineage, LoadedAccount, StoredUse } from '../account-types.ts'
import { parseCursor } from '../cursor.ts'
import { packEvents } from '../events/chunk.ts'
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
  type Store,
  StoreDamaged,
  type StoredDenial,
  type StoredEvent,
  StoreUnavailable,
} from '../types.ts'
import type { BegunLog } from './begun.ts'
import { DenialPacker } from './denial-pack.ts'
import type { Executor } from './executor.ts'
import { FailureCounts } from './failure-counts.ts'
import { loadInParts } from './load-in-parts.ts'
import {
  isPosition,
  numbered,
  positionOf,
  type SequenceForgetting,
  sequenceAt,
  sequenceOf,
} from './positions.ts'
import type { Answer, Exchange, Request, RequestOf, Verb } from './request.ts'
import { lengthOf } from './request-length.ts'
import { deliveriesOf, worksOf } from './server-records.ts'

/** The most requests that may wait for the disk. More are refused, so that the queue stays bounded. */
const requestsWaiting = 100_000

/** The most waiting text, in UTF-16 units, so that a stalled disk does not fill the memory. */
const lengthWaiting = 64 * 1024 * 1024

/** The longest page. */
const pageLimit = 1000

/** Statistics of a store since it was opened. */
export interface StoreStatistics {
  /** Requests answered. */
  readonly requests: number
  /** Transactions that had to reach the disk; in a file, each was one sync. */
  readonly syncs: number
}

interface Waiting {
  readonly request: Request
  readonly length: number
  readonly resolve: (value: Exchange[Verb]['answers']) => void
  readonly reject: (error: Error) => void
}

/** The store on SQLite. It collects the requests of one tick and passes them on as one list. */
export class SqliteStore implements Store {
  readonly description: string
  /** The file belongs to this process alone. */
  readonly shared = false
  readonly #executor: Executor
  readonly #begun: BegunLog
  readonly #released: () => void
  #packer = new DenialPacker()
  #waiting: Waiting[] = []
  #inFlight = 0
  /** The texts of the requests that wait or are being executed. */
  #length = 0
  #requests = 0
  #syncs = 0
  #closed: Promise<void> | undefined
  /** The turns of accounts, each after the one before. */
  readonly #turns = new Map<AccountId, Promise<unknown>>()
  /** The leases that are held, by job. */
  readonly #leases = new Map<string, LeaseToken>()
  #leased = 0
  readonly #failures = new FailureCounts()
  readonly deliveries = deliveriesOf((request) => this.#ask(request))
  readonly works = worksOf((request) => this.#ask(request))

  constructor(description: string, executor: Executor, begun: BegunLog, released: () => void = () => {}) {
    this.description = description
    this.#executor = executor
    this.#begun = begun
    this.#released = released
  }

  loadAccount(account: AccountId): Promise<LoadedAccount | undefined> {
    return loadInParts((after) => this.#ask({ verb: 'loadAccount', account, after }))
  }

  readBlob(name: string): Promise<Uint8Array | undefined> {
    return this.#ask({ verb: 'readBlob', name })
  }

  async accounts(): Promise<readonly AccountId[]> {
    return (await this.kept()).filter((id) => !isOfPeople(id))
  }

  kept(): Promise<readonly AccountId[]> {
    return this.#ask({ verb: 'accounts' })
  }

  async changesSince(held: Parameters<Store['changesSince']>[0]): Promise<AccountDelta | 'anew'> {
    const [newest] = await this.#ask({ verb: 'lineages', accounts: [held.account] })
    return newest === held.lineage ? { revision: held.revision, lineage: newest, changes: [] } : 'anew'
  }

  async confirm(held: readonly Held[]): Promise<Confirmation> {
    const newest = await this.#ask({ verb: 'lineages', accounts: held.map(({ account }) => account) })
    const moved = new Map<AccountId, Lineage | undefined>()
    held.forEach(({ account, lineage }, index) => {
      if (lineage !== newest[index]) moved.set(account, newest[index])
    })
    return { moved, now: systemClock.now() }
  }

  turn<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    const taken = (this.#turns.get(account) ?? Promise.resolve()).then(work, work)
    this.#turns.set(account, taken)
    const end = () => this.#turns.get(account) === taken && this.#turns.delete(account)
    taken.then(end, end)
    return taken
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const { accounts, reads, events, fence } = commit
    if (fence !== undefined && this.#leases.get(fence.job)?.token !== fence.token)
      return { ok: false, fenced: true }
    const packer = this.#packer
    const denials = packer.pack(events)
    const outcome = await this.#ask({ verb: 'commit', accounts, reads, events: packEvents(events), denials })
    if (outcome.ok) packer.kept(denials)
    return outcome
  }

  async record(events: readonly StoredEvent[], durability: Durability = 'disk'): Promise<void> {
    if (events.length === 0) return
    const packer = this.#packer
    const denials = packer.pack(events)
    const ended = events.filter(({ begun }) => begun).map(({ id }) => id)
    const packs = packEvents(events)
    await this.#ask({ verb: 'record', events: packs, denials, durability })
    packer.kept(denials)
    if (ended.length > 0) this.#begun.end(ended)
  }

  async keepUses(
    uses: readonly StoredUse[],
    gone: readonly Pick<StoredUse, 'account' | 'id'>[],
  ): Promise<void> {
    await this.#ask({ verb: 'keepUses', uses, gone })
  }

  countFailures(name: string, by: number, window: number): Promise<number> {
    return Promise.resolve(this.#failures.count(name, by, window))
  }

  lastUses(account: AccountId): Promise<readonly StoredUse[]> {
    return this.#ask({ verb: 'lastUses', account })
  }

  begin(events: readonly StoredEvent[]): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreUnavailable('the store is closed'))
    return this.#begun.begin(events)
  }

  async begun(only?: 'left'): Promise<readonly StoredEvent[]> {
    const open: StoredEvent[] = []
    const ended: string[] = []
    for (const event of this.#begun.list()) {
      if (open.length === pageLimit) break
      const isLeft = this.#begun.isLeft(event.id)
      if (isLeft && (await this.#isKept(event))) ended.push(event.id)
      else if (isLeft || only === undefined) open.push(event)
    }
    this.#begun.end(ended)
    return open
  }

  async lookUpEvents(query: EventQuery): Promise<EventPage> {
    const after = query.after === undefined ? undefined : parseCursor(query.after)
    if (query.after !== undefined && !after) throw new RangeError('`after` is no cursor')
    return this.#ask({ verb: 'lookUpEvents', query: { ...query, limit: page(query.limit) }, after })
  }

  async searchEvents(search: EventSearch): Promise<EventSearchStep> {
    sequenceOf(search.before ?? '')
    return this.#ask({ verb: 'searchEvents', search: { ...search, limit: page(search.limit) } })
  }

  async eventsAfter(position: EventPosition, limit: number, only?: Forgetting) {
    const { events, sequence } = await this.#after(sequenceOf(position), limit, only && numbered(only))
    return { events, position: positionOf(sequence) }
  }

  isPosition(text: string): text is EventPosition {
    return isPosition(text)
  }

  isSearchPlace(text: string): boolean {
    return text !== '' && isPosition(text)
  }

  async positionAt(time: number): Promise<EventPosition> {
    const timeAfter = async (sequence: number) => (await this.#after(sequence, 1)).events[0]?.time
    return positionOf(await sequenceAt(time, timeAfter))
  }

  async newestPosition(): Promise<EventPosition> {
    return positionOf(await this.#ask({ verb: 'lastSequence' }))
  }

  async forgetEvents(forgetting: Forgetting): Promise<number> {
    const { before, upTo } = numbered(forgetting)
    // Deletes some at a time, so that commits run between.
    let forgotten = 0
    for (let more = true; more; ) {
      const step = await this.#ask({ verb: 'forgetEvents', before, upTo })
      forgotten += step.forgotten
      more = step.more
    }
    return forgotten
  }

  async eventsBeyond(bytes: number): Promise<EventPosition | undefined> {
    const sequence = await this.#ask({ verb: 'eventsBeyond', bytes })
    return sequence === 0 ? undefined : positionOf(sequence)
  }

  findDenial(id: string): Promise<StoredDenial | undefined> {
    return this.#ask({ verb: 'findDenial', id })
  }

  denials(limit: number): Promise<readonly DenialHead[]> {
    return this.#ask({ verb: 'denials', limit: page(limit) })
  }

  async forgetDenials(before: number): Promise<void> {
    await this.#ask({ verb: 'forgetDenials', before })
  }

  readSetting(name: string): Promise<string | undefined> {
    return this.#ask({ verb: 'readSetting', name })
  }

  settings(): Promise<ReadonlyMap<string, string>> {
    return this.#ask({ verb: 'settings' })
  }

  swapSetting(name: string, before: string | undefined, after: string | undefined): Promise<boolean> {
    return this.#ask({ verb: 'swapSetting', name, before, after })
  }

  /** This object is the only holder: the lease is granted, however long the last one was. */
  async lease(job: string): Promise<LeaseToken> {
    const held = this.#leases.get(job) ?? { job, token: ++this.#leased }
    this.#leases.set(job, held)
    return held
  }

  async release({ job, token }: LeaseToken): Promise<void> {
    if (this.#leases.get(job)?.token === token) this.#leases.delete(job)
  }

  async reset(): Promise<void> {
    // denials that are packed from now on come after the snapshot: they bring their documents again
    this.#packer = new DenialPacker()
    await this.#ask({ verb: 'reset' })
    this.#failures.clear()
    this.#begun.clear()
  }

  /**
   * Copies everything that is stored, in memory; the copy ends with the store. Returns its number for `restore`.
   * Rejects with StoreUnavailable if there are too many copies.
   */
  snapshot(): Promise<number> {
    return this.#ask({ verb: 'takeSnapshot' })
  }

  /**
   * Restores the state of a snapshot. Later events are deleted, and their sequence numbers are not used again. Rejects
   * with StoreUnavailable if there is no such snapshot.
   */
  async restore(snapshot: number): Promise<void> {
    // denials that are packed from now on come after the restore: they bring their documents again
    this.#packer = new DenialPacker()
    await this.#ask({ verb: 'restoreSnapshot', snapshot })
    this.#begun.clear()
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish()
    return this.#closed
  }

  /** Returns the number of requests and of syncs to the disk. */
  statistics(): StoreStatistics {
    return { requests: this.#requests, syncs: this.#syncs }
  }

  /** Returns the processor time of the store's thread in microseconds; 0 if it has no thread. */
  processorTime(): Promise<number> {
    return this.#executor.processorTime()
  }

  #after(
    sequence: number,
    limit: number,
    only?: SequenceForgetting,
  ): Promise<Exchange['eventsAfter']['answers']> {
    return this.#ask({ verb: 'eventsAfter', sequence, limit: page(limit), ...(only && { only }) })
  }

  async #isKept({ account, id, data }: StoredEvent): Promise<boolean> {
    const attribute = { key: 'EventId', value: id } as const
    const { events } = await this.lookUpEvents({ account, attribute, data: data === true, limit: 1 })
    return events.length > 0
  }

  async #finish(): Promise<void> {
    this.#handOver()
    await this.#executor.close()
    this.#begun.close()
    this.#released()
  }

  #ask<V extends Verb>(request: RequestOf<V>): Promise<Exchange[V]['answers']> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new StoreUnavailable('the store is closed'))
        return
      }
      if (this.#waiting.length + this.#inFlight >= requestsWaiting) {
        reject(new StoreUnavailable(`more than ${requestsWaiting} requests wait for the store`))
        return
      }
      const plain = request as unknown as Request // RequestOf<V> is one of the union that Request is
      const length = lengthOf(plain)
      // A single request is always accepted: the database decides whether it fits.
      if (this.#length > 0 && this.#length + length > lengthWaiting) {
        reject(new StoreUnavailable(`more than ${lengthWaiting} characters wait for the store`))
        return
      }
      this.#length += length
      // After the sockets' turn, so that calls that arrived together are committed together.
      if (this.#waiting.length === 0) setImmediate(() => this.#handOver())
      this.#waiting.push({
        request: plain,
        length,
        resolve: resolve as Waiting['resolve'], // the database answers a verb with that verb's answer
        reject,
      })
    })
  }

  #handOver(): void {
    const list = this.#waiting
    if (list.length === 0) return
    this.#waiting = []
    this.#inFlight += list.length
    const done = () => {
      this.#inFlight -= list.length
      for (const { length } of list) this.#length -= length
    }
    this.#executor.execute(list.map(({ request }) => request)).then(
      ({ answers, syncs }) => {
        done()
        this.#requests += list.length
        this.#syncs = syncs
        list.forEach((waiting, index) => {
          settle(waiting, answers[index]!) // one answer for each request
        })
      },
      (error) => {
        done()
        for (const { reject } of list) reject(error)
      },
    )
  }
}

function settle({ resolve, reject }: Waiting, answer: Answer): void {
  if (answer.ok) resolve(answer.value)
  else reject(answer.damaged ? new StoreDamaged(answer.message) : new StoreUnavailable(answer.message))
}

function page(limit: number): number {
  return Math.max(1, Math.min(limit, pageLimit))
}
