import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, Fault } from '../base/index.ts'
import { type Account, accessKeys, roles } from '../directory/index.ts'
import { type AccountImage, compareImage, type Image } from '../intake/index.ts'
import type { AskForm } from '../mirror/index.ts'
import { rootArn } from '../session/index.ts'
import type { NotAdopted, PerformIam } from './adoption.ts'
import type { KeptStacks } from './kept.ts'
import { hasThing, only, thingsIn } from './reading/identities.ts'
import { type Step, stepsBetween } from './reading/steps.ts'
import { UpstreamIdentities } from './upstream-identities.ts'

/** The result of a synchronization. */
export interface SyncReport {
  /** The things that only the upstream had, and Omen has now: `role worker`. */
  readonly made: readonly string[]
  /** The things that were made in this way before, and are gone from the upstream. */
  readonly removed: readonly string[]
  readonly notTaken: readonly Omit<NotAdopted, 'stack'>[]
}

/** A report that is being written. */
interface Report {
  readonly made: string[]
  readonly removed: string[]
  readonly notTaken: Omit<NotAdopted, 'stack'>[]
}

export interface SyncParts {
  readonly deps: Dependencies
  readonly perform: PerformIam
  readonly ask: AskForm
  /** Whether the upstream keeps accounts apart; if not, it has the first account alone. */
  readonly separatesAccounts: boolean
  /** Resolves when the upstream has what was created in Omen before. */
  readonly settled: () => Promise<void> | undefined
}

/** Milliseconds before a role that the upstream does not have is looked up again. */
const patience = 1_000
/** Roles that are remembered as unknown. */
const unknownMost = 1_000

/** The name under which what comes from the upstream's IAM is kept, beside the stacks: no stack has such a region. */
const region = '-'
const upstream = 'upstream'

/**
 * Takes over what only the upstream's IAM has (behaviour GRD-130). Omen is right about everything that it has: of that
 * nothing is changed. What was taken over and is gone from the upstream is removed, unless it was changed here.
 */
export class Synchronization {
  readonly #parts: SyncParts
  readonly #kept: KeptStacks
  readonly #identities: UpstreamIdentities
  readonly #unknown = new Map<string, number>()
  #running: Promise<SyncReport> | undefined

  constructor(parts: SyncParts, kept: KeptStacks) {
    this.#parts = parts
    this.#kept = kept
    this.#identities = new UpstreamIdentities(parts.ask)
  }

  /** Synchronizes every account. @throws an error if the upstream does not answer, or cannot be read */
  run(): Promise<SyncReport> {
    this.#running ??= this.#all().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Looks a role up in the upstream that Omen does not have. Never rejects: the role then stays unknown. */
  async lookUp(account: Account, name: string): Promise<void> {
    const { deps, separatesAccounts } = this.#parts
    if (!separatesAccounts && account.id !== deps.firstAccount) return
    if (account.table(roles).findBy('name', name.toLowerCase()) !== undefined) return
    const key = `${account.id}/${name}`
    const now = deps.clock.now()
    if (now - (this.#unknown.get(key) ?? Number.NEGATIVE_INFINITY) < patience) return
    this.#unknown.delete(key)
    this.#unknown.set(key, now)
    if (this.#unknown.size > unknownMost)
      for (const first of [...this.#unknown.keys()].slice(0, 1)) this.#unknown.delete(first)
    try {
      if (await this.#identities.hasRole(name, account.id)) await this.run()
    } catch {
      // an upstream that does not answer has no role
    }
  }

  async #all(): Promise<SyncReport> {
    const { deps, separatesAccounts, settled } = this.#parts
    await settled()
    const report: Report = { made: [], removed: [], notTaken: [] }
    const ids = separatesAccounts ? await deps.directory.store.accounts() : [deps.firstAccount]
    for (const id of ids) await this.#one(id, report)
    return report
  }

  async #one(id: AccountId, report: Report) {
    const { deps } = this.#parts
    const image = await this.#identities.image(id, deps.partition)
    const account = await deps.directory.find(id)
    const own = image.accounts.find((each) => each.account === id)
    if (account === undefined) return
    for (const { kind, name, reason } of image.notTaken)
      report.notTaken.push({ what: `${kind} ${name}`, because: reason })
    const kept = this.#kept.find(account, region, upstream)
    const things = new Set(kept?.things)
    const before = kept?.image
    const gone = before && (await this.#gone(before, own, things, report))
    for (const thing of await this.#perform(stepsBetween(gone, undefined, account), account, report)) {
      things.delete(thing)
      report.removed.push(thing)
    }
    const fresh = own && only([own], (thing) => !hasThing(account, thing))
    // a trust policy may name a user of the same image, who comes after the roles
    const steps = stepsBetween(undefined, fresh, account)
    const made = await this.#perform(steps, account)
    const again = steps.filter(({ thing }) => !made.has(thing))
    for (const thing of [...made, ...(await this.#perform(again, account, report))]) {
      things.add(thing)
      report.made.push(thing)
    }
    if (report.made.length === 0 && report.removed.length === 0) return
    const all = [...(before?.accounts ?? []), ...(fresh?.accounts ?? [])]
    const left = only(all, (thing) => things.has(thing))
    await this.#kept.put({ account: id, region, partition: deps.partition }, upstream, {
      things: [...things],
      image: left,
    })
  }

  /** Removes a thing that was taken over, is as it was then, and is gone from the upstream. */
  async #gone(
    before: Image,
    now: AccountImage | undefined,
    things: ReadonlySet<string>,
    report: Pick<Report, 'notTaken'>,
  ): Promise<Image | undefined> {
    const [account] = before.accounts
    if (account === undefined) return undefined
    const there = new Set(now === undefined ? [] : thingsIn(now).map((thing) => thing.toLowerCase()))
    const { things: compared } = await compareImage(before, this.#parts.deps)
    const changed = new Set(
      compared.flatMap(({ outcome, kind, name }) =>
        outcome === 'unchanged' ? [] : [`${kindsOf[kind]} ${name}`],
      ),
    )
    const isGone = (thing: string) => things.has(thing) && !there.has(thing.toLowerCase())
    for (const thing of things)
      if (isGone(thing) && changed.has(thing))
        report.notTaken.push({ what: thing, because: 'it is gone from the upstream, and was changed here' })
    return only([account], (thing) => isGone(thing) && !changed.has(thing))
  }

  /** Carries steps out in the name of root; the things whose steps all succeeded. */
  async #perform(
    steps: readonly Step[],
    account: Account,
    report?: Pick<Report, 'notTaken'>,
  ): Promise<ReadonlySet<string>> {
    const key = [...account.table(accessKeys).values()].find(({ owner }) => owner === 'root')
    const accessKeyId = key?.id ?? ''
    const caller = { kind: 'root' as const, account: account.id, arn: rootArn(account), accessKeyId }
    const origin = { sourceIp: 'omen', userAgent: 'omen', host: '', secure: true }
    const done = new Set<string>()
    const failed = new Set<string>()
    for (const { thing, operation, input, ifExisted } of steps) {
      if (failed.has(thing) || ifExisted) continue
      try {
        await this.#parts.perform(operation, input, { account, caller, origin })
        done.add(thing)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        failed.add(thing)
        report?.notTaken.push({ what: thing, because: `${operation}: ${error.message}` })
      }
    }
    // what was created and lacks a part of it is here all the same
    return done
  }
}

/** Kinds of a comparison by the kinds of steps. */
const kindsOf: Readonly<Record<string, string | undefined>> = {
  role: 'role',
  user: 'user',
  group: 'group',
  'managed policy': 'policy',
  'instance profile': 'profile',
  'OIDC provider': 'oidc',
  'SAML provider': 'saml',
}
