import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, isOfPeople } from '../base/index.ts'
import { callsBetween, type MirrorCall, reading } from './calls.ts'
import { allOf, kindOfTable, thingOf } from './of-record.ts'
import { creationOrder, type Thing, type ThingKind } from './thing.ts'
import { type AskForm, UpstreamIam } from './upstream-iam.ts'

/** The state of the mirror, for `omen doctor`. */
export interface MirrorState {
  /** `shared` if the upstream has what Omen has, `none` if it keeps no IAM, `unknown` if it was not reached yet. */
  readonly iam: 'shared' | 'none' | 'unknown'
  /** Things that are not in the upstream yet. */
  readonly waiting: number
  /** The calls that the upstream refused, the latest last. */
  readonly refused: readonly Refused[]
  /** Names that the upstream had before: Omen's documents took the place of its own. */
  readonly existed: readonly string[]
  /** Attachments of AWS's managed policies that the upstream does not have. */
  readonly leftOut: number
  /** The upstream's account, if it has another number than Omen's. */
  readonly otherAccount?: string
}

export interface Refused {
  /** `role worker`. */
  readonly what: string
  readonly because: string
}

interface Dirty {
  readonly account: AccountId
  readonly kind: ThingKind
  readonly id: string
}

export interface MirrorParts {
  readonly deps: Pick<Dependencies, 'clock' | 'directory' | 'firstAccount' | 'partition'>
  readonly ask: AskForm
  /** Whether the upstream keeps accounts apart; if not, it gets the first account alone. */
  readonly separatesAccounts: boolean
  /** Called if the upstream has forgotten what it got. */
  readonly emptied: () => void
  /** Receives errors of Omen's own code. */
  readonly complain: (error: unknown) => void
}

const limits = {
  /** The most names and refusals in a report. */
  most: 50,
  /** Milliseconds until the first retry after the upstream did not answer; doubled each time. */
  firstWait: 500,
  /** Milliseconds between retries at most. */
  longestWait: 30_000,
  /** Milliseconds between looks whether the upstream still has what it got: some close every connection. */
  betweenLooks: 1_000,
  /** Milliseconds that a forwarded call waits for the upstream to have what was made before it. */
  patience: 5_000,
} as const

/**
 * Keeps the upstream's IAM like Omen's: after each commit, its changes are made there by the same calls, in order.
 * Omen decides: an entity of the same name in the upstream gets Omen's documents (behaviour GRD-120).
 */
export class Mirror {
  readonly #parts: MirrorParts
  readonly #iam: UpstreamIam
  /** The last state that was sent, by `keyOf`. */
  readonly #pushed = new Map<string, Thing>()
  readonly #dirty = new Map<string, Dirty>()
  readonly #refused = new Map<string, Refused>()
  readonly #existed = new Set<string>()
  readonly #upstreamAccounts = new Map<AccountId, string>()
  #kept: MirrorState['iam'] = 'unknown'
  #leftOut = 0
  #running: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #wait: number = limits.firstWait
  #isDoubted = false
  #lookedAt = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(parts: MirrorParts) {
    this.#parts = parts
    this.#iam = new UpstreamIam(parts.ask)
  }

  /** Has the upstream get everything that Omen has: at the start, and after the upstream was emptied. */
  async start(): Promise<void> {
    this.#pushed.clear()
    this.#existed.clear()
    this.#kept = 'unknown'
    await this.replaced()
  }

  /** A connection to the upstream ended: it may have restarted. Before the next call it is asked what it has. */
  doubt(): void {
    this.#isDoubted = true
  }

  /** The server's whole state was replaced: the upstream gets the new one, and loses what is gone. */
  async replaced(): Promise<void> {
    await this.#noteAll()
    this.#go()
  }

  async #noteAll(): Promise<void> {
    const { deps, separatesAccounts } = this.#parts
    this.#refused.clear()
    this.#leftOut = 0
    for (const key of this.#pushed.keys()) this.#note(dirtyOf(key))
    const ids = separatesAccounts ? await deps.directory.store.accounts() : [deps.firstAccount]
    for (const id of ids) {
      const account = await deps.directory.find(id)
      for (const each of account === undefined ? [] : allOf(account)) this.#note({ account: id, ...each })
    }
  }

  /** Queues the changes of a commit. */
  note(account: AccountId, changes: Iterable<{ readonly kind: string; readonly id: string }>): void {
    if (
      this.#kept === 'none' ||
      isOfPeople(account) ||
      !(this.#parts.separatesAccounts || account === this.#parts.deps.firstAccount)
    )
      return
    for (const { kind: table, id } of changes) {
      const kind = kindOfTable(table)
      if (kind !== undefined) this.#note({ account, kind, id })
    }
    if (this.#dirty.size > 0) this.#go()
  }

  /**
   * Resolves when the upstream has everything made so far, or does not answer, or takes too long; undefined if nothing
   * is pending.
   */
  settled(): Promise<void> | undefined {
    if (this.#isDue()) {
      clearTimeout(this.#retry)
      this.#retry = undefined
      this.#go()
    }
    if (this.#running === undefined) return undefined
    const patience = Promise.withResolvers<void>()
    const timer = setTimeout(patience.resolve, limits.patience)
    return Promise.race([this.#running, patience.promise]).finally(() => clearTimeout(timer))
  }

  /**
   * Removes from roles in the upstream the policies that would prevent their deletion. The result restores them on
   * roles that stay. @throws an error if the upstream does not answer
   */
  async strip(account: AccountId, roles: readonly string[]): Promise<() => void> {
    await this.settled()
    const owner = { id: await this.#upstreamAccount(account), partition: this.#parts.deps.partition }
    const stripped: Dirty[] = []
    for (const [key, thing] of this.#pushed) {
      if (thing.kind !== 'role' || !roles.includes(thing.name) || !key.startsWith(`${account}\n`)) continue
      const bare = { ...thing, inline: {}, attached: [] }
      for (const call of callsBetween(thing, bare, owner)) await this.#iam.call(call, account)
      this.#pushed.set(key, bare)
      stripped.push(dirtyOf(key))
    }
    return () => {
      for (const dirty of stripped) this.#note(dirty)
      this.#go()
    }
  }

  get state(): MirrorState {
    const { firstAccount } = this.#parts.deps
    const there = this.#upstreamAccounts.get(firstAccount)
    return {
      iam: this.#kept,
      waiting: this.#dirty.size,
      refused: [...this.#refused.values()].slice(-limits.most),
      existed: [...this.#existed],
      leftOut: this.#leftOut,
      ...(there === undefined || there === firstAccount ? {} : { otherAccount: there }),
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
  }

  #note(dirty: Dirty): void {
    this.#dirty.set(keyOf(dirty), dirty)
  }

  #go(): void {
    if (this.#running !== undefined || this.#retry !== undefined || this.#closed) return
    this.#running = this.#run()
      .catch((error: unknown) => this.#parts.complain(error))
      .finally(() => {
        this.#running = undefined
      })
  }

  async #run(): Promise<void> {
    try {
      if (this.#kept === 'unknown') await this.#meet()
      if (this.#kept === 'none') this.#dirty.clear()
      if (this.#isDue()) await this.#lookAgain()
      while (this.#dirty.size > 0 && !this.#closed) await this.#round([...this.#dirty.values()])
      this.#wait = limits.firstWait
    } catch {
      // it did not answer: the rest is tried again later
      if (!this.#closed) this.#later()
    }
  }

  #later(): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.#go()
    }, this.#wait)
    this.#retry.unref()
    this.#wait = Math.min(this.#wait * 2, limits.longestWait)
  }

  /** Finds out whether the upstream keeps an IAM. */
  async #meet(): Promise<void> {
    const { firstAccount } = this.#parts.deps
    this.#kept = (await this.#iam.isThere(firstAccount)) ? 'shared' : 'none'
  }

  #isDue(): boolean {
    const since = this.#parts.deps.clock.now() - this.#lookedAt
    return this.#isDoubted && this.#pushed.size > 0 && since >= limits.betweenLooks
  }

  /** Whether the upstream still has the first and the last of what it got; if it has neither, it gets everything again. */
  async #lookAgain(): Promise<void> {
    this.#isDoubted = false
    this.#lookedAt = this.#parts.deps.clock.now()
    try {
      const things = [...this.#pushed]
      for (const [key, thing] of new Set([things[0], things.at(-1)].filter((each) => each !== undefined))) {
        const { account } = dirtyOf(key)
        const owner = { id: await this.#upstreamAccount(account), partition: this.#parts.deps.partition }
        if ((await this.#iam.call(reading(thing, owner), account)).kind !== 'tolerated') return
      }
      this.#parts.emptied()
      this.#pushed.clear()
      this.#existed.clear()
      await this.#noteAll()
    } catch (error) {
      this.#isDoubted = true
      throw error
    }
  }

  /** Creates and changes in the order of references, then deletes in the opposite order. */
  async #round(batch: readonly Dirty[]): Promise<void> {
    const work: { readonly dirty: Dirty; readonly rank: number }[] = []
    for (const dirty of batch) {
      const at = creationOrder.indexOf(dirty.kind)
      const isGone = (await this.#wanted(dirty)) === undefined
      work.push({ dirty, rank: isGone ? 2 * creationOrder.length - at : at })
    }
    for (const { dirty } of work.sort((a, b) => a.rank - b.rank)) {
      if (this.#closed) return
      // changes from now on queue it again
      this.#dirty.delete(keyOf(dirty))
      try {
        await this.#push(dirty, await this.#wanted(dirty))
      } catch (error) {
        this.#note(dirty)
        throw error
      }
    }
  }

  async #wanted({ account: id, kind, id: record }: Dirty): Promise<Thing | undefined> {
    const { deps } = this.#parts
    const account = await deps.directory.find(id)
    if (account === undefined) return undefined
    const find = () => thingOf(kind, record, account, deps)
    try {
      return find()
    } catch (error) {
      if (!(error instanceof Error && 'account' in error)) throw error
      await deps.directory.find(error.account as AccountId) // AccountNotLoaded says which
      return find()
    }
  }

  async #push(dirty: Dirty, want: Thing | undefined): Promise<void> {
    const key = keyOf(dirty)
    const have = this.#pushed.get(key)
    const owner = { id: await this.#upstreamAccount(dirty.account), partition: this.#parts.deps.partition }
    let existed = false
    let refused: Refused | undefined
    for (const call of callsBetween(have, want, owner)) {
      if (call.ifExisted === true && !existed) continue
      const result = await this.#iam.call(call, dirty.account)
      if (result.kind === 'tolerated' && call.action.startsWith('Create')) existed = true
      if (result.kind !== 'refused') continue
      if (call.ofAws === true) this.#leftOut++
      else refused ??= { what: nameOf(want ?? have), because: sayingOf(call, result) }
    }
    if (want === undefined) this.#pushed.delete(key)
    else this.#pushed.set(key, want)
    if (existed && this.#existed.size < limits.most) this.#existed.add(nameOf(want))
    this.#refused.delete(key)
    if (refused !== undefined) this.#refused.set(key, refused)
  }

  async #upstreamAccount(account: AccountId): Promise<string> {
    const known = this.#upstreamAccounts.get(account)
    if (known !== undefined) return known
    const found = (await this.#iam.accountOf(account)) ?? account
    this.#upstreamAccounts.set(account, found)
    return found
  }
}

function keyOf({ account, kind, id }: Dirty): string {
  return `${account}\n${kind}\n${id}`
}

function dirtyOf(key: string): Dirty {
  const [account = '', kind = '', id = ''] = key.split('\n', 3)
  return { account, kind, id } as Dirty // `keyOf` wrote it
}

function nameOf(thing: Thing | undefined): string {
  return thing === undefined ? 'a resource' : `${thing.kind} ${thing.name}`
}

function sayingOf({ action }: MirrorCall, { code, message }: { code: string; message: string }): string {
  return `${action}: ${code}${message === '' ? '' : `: ${message}`}`
}
