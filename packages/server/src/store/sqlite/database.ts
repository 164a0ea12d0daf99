import type { DatabaseSync } from 'node:sqlite'
import { AccountTable } from './accounts.ts'
import { EventTable } from './events.ts'
import { isDamage, reason } from './failure.ts'
import type { Answer, Answers, Exchange, Request, Verb } from './request.ts'
import { SettingTable } from './settings.ts'

/** With so many events not yet indexed, indexing does not wait for a quiet moment any longer. */
export const unindexedMost = 10_000

/**
 * The store's synchronous heart: lists of requests in, answers out. A list is one transaction, so that
 * it costs one sync to the disk, and each request in it sees what those before it did.
 */
export class Database {
  readonly #connection: DatabaseSync
  readonly #accounts: AccountTable
  readonly #events: EventTable
  readonly #settings: SettingTable
  #syncs = 0

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#accounts = new AccountTable(connection)
    this.#events = new EventTable(connection)
    this.#settings = new SettingTable(connection)
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

  /** How many events look-ups have to read one by one. */
  get unindexed(): number {
    return this.#events.unindexed
  }

  /** Indexes some events; true where more are left. Does nothing where the disk does not let it: no event is lost. */
  index(): boolean {
    try {
      this.#connection.exec('BEGIN')
      const more = this.#events.index()
      this.#connection.exec('COMMIT')
      return more
    } catch {
      this.#rollBack()
      return false
    }
  }

  /** Carries the log over into the database and lets go of the file. */
  close(): void {
    this.#connection.close()
  }

  /** All the answers, or the one failure that stopped the transaction. */
  #transact(requests: readonly Request[]): Answer[] {
    try {
      this.#connection.exec('BEGIN')
      const answers = requests.map((request): Answer => ({ ok: true, value: this.#carryOut(request) }))
      this.#connection.exec('COMMIT')
      if (requests.some((request, index) => wrote(request, answers[index]!))) this.#syncs++
      return answers
    } catch (error) {
      this.#rollBack()
      const { code, message } = reason(error)
      return [{ ok: false, message, damaged: isDamage(code) }]
    }
  }

  #rollBack(): void {
    this.#events.forgetRemembered()
    try {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back already; what stopped the transaction is the failure to report.
    }
  }

  #carryOut(request: Request): Exchange[Verb]['answers'] {
    switch (request.verb) {
      case 'loadAccount':
        return this.#accounts.load(request.account)
      case 'accounts':
        return this.#accounts.list()
      case 'commit': {
        const outcome = this.#accounts.change(request.commit.accounts)
        if (outcome.ok) this.#events.add(request.commit.events)
        return outcome
      }
      case 'record':
        return this.#events.add(request.events)
      case 'lookUpEvents':
        return this.#events.lookUp(request.query, request.after)
      case 'eventsAfter':
        return this.#events.after(request.sequence, request.limit)
      case 'forgetEvents':
        return this.#events.forget(request.before, request.limit)
      case 'readSetting':
        return this.#settings.read(request.name)
      case 'writeSetting':
        return this.#settings.write(request.name, request.value)
      case 'reset':
        this.#accounts.clear()
        this.#events.clear()
        return this.#settings.clear()
    }
  }
}

const writers = new Set<Verb>(['record', 'forgetEvents', 'writeSetting', 'reset'])

/** Whether a request changed the database: a commit that met a conflict did not. */
function wrote(request: Request, answer: Answer): boolean {
  if (request.verb !== 'commit') return writers.has(request.verb)
  return answer.ok && typeof answer.value === 'object' && 'ok' in answer.value && answer.value.ok
}
