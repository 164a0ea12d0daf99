import type { AccountId } from '../../base/index.ts'
import type { Change, Held, Lineage } from '../account-types.ts'
import type { Commit } from '../types.ts'
import { int4Array, int8Array, textArray, uuidArray } from './arrays.ts'

/** A step of an account's history in a batch. */
interface Step {
  readonly account: AccountId
  /** Counts from 1: the steps of the same account in the batch. */
  readonly step: number
  readonly base: Lineage | undefined
  readonly next: Lineage
  /** Undefined if they are stored apart from the batch: see `putPacks`. */
  readonly changes: readonly Change[] | undefined
}

/** The expectation of a batch about an account, and its result. */
interface Touched {
  /** The state that the database must still have. */
  readonly base: Lineage | undefined
  /** The state after the commits that the batch has so far. */
  now: Lineage | undefined
  steps: number
}

/**
 * The account changes of commits that are executed as one statement, all or nothing. A commit may be based on one that
 * is before it in the same batch.
 */
export class CommitBatch {
  readonly #touched = new Map<AccountId, Touched>()
  readonly #items = new Map<string, readonly [AccountId, Change]>()
  readonly #steps: Step[] = []

  /**
   * Adds the changes of a commit, if they can be part of this batch: returns false if they contradict a commit before
   * them, which the next batch decides.
   */
  add({ accounts, reads = [] }: Commit): boolean {
    const expected: readonly Held[] = [
      ...reads,
      ...accounts.map(({ account, base }) => ({ account, lineage: base })),
    ]
    const fits = expected.every(({ account, lineage }) => {
      const touched = this.#touched.get(account)
      return touched === undefined || touched.now === lineage
    })
    if (!fits || contradicts(expected)) return false
    for (const { account, lineage } of expected)
      if (!this.#touched.has(account)) this.#touched.set(account, { base: lineage, now: lineage, steps: 0 })
    for (const { account, base, next, packed, ...own } of accounts) {
      const touched = this.#touched.get(account)! // it is one of those expected
      const changes = packed === undefined ? own.changes : undefined
      touched.now = next
      this.#steps.push({ account, step: ++touched.steps, base, next, changes })
      for (const change of changes ?? [])
        this.#items.set(`${account}\0${change.kind}\0${change.id}`, [account, change])
    }
    return true
  }

  get changesAccounts(): boolean {
    return this.#steps.length > 0
  }

  /** Whether it changes some accounts, and only looks at others. */
  get isMixed(): boolean {
    return this.changesAccounts && [...this.#touched.values()].some(({ steps }) => steps === 0)
  }

  get isEmpty(): boolean {
    return this.#touched.size === 0
  }

  /** The steps, in the order of the commits. */
  get steps(): readonly Step[] {
    return this.#steps
  }

  /** Returns the parameters of `commitStatement` that say what accounts are expected and changed to, in its order. */
  parameters(): readonly unknown[] {
    const touched = [...this.#touched]
    const items = [...this.#items.values()]
    return [
      int8Array(touched.map(([account]) => account)),
      uuidArray(touched.map(([, { base }]) => base)),
      uuidArray(touched.map(([, { now, steps }]) => (steps === 0 ? undefined : now))),
      int4Array(touched.map(([, { steps }]) => steps)),
      int8Array(this.#steps.map(({ account }) => account)),
      int4Array(this.#steps.map(({ step }) => step)),
      uuidArray(this.#steps.map(({ next }) => next)),
      uuidArray(this.#steps.map(({ base }) => base)),
      textArray(this.#steps.map(({ changes }) => JSON.stringify(changes ?? null))),
      int8Array(items.map(([account]) => account)),
      textArray(items.map(([, { kind }]) => kind)),
      textArray(items.map(([, { id }]) => id)),
      textArray(items.map(([, { value }]) => value)),
    ]
  }
}

/** Returns whether a commit expects two states of one account. No database can satisfy it. */
function contradicts(expected: readonly Held[]): boolean {
  const states = new Map<AccountId, Lineage | undefined>()
  return expected.some(({ account, lineage }) => {
    const other = states.has(account) && states.get(account) !== lineage
    states.set(account, lineage)
    return other
  })
}
