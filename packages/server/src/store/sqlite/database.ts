import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isDamage, reason } from '../failure.ts'
import type { Durability } from '../types.ts'
import { AccountTable } from './accounts.ts'
import { DeliveryTable } from './deliveries.ts'
import { DenialTable } from './denials.ts'
import { EventTable } from './events.ts'
import { LastUseTable } from './last-uses.ts'
import type { Answer, Answers, Exchange, Request, RequestOf, Verb } from './request.ts'
import { SettingTable } from './settings.ts'
import { SnapshotTables } from './snapshots.ts'
import { WorkTable } from './works.ts'

/** Events in a block of the index: see `EventIndex`. */
const blockEvents = 1024

/**
 * The synchronous core of the store: lists of requests in, answers out. A list is one transaction, so it costs one
 * sync to the disk, and each request sees the effects of those before it.
 */
export class Database {
  readonly #connection: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #accounts: AccountTable
  readonly #events: EventTable
  readonly #denials: DenialTable
  readonly #settings: SettingTable
  readonly #lastUses: LastUseTable
  readonly #deliveries: DeliveryTable
  readonly #works: WorkTable
  readonly #snapshots: SnapshotTables
  #durability: Durability | undefined
  #syncs = 0
  #unsynced = false
  #careful = false

  /** Tests use smaller blocks. */
  constructor(connection: DatabaseSync, eventsInBlock: number = blockEvents) {
    this.#connection = connection
    this.#begin = connection.prepare('BEGIN')
    this.#commit = connection.prepare('COMMIT')
    this.#accounts = new AccountTable(connection)
    this.#events = new EventTable(connection, eventsInBlock)
    this.#denials = new DenialTable(connection)
    this.#settings = new SettingTable(connection)
    this.#lastUses = new LastUseTable(connection)
    this.#deliveries = new DeliveryTable(connection)
    this.#works = new WorkTable(connection)
    this.#snapshots = new SnapshotTables(connection)
  }

  /**
   * Executes all requests in one transaction. If that fails, each request gets a transaction of its own, so that one
   * bad request does not fail the others.
   */
  run(requests: readonly Request[]): Answers {
    let answers = this.#transact(requests)
    if (answers.length < requests.length) answers = requests.flatMap((request) => this.#transact([request]))
    return { answers, syncs: this.#syncs }
  }

  /** Returns whether something that was written is not on the disk yet. */
  takeUnsynced(): boolean {
    const unsynced = this.#unsynced
    this.#unsynced = false
    return unsynced
  }

  /**
   * Makes the next transaction wait for the disk, whatever it writes, so that SQLite meets the failure and reports it.
   */
  beCareful(): void {
    this.#careful = true
  }

  /**
   * Compresses and indexes the oldest of the new events if there are enough; returns true if more are left. It does not
   * run at each commit, which would multiply the cost of a commit. Does nothing if the disk refuses: no event is lost.
   */
  index(): boolean {
    try {
      if (!this.#events.isFull) return false
      this.#setDurability('process') // it can be done again
      this.#begin.run()
      this.#events.seal()
      this.#commit.run()
      return this.#events.isFull
    } catch {
      this.#rollBack()
      return false
    }
  }

  /** Reads what the first look-up needs. If that fails, the look-up fails with the reason. */
  prepareLookUps(): void {
    try {
      this.#events.prepareLookUps()
    } catch {
      this.#events.forgetRemembered()
    }
  }

  /** Moves the log to the database, so that no commit has to do it under load. */
  checkpoint(): void {
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // The log is as durable as the database; a later call retries.
    }
  }

  /** Moves the log to the database and closes the file. */
  close(): void {
    this.#connection.close()
  }

  /** Returns all answers, or the one failure that stopped the transaction. */
  #transact(requests: readonly Request[]): Answer[] {
    const durability = this.#careful ? 'disk' : durabilityOf(requests)
    try {
      if (durability !== undefined) this.#setDurability(durability)
      this.#begin.run()
      const answers = requests.map((request): Answer => ({ ok: true, value: this.#carryOut(request) }))
      this.#events.write()
      this.#commit.run()
      if (durability === 'disk' && requests.some((request, index) => wrote(request, answers[index]!))) {
        this.#syncs++
        this.#careful = false
      } else if (durability === 'process') this.#unsynced = true
      return answers
    } catch (error) {
      this.#rollBack()
      const { code, message } = reason(error)
      return [{ ok: false, message, damaged: isDamage(code) }]
    }
  }

  /**
   * Either setting leaves whole transactions after a crash. A later sync writes to the disk what survives only the
   * process.
   */
  #setDurability(durability: Durability): void {
    if (durability === this.#durability) return
    this.#connection.exec(`PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'}`)
    this.#durability = durability
  }

  #rollBack(): void {
    this.#accounts.forgetRemembered()
    this.#events.forgetRemembered()
    this.#denials.forgetRemembered()
    this.#undo()
  }

  #undo(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back already; the failure that stopped the transaction is the one to report.
    }
  }

  #keep({ events, denials }: RequestOf<'record' | 'commit'>): undefined {
    this.#events.add(events)
    this.#denials.add(denials)
  }

  #carryOut(request: Request): Exchange[Verb]['answers'] {
    switch (request.verb) {
      case 'loadAccount':
        return this.#accounts.load(request.account, request.after)
      case 'lineages':
        return this.#accounts.lineages(request.accounts)
      case 'readBlob':
        return this.#accounts.readBlob(request.name)
      case 'accounts':
        return this.#accounts.list()
      case 'commit': {
        const outcome = this.#accounts.change(request.accounts, request.reads)
        if (outcome.ok) this.#keep(request)
        return outcome
      }
      case 'record':
        return this.#keep(request)
      case 'lookUpEvents':
        return this.#events.lookUp(request.query, request.after)
      case 'searchEvents':
        return this.#events.search(request.search)
      case 'eventsAfter':
        return this.#events.after(request.sequence, request.limit, request.only)
      case 'forgetEvents':
        return this.#events.forget(request)
      case 'lastSequence':
        return this.#events.last()
      case 'eventsBeyond':
        return this.#events.beyond(request.bytes)
      case 'findDenial':
        return this.#denials.find(request.id)
      case 'denials':
        return this.#denials.newest(request.limit)
      case 'forgetDenials':
        return this.#denials.forget(request.before)
      case 'settings':
        return this.#settings.all()
      case 'readSetting':
        return this.#settings.read(request.name)
      case 'lastUses':
        return this.#lastUses.of(request.account)
      case 'keepUses':
        return this.#lastUses.keep(request.uses, request.gone)
      case 'readDelivery':
        return this.#deliveries.read(request.name)
      case 'deliveriesOf':
        return this.#deliveries.of(request.account)
      case 'deliveredFiles':
        return this.#deliveries.files(request.name, request.chain)
      case 'keepDelivery':
        return this.#deliveries.keep(request.step)
      case 'addWork':
        return this.#works.add(request.work, request.now)
      case 'dueWorks':
        return this.#works.due(request.now, request.limit, request.except)
      case 'endWork':
        return this.#works.end(request.id, request.again)
      case 'hasNoWork':
        return this.#works.isEmpty()
      case 'swapSetting':
        return this.#settings.swap(request.name, request.before, request.after)
      case 'reset':
        this.#accounts.clear()
        this.#lastUses.clear()
        this.#deliveries.clear()
        this.#works.clear()
        this.#events.clear()
        this.#denials.clear()
        return this.#settings.clear()
      case 'takeSnapshot':
        this.#events.write()
        return this.#snapshots.take()
      case 'restoreSnapshot':
        this.#events.clear()
        this.#denials.clear()
        this.#snapshots.restore(request.snapshot)
        this.#events.forgetRemembered()
        return undefined
    }
  }
}

const writers = new Set<Verb>([
  'record',
  'forgetEvents',
  'forgetDenials',
  'swapSetting',
  'keepDelivery',
  'addWork',
  'endWork',
  'reset',
  'restoreSnapshot',
])

/** Returns what a transaction must survive, or undefined if nothing is written. */
function durabilityOf(requests: readonly Request[]): Durability | undefined {
  let most: Durability | undefined
  for (const request of requests) {
    const { verb } = request
    if (verb === 'keepUses' || (verb === 'record' && request.durability === 'process')) most = 'process'
    else if (verb === 'commit' || writers.has(verb)) return 'disk'
  }
  return most
}

/** Returns whether a request changed the database. A commit with a conflict did not. */
function wrote(request: Request, answer: Answer): boolean {
  if (request.verb !== 'commit') return writers.has(request.verb)
  return answer.ok && typeof answer.value === 'object' && 'ok' in answer.value && answer.value.ok
}
