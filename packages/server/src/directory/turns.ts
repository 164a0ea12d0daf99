import type { AccountId } from '../base/index.ts'
import type { Commit, CommitOutcome, Store } from '../store/index.ts'

/** How long calls that run in a turn may take until they hand over their commits; later commits go without the turn. */
const longestTurn = 1_000

/** What turns need of the directory. */
export interface TurnParts {
  readonly store: Store
  /** Resolves when no commit of the account is on its way any more that was on its way at the call. */
  settled(account: AccountId): Promise<void>
  /** Brings the account up to date with the store. */
  bring(account: AccountId): Promise<void>
}

interface Collected {
  readonly commit: Commit
  /** Whether the memory that the commit was made on was undone meanwhile. */
  readonly isUndone: () => boolean
  readonly resolve: (outcome: CommitOutcome) => void
  readonly reject: (error: unknown) => void
}

/** One turn of an account: while it is open, this node's commits of the account are collected. */
export class Turn {
  readonly account: AccountId
  readonly #runs: { readonly start: () => Promise<void>; readonly fail: (error: unknown) => void }[] = []
  #collected: Collected[] = []

  constructor(account: AccountId) {
    this.account = account
  }

  /** Adds work that runs when this node has the account for itself. */
  join<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = () =>
        new Promise<void>((done) => {
          work(done)
            .then(resolve, reject)
            .finally(() => done())
        })
      this.#runs.push({ start, fail: reject })
    })
  }

  /** Starts all work. Resolves when each has handed over its commit, or has ended. */
  async start(): Promise<void> {
    await Promise.all(this.#runs.splice(0).map(({ start }) => start()))
  }

  collect(commit: Commit, isUndone: () => boolean): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => this.#collected.push({ commit, isUndone, resolve, reject }))
  }

  /** Returns the commits that still rest on what is in memory; the others are refused. */
  take(): readonly Collected[] {
    const all = this.#collected
    this.#collected = []
    return all.filter(({ isUndone, resolve }) => {
      if (!isUndone()) return true
      resolve({ ok: false, moved: [this.account] })
      return false
    })
  }

  fail(error: unknown): void {
    for (const { fail } of this.#runs.splice(0)) fail(error)
    for (const { reject } of this.#collected.splice(0)) reject(error)
  }
}

/** The turn that collects commits, and the one that calls may join. */
interface Entry {
  readonly open: Turn
  next: Turn | undefined
}

/**
 * Runs calls that change a contended account while no other node changes it. Nodes that only tried again would refuse each
 * other's commits most of the time.
 */
export class Turns {
  readonly #parts: TurnParts
  readonly #turns = new Map<AccountId, Entry>()

  constructor(parts: TurnParts) {
    this.#parts = parts
  }

  /** Returns the turn that collects the commits that change or read one of the accounts. */
  open({ accounts, reads = [] }: Commit): Turn | undefined {
    if (this.#turns.size === 0) return undefined
    for (const { account } of [...accounts, ...reads]) {
      const turn = this.#turns.get(account)?.open
      if (turn !== undefined) return turn
    }
    return undefined
  }

  /** Runs work in the account's next turn. */
  join<T>(account: AccountId, work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const known = this.#turns.get(account)
    if (known !== undefined) {
      known.next ??= new Turn(account)
      return known.next.join(work)
    }
    const turn = new Turn(account)
    const joined = turn.join(work)
    this.#begin(turn)
    return joined
  }

  #begin(turn: Turn): void {
    const { account } = turn
    const entry: Entry = { open: turn, next: undefined }
    this.#turns.set(account, entry)
    const close = () => {
      if (this.#turns.get(account) !== entry) return
      this.#turns.delete(account)
      if (entry.next !== undefined) this.#begin(entry.next)
    }
    this.#take(turn, close)
      .catch((error: unknown) => turn.fail(error))
      .finally(close)
  }

  async #take(turn: Turn, close: () => void): Promise<void> {
    const { store, settled, bring } = this.#parts
    const { account } = turn
    await settled(account)
    let sent: readonly Collected[] = []
    try {
      const outcomes = await store.turn(account, async () => {
        await bring(account)
        await atMost(longestTurn, turn.start())
        sent = turn.take()
        close()
        return sent.map(({ commit }) => commit)
      })
      sent.forEach(({ resolve }, index) => {
        resolve(outcomes[index]!) // one outcome for each commit
      })
    } catch (error) {
      for (const { reject } of sent) reject(error)
      throw error
    }
  }
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
