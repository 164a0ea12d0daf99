import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import {
  type AccountChanges,
  type AccountDelta,
  type Change,
  type Commit,
  type CommitOutcome,
  type Confirmation,
  type Held,
  type Lineage,
  openSqliteStore,
  type Store,
} from '../../packages/server/src/store/index.ts'

/** What the nodes of one process share: a store, what changed in it, and who has an account for itself. */
export class SharedStore {
  readonly store: Store
  readonly #log = new Map<AccountId, AccountChanges[]>()
  readonly #locks = new Map<AccountId, Promise<void>>()
  #line: Promise<unknown> = Promise.resolve()
  /** The revisions that nodes think states have. */
  readonly #revisions = new Map<Lineage, number>()

  private constructor(store: Store) {
    this.store = store
  }

  static async open(): Promise<SharedStore> {
    return new SharedStore(await openSqliteStore({ memory: true }))
  }

  commit(commit: Commit, mutations: Mutations): Promise<CommitOutcome> {
    return this.#inTurn(() => this.#commit(commit, mutations))
  }

  /** What changed since a state, or `anew` if it is older than the log. */
  changesSince(account: AccountId, lineage: Lineage): Promise<AccountDelta | 'anew'> {
    return this.#inTurn(() => this.#changesSince(account, lineage))
  }

  /** The log and the store change together. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => {})
    return done
  }

  async #commit(commit: Commit, { ignoreReads, byRevision }: Mutations): Promise<CommitOutcome> {
    const accounts = byRevision ? await this.#rebased(commit.accounts) : commit.accounts
    const { reads: _, ...blind } = commit
    const outcome = await this.store.commit({ ...(ignoreReads ? blind : commit), accounts })
    if (outcome.ok) for (const changes of accounts) this.#logOf(changes.account).push(changes)
    return outcome
  }

  async #changesSince(account: AccountId, lineage: Lineage): Promise<AccountDelta | 'anew'> {
    const loaded = await this.store.loadAccount(account)
    if (loaded === undefined) return 'anew'
    const { revision, lineage: newest } = loaded
    if (newest === lineage) return { revision, lineage, changes: [] }
    const log = this.#logOf(account)
    const at = log.findIndex(({ base }) => base === lineage)
    if (at < 0) return 'anew'
    const changes = new Map<string, Change>()
    for (const step of log.slice(at))
      for (const change of step.changes) changes.set(`${change.kind}\n${change.id}`, change)
    return { revision, lineage: newest, changes: [...changes.values()] }
  }

  /** Runs work while nobody else changes the account. */
  async alone<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(account)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#locks.set(account, promise)
    await before
    try {
      return await work()
    } finally {
      resolve()
      if (this.#locks.get(account) === promise) this.#locks.delete(account)
    }
  }

  /** Resolves when nobody has one of the accounts for itself. */
  async free(accounts: readonly AccountId[]): Promise<void> {
    for (;;) {
      const locks = accounts.map((account) => this.#locks.get(account)).filter((lock) => lock !== undefined)
      if (locks.length === 0) return
      await Promise.all(locks)
    }
  }

  #logOf(account: AccountId): AccountChanges[] {
    const log = this.#log.get(account) ?? []
    this.#log.set(account, log)
    return log
  }

  /** What a store would do that compares numbers: a commit on a refused one is accepted if the number is right. */
  async #rebased(accounts: readonly AccountChanges[]): Promise<readonly AccountChanges[]> {
    const rebased: AccountChanges[] = []
    for (const changes of accounts) {
      const base = changes.base === undefined ? 0 : (this.#revisions.get(changes.base) ?? 0)
      this.#revisions.set(changes.next, base + 1)
      const loaded = await this.store.loadAccount(changes.account)
      const isNext = loaded !== undefined && (this.#revisions.get(loaded.lineage) ?? loaded.revision) === base
      rebased.push(isNext ? { ...changes, base: loaded.lineage } : changes)
    }
    return rebased
  }
}

/** Parts of the mechanism that are left out, to see that the checker notices. */
export interface Mutations {
  /** Commits are not compared by what their calls read. */
  readonly ignoreReads?: boolean
  /** Nothing is ever said to have moved. */
  readonly neverMoved?: boolean
  /** Revisions are compared instead of lineages. */
  readonly byRevision?: boolean
}

export interface NodeOptions {
  /** Milliseconds before a request arrives, and before its answer does. */
  readonly delay: () => number
  readonly mutations?: Mutations
  /** Whether the store forgets what changed, so that accounts are loaded anew. */
  readonly forgetful?: boolean
}

/** The store as one node has it: the shared one behind a slow line. Its commits arrive in their order. */
export function nodeStore(shared: SharedStore, options: NodeOptions): Store {
  const { delay, mutations = {}, forgetful = false } = options
  const wait = async () => {
    const milliseconds = delay()
    if (milliseconds > 0) await sleep(milliseconds)
  }
  const slowly = async <T>(ask: () => Promise<T>): Promise<T> => {
    await wait()
    const answer = await ask()
    await wait()
    return answer
  }
  let line: Promise<unknown> = Promise.resolve()
  const inLine = async <T>(ask: () => Promise<T>): Promise<T> => {
    const arrived = line.then(wait).then(ask)
    line = arrived.catch(() => {})
    const answer = await arrived
    await wait()
    return answer
  }
  const { store } = shared
  const own: Partial<Store> & { shared: boolean } = {
    shared: true,
    loadAccount: (account) => slowly(() => store.loadAccount(account)),
    changesSince: ({ account, lineage }) =>
      slowly(async () => (forgetful ? 'anew' : shared.changesSince(account, lineage))),
    confirm: (held: readonly Held[]): Promise<Confirmation> =>
      slowly(async () => {
        const confirmed = await store.confirm(held)
        return mutations.neverMoved ? { ...confirmed, moved: new Map() } : confirmed
      }),
    commit: (commit) =>
      inLine(async () => {
        await shared.free(commit.accounts.map(({ account }) => account))
        return shared.commit(commit, mutations)
      }),
    record: (events, durability) => inLine(() => store.record(events, durability)),
    turn: (account, work) =>
      slowly(() =>
        shared.alone(account, async () => {
          const loaded = await store.loadAccount(account)
          const commits = await work({ account, lineage: loaded?.lineage })
          return Promise.all(commits.map((commit) => shared.commit(commit, mutations)))
        }),
      ),
    close: async () => {},
  }
  return new Proxy(store, {
    get(_, member) {
      const value: unknown = member in own ? Reflect.get(own, member) : Reflect.get(store, member, store)
      return typeof value === 'function' && !(member in own) ? value.bind(store) : value
    },
  })
}
