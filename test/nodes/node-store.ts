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
  readonly #turns = new Map<AccountId, { readonly node: object; readonly ended: Promise<void> }>()
  #line: Promise<unknown> = Promise.resolve()
  /** The revisions that nodes think states have. */
  readonly #revisions = new Map<Lineage, number>()

  private constructor(store: Store) {
    this.store = store
  }

  static async open(): Promise<SharedStore> {
    return new SharedStore(await openSqliteStore({ memory: true }))
  }

  /** Stores a commit of a node, unless it changes an account that another node has a turn of. */
  commit(commit: Commit, mutations: Mutations, node: object): Promise<CommitOutcome> {
    return this.#inTurn(async () => {
      const taken = commit.accounts
        .map(({ account }) => account)
        .filter((account) => (this.#turns.get(account)?.node ?? node) !== node)
      return taken.length > 0 ? { ok: false, moved: taken } : this.#commit(commit, mutations)
    })
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

  /** Runs work in a node's turn of an account. */
  async turn<T>(account: AccountId, node: object, work: () => Promise<T>): Promise<T> {
    for (let before = this.#turns.get(account); before !== undefined; before = this.#turns.get(account))
      await before.ended
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turns.set(account, { node, ended: promise })
    try {
      return await work()
    } finally {
      this.#turns.delete(account)
      resolve()
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
  const node = {}
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
    commit: (commit) => inLine(() => shared.commit(commit, mutations, node)),
    record: (events, durability) => inLine(() => store.record(events, durability)),
    turn: (account, work) => slowly(() => shared.turn(account, node, work)),
    close: async () => {},
  }
  return new Proxy(store, {
    get(_, member) {
      const value: unknown = member in own ? Reflect.get(own, member) : Reflect.get(store, member, store)
      return typeof value === 'function' && !(member in own) ? value.bind(store) : value
    },
  })
}
