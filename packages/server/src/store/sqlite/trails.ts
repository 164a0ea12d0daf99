import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'

/** How many numbers are remembered between transactions. */
const numbersRemembered = 10_000

/** Trails, an account in a region each, by number. */
export class TrailTable {
  readonly #connection: DatabaseSync
  readonly #find: StatementSync
  readonly #findAll: StatementSync
  readonly #add: StatementSync
  readonly #numbers = new Map<string, number>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#find = connection.prepare('SELECT number FROM trails WHERE account = ? AND region = ?')
    this.#findAll = connection.prepare('SELECT number FROM trails WHERE account = ?')
    this.#add = connection.prepare('INSERT INTO trails (account, region) VALUES (?, ?) RETURNING number')
  }

  /** The number of a trail, which is made where there is none. */
  number(account: AccountId, region: string): number {
    const key = `${account} ${region}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const row = this.#find.get(account, region) ?? this.#add.get(account, region)
    const number = Number(row?.number)
    if (this.#numbers.size >= numbersRemembered) this.#numbers.clear()
    this.#numbers.set(key, number)
    return number
  }

  /** The numbers of an account's trails: of one region, or of all. */
  numbers(account: AccountId, region: string | undefined): number[] {
    const rows = region === undefined ? this.#findAll.all(account) : this.#find.all(account, region)
    return rows.map((row) => Number(row.number))
  }

  clear(): void {
    this.#connection.exec('DELETE FROM trails')
    this.forgetNumbers()
  }

  /** To be called where a transaction was rolled back: a remembered trail may be gone with it. */
  forgetNumbers(): void {
    this.#numbers.clear()
  }
}
