import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Durability } from '../types.ts'
import { AccountTable } from './accounts.ts'
import { DenialTable } from './denials.ts'
import { EventTable } from './events.ts'
import { isDamage, reason } from './failure.ts'
import type { Answer, Answers, Exchange, Request, RequestOf, Verb } from './request.ts'
import { SettingTable } from './settings.ts'
import { SnapshotTables } from './snapshots.ts'

/** So many events make a block of the index. */
const blockEvents = 8192

/**
 * The store's synchronous heart: lists of requests in, answers out. A list is one transaction, so that
 * it costs one sync to the disk, and each request in it sees what those before it did.
 */
export class Database {
  readonly #connection: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #accounts: AccountTable
  readonly #events: EventTable
  readonly #denials: DenialTable
  readonly #settings: SettingTable
  readonly #snapshots: SnapshotTables
  #durability: Durability | undefined
  #syncs = 0
  #unsynced = false
  #careful = false

  /** Tests let blocks be of a few events already. */
  constructor(connection: DatabaseSync, eventsInBlock: number = blockEvents) {
    this.#connection = connection
    this.#begin = connection.prepare('BEGIN')
    this.#commit = connection.prepare('COMMIT')
    this.#accounts = new AccountTable(connection)
    this.#events = new EventTable(connection, eventsInBlock)
    this.#denials = new DenialTable(connection)
    this.#settings = new SettingTable(connection)
    this.#snapshots = new SnapshotTables(connection)
  }

  /**
   * Carries out all requests in one transaction. Where that fails, each is tried in a transaction of its
   * own: one that cannot be kept does not take its neighbours down.
   */
  run(requests: readonly Request[]): Answers {
    let answers = this.#transact(requests)
    if (answers.length < requests.length) answers = requests.flatMap((request) => this.#transact([request]))
    return { answers, syncs: this.#syncs }
  }

  /** Whether something was written since the last time that is not on the disk yet. */
  takeUnsynced(): boolean {
    const unsynced = this.#unsynced
    this.#unsynced = false
    return unsynced
  }

  /** The next transaction waits for the disk, whatever it writes: SQLite shall meet what ails it, and say so. */
  beCareful(): void {
    this.#careful = true
  }

  /**
   * Indexes new events where enough have come; true where more are left. Not with each commit, which would
   * then cost several times what it does. Does nothing where the disk does not let it: no event is lost.
   */
  index(): boolean {
    try {
      const block = this.#events.unindexed
      if (!block) return false
      this.#setDurability('process') // an index can be made again
      this.#begin.run()
      this.#events.index(block)
      this.#commit.run()
      this.#events.indexed()
      return this.#events.unindexed !== undefined
    } catch {
      this.#undo()
      return false
    }
  }

  /** Reads what the first look-up would wait for: where it fails, that look-up fails and says so. */
  prepareLookUps(): void {
    try {
      this.#events.prepareLookUps()
    } catch {
      this.#events.forgetRemembered()
    }
  }

  /** Carries the log over into the database, so that no commit has to when there is more to do. */
  checkpoint(): void {
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // The log is as durable as the database: another time will do.
    }
  }

  /** Carries the log over into the database and lets go of the file. */
  close(): void {
    this.#connection.close()
  }

  /** All the answers, or the one failure that stopped the transaction. */
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

  /** In a log either is whole after a crash; what outlives the process alone, a later sync carries to the disk. */
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
      // SQLite has rolled back already; what stopped the transaction is the failure to report.
    }
  }

  #keep({ events, denials }: RequestOf<'record' | 'commit'>): undefined {
    this.#events.add(events)
    this.#denials.add(denials)
  }

  #carryOut(request: Request): Exchange[Verb]['answers'] {
    switch (request.verb) {
      case 'loadAccount':
        return this.#accounts.load(request.account)
      case 'readBlob':
        return this.#accounts.readBlob(request.name)
      case 'accounts':
        return this.#accounts.list()
      case 'commit': {
        const outcome = this.#accounts.change(request.accounts)
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
        return this.#events.after(request.sequence, request.limit)
      case 'forgetEvents':
        return this.#events.forget(request)
      case 'eventsBeyond':
        return this.#events.beyond(request.bytes)
      case 'findDenial':
        return this.#denials.find(request.id)
      case 'denials':
        return this.#denials.newest(request.limit)
      case 'forgetDenials':
        return this.#denials.forget(request.before)
      case 'readSetting':
        return this.#settings.read(request.name)
      case 'writeSetting':
        return this.#settings.write(request.name, request.value)
      case 'reset':
        this.#accounts.clear()
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
  'writeSetting',
  'reset',
  'restoreSnapshot',
])

/** What a transaction has to outlive; undefined where nothing is written. */
function durabilityOf(requests: readonly Request[]): Durability | undefined {
  let most: Durability | undefined
  for (const request of requests) {
    const { verb } = request
    if (verb === 'record' && request.durability === 'process') most = 'process'
    else if (verb === 'commit' || writers.has(verb)) return 'disk'
  }
  return most
}

/** Whether a request changed the database: a commit that met a conflict did not. */
function wrote(request: Request, answer: Answer): boolean {
  if (request.verb !== 'commit') return writers.has(request.verb)
  return answer.ok && typeof answer.value === 'object' && 'ok' in answer.value && answer.value.ok
}
