import type { AccountId } from '../../base/index.ts'
import { stateOf, unavailable } from './failure.ts'
import type { Link } from './link.ts'

/** How long a turn is waited for, and how long that of a node is kept which was paused in it, in milliseconds. */
const patience = { lock: 5_000, idle: 2_000 } as const

/** The most connections with a turn each. */
const linksMost = 4

/** The locks of turns, among those of other programs in the same database: an account's number is below 2 ** 40. */
const firstLock = 0x6f6d6en << 40n

/**
 * SQL that takes part in the lock of an account's turn until the transaction ends; false if a node has a turn, or waits for
 * one.
 */
export const outsideTurns = (account: string) => `pg_try_advisory_xact_lock_shared(${firstLock} + ${account})`

/**
 * Turns of accounts among nodes. A turn is a lock that is held beside the commits of the account. Commits of other nodes try
 * for a share in it, and are refused without it.
 */
export class Turns {
  /** Connections without a turn. */
  readonly #free: Link[]
  #links = 1
  readonly #connect: () => Promise<Link>
  readonly #waiting: { readonly resolve: (link: Link) => void; readonly reject: (error: Error) => void }[] =
    []
  /** How many turns of an account this node has that are not known to be over. */
  readonly #held = new Map<AccountId, number>()
  readonly #running = new Set<Promise<unknown>>()

  /** @param connect opens a further connection, for turns of several accounts at once */
  constructor(link: Link, connect: () => Promise<Link>) {
    this.#free = [link]
    this.#connect = connect
  }

  /** The accounts whose turn this node has. */
  get held(): readonly AccountId[] {
    return [...this.#held.keys()]
  }

  /** Runs `work` in a turn of the account. @throws StoreUnavailable if the turn cannot be had */
  run<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    const turn = this.#run(account, work)
    this.#running.add(turn)
    const end = () => this.#running.delete(turn)
    turn.then(end, end)
    return turn
  }

  /** Resolves when the turns that were asked for before are over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  async #run<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    const link = await this.#takeLink()
    try {
      await lock(link, account)
      this.#hold(account, 1)
      try {
        return await work()
      } finally {
        // what is asked next travels behind it
        const ended = () => this.#hold(account, -1)
        link.query('COMMIT').then(ended, ended)
      }
    } finally {
      this.#giveBack(link)
    }
  }

  #hold(account: AccountId, more: number): void {
    const turns = (this.#held.get(account) ?? 0) + more
    if (turns === 0) this.#held.delete(account)
    else this.#held.set(account, turns)
  }

  async #takeLink(): Promise<Link> {
    const at = this.#free.findLastIndex(({ isOpen }) => isOpen)
    const [free] = at < 0 ? [] : this.#free.splice(at, 1)
    if (free !== undefined) return free
    let failure: unknown
    if (this.#links < linksMost) {
      this.#links++
      try {
        return await this.#connect()
      } catch (error) {
        this.#links--
        failure = error
      }
    }
    // PostgreSQL may have no connection to spare: the turn comes when another one is over
    if (this.#links > this.#free.length)
      return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
    const error = unavailable(failure ?? new Error('every connection for turns is lost'))
    // what they wait for was an attempt to connect that failed, too
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    throw error
  }

  #giveBack(link: Link): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(link)
    else next.resolve(link)
  }
}

async function lock(link: Link, account: AccountId): Promise<void> {
  try {
    await link.query(
      `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${patience.lock}; SET LOCAL idle_in_transaction_session_timeout = ${patience.idle};
        SELECT pg_advisory_xact_lock(${firstLock + BigInt(account)})`,
    )
  } catch (error) {
    void link.query('ROLLBACK').catch(() => {})
    throw stateOf(error) === undefined ? error : unavailable(error)
  }
}
