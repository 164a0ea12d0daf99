import type { AccountId } from '../base/index.ts'
import {
  type Account,
  accountsWithTrails,
  type LoggingPeriod,
  newestAccount,
  organizationOf,
  positionOfDelivery,
  type Trail,
  type TrailDelivery,
  trailArn,
  trailDeliveries,
  trailKey,
  trails,
} from '../directory/index.ts'
import { type EventPosition, firstPosition, type StoredEvent } from '../store/index.ts'
import { type FilePlace, logFile } from '../trail/index.ts'
import { coverageOf } from './coverage.ts'
import { DeliveryLog, Superseded } from './delivery-log.ts'
import { areBehind, closeChains, continueChains, encryptionOf, type Signed, withFile } from './digests.ts'
import { eventsBetween, eventsTogether } from './pages.ts'
import type { DeliveryParts } from './parts.ts'
import { Rounds } from './rounds.ts'
import { delivers } from './selection.ts'
import { DeliveryFailure } from './target.ts'

/**
 * How late an event of a period may arrive, in milliseconds. An event is kept when its call has ended, and a function
 * runs for at most fifteen minutes. A forwarded call may take longer; the store keeps the fact that it has begun.
 */
const late = 16 * 60_000
/** The most calls that the store lists as begun. If it lists this many, older ones may be missing. */
const begunMost = 1_000
const lotsTogether = 200
/** The errors of S3 for keys that cannot be used. */
const keyErrors = {
  missing: 'KMS.NotFoundException',
  disabled: 'KMS.DisabledException',
  denied: 'AccessDenied',
  silent: 'ServiceUnavailable',
} as const

/**
 * Delivers what trails log: files of events, and digests that prove them. What a file will hold is kept before it is
 * put, and its name depends on nothing else: a delivery that is repeated, by whatever node, overwrites its own files.
 */
export class Deliverer {
  readonly #parts: DeliveryParts
  readonly #rounds: Rounds
  /** The instant up to which all begun calls are known. */
  #settled = 0
  /** When each trail had delivered everything, by its account and key. */
  #currentAt = new Map<string, number>()

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    this.#rounds = new Rounds(parts.clock, (now) => this.#deliverAll(now))
  }

  /** How long ago the trail that is most behind had delivered everything, in seconds; undefined without trails. */
  get lagSeconds(): number | undefined {
    if (this.#currentAt.size === 0) return undefined
    return Math.max(0, this.#parts.clock.now() - Math.min(...this.#currentAt.values())) / 1_000
  }

  /** Delivers whatever is due. The caller must call it every minute. */
  tick(): Promise<void> {
    return this.#rounds.tick()
  }

  /**
   * Delivers everything now. Rejects only for a bug: what a target refuses waits, and the trail's status reports it.
   */
  deliver(): Promise<void> {
    return this.#rounds.run()
  }

  async #deliverAll(started: number): Promise<void> {
    const { store, directory, flush } = this.#parts
    // read first: an event that is kept meanwhile is found by the reads below
    const begun = (await store.begun()).map(({ time }) => time)
    this.#settled = begun.length < begunMost ? Math.min(started - late, ...begun) : 0
    await flush()
    const before = this.#currentAt
    const current = new Map<string, number>()
    for (const id of await accountsWithTrails(store)) {
      const account = await newestAccount(directory, id)
      const keys = [...(account?.table(trails).values() ?? [])].map((trail) =>
        trailKey(trail.homeRegion, trail.name),
      )
      for (const key of keys) {
        const name = `${id} ${key}`
        const state = await this.#deliverTrail(id, key)
        if (state === 'more') this.#rounds.hurry() // it had more than one turn takes
        if (state === 'current') current.set(name, started)
        else if (state !== 'nothing') current.set(name, before.get(name) ?? started)
      }
    }
    this.#currentAt = current
  }

  /** Delivers a trail; it has `nothing` to deliver if it neither logs nor has anything left. */
  async #deliverTrail(owner: AccountId, key: string): Promise<'current' | 'more' | 'failed' | 'nothing'> {
    const now = Math.floor(this.#parts.clock.now() / 1_000) * 1_000
    try {
      for (let lot = 0; lot < (this.#parts.lots ?? lotsTogether); lot++) {
        const found = await this.#find(owner, key)
        const state = found && (await this.#stateOf(found))
        if (state === undefined) return 'nothing'
        const signed: Signed = { ...this.#parts, ...found!, owner, now } // `state` is defined only if `found` is
        if (state.isOver) {
          await this.#end(signed)
          return 'nothing'
        }
        // digests of hours that have ended come before files of the next hour
        const continued = await continueChains(signed, state)
        if (areBehind(continued, now)) {
          await signed.log.keep({ ...continued, attemptedAt: now })
          continue
        }
        const { state: next, more } = await this.#deliverLot(signed, await this.#plan(signed, continued))
        const isComplete =
          !more && signed.trail.periods.every(({ to }) => to !== undefined && to < this.#settled)
        if (isComplete) {
          const { sequence: _, position: _position, ...rest } = await closeChains(signed, next)
          const isDeleted = signed.trail.deletedAt !== undefined
          await signed.log.keep({ ...rest, attemptedAt: now, ...(isDeleted && { isOver: true }) })
          await this.#end(signed)
          return 'nothing'
        }
        await signed.log.keep({ ...next, attemptedAt: now })
        if (more) continue
        await this.#forgetPeriods(signed)
        return 'current'
      }
      return 'more'
    } catch (error) {
      if (error instanceof Superseded) return 'nothing'
      if (!(error instanceof DeliveryFailure)) throw error
      // restore the state: what is not marked as delivered is delivered again
      const found = await this.#find(owner, key)
      const state = found && (await this.#stateOf(found))
      if (found !== undefined && state !== undefined)
        await found.log
          .keep({ ...placedAnew(state, found.trail), attemptedAt: now, error: error.code })
          .catch(ignored)
      return 'failed'
    }
  }

  /** Delivers one batch of events to the trail's bucket and records in the state what was delivered. */
  async #deliverLot(signed: Signed, lot: Lot): Promise<{ state: TrailDelivery; more: boolean }> {
    const { state, from, events, position, files } = lot
    const { trail, now, owner } = signed
    const { target } = this.#parts
    if (files.length > 0) await this.#checkKey(signed)
    const { sequence: _, plan, ...current } = state
    const named = plan?.named ?? `${from} ${position}`
    let next: TrailDelivery = { ...current, position }
    const more = events.length > 0 || plan !== undefined // planned events may be forgotten by now
    for (const { place, events: own } of files) {
      const file = await logFile(place, own, plan?.at ?? now, `${owner} ${state.trail} ${named}`)
      const { bucket } = plan?.place ?? trail
      await target.put({ bucket, key: file.key, bytes: file.bytes, metadata: {}, ...encryptionOf(signed) })
      const times = own.map(({ time }) => time)
      const span = { newest: Math.max(...times), oldest: Math.min(...times) }
      const { error: _, ...rest } = next
      next = { ...rest, deliveredAt: now }
      if (trail.validated) {
        const delivered = { bucket, key: file.key, hash: file.hash, ...span }
        next = withFile(signed, next, place, delivered)
      }
    }
    return { state: next, more }
  }

  /** A key that encrypts no more stops the delivery (behaviour CTR-28). */
  async #checkKey({ account, trail }: Signed): Promise<void> {
    if (trail.kmsKey === undefined) return
    const place = { account: account.id, region: trail.homeRegion, trailArn: trailArn(account, trail) }
    const found = (await this.#parts.upstream?.usableKey(trail.kmsKey, place)) ?? { problem: 'silent' }
    if ('arn' in found) return
    throw new DeliveryFailure(keyErrors[found.problem], `${trail.kmsKey} cannot be used: ${found.problem}`)
  }

  /**
   * Reads the next events, and keeps which of them the next files hold, and their time, if there will be files. A node that
   * continues after this one then puts the same files. Events that are stored from now on are not among them.
   */
  async #plan(signed: Signed, state: TrailDelivery): Promise<Lot> {
    const from = positionOfDelivery(state) ?? firstPosition
    const { events, position } = await this.#planned(from, state)
    const { bucket, prefix } = state.plan?.place ?? signed.trail
    const files = [...(await this.#files(signed, events, prefix))]
    const lot = { state, from, events, position, files }
    if (files.length === 0 || state.plan !== undefined) return lot
    const planned = { ...state, plan: { to: position, at: signed.now, place: { bucket, prefix } } }
    await signed.log.keep(planned)
    return { ...lot, state: planned }
  }

  /** Returns the events of the next files: those that were planned, or the next ones, of which none is delivered. */
  async #planned(from: EventPosition, { plan }: TrailDelivery) {
    const { store } = this.#parts
    if (plan === undefined) return store.eventsAfter(from, eventsTogether)
    return { events: await eventsBetween(store, from, plan.to), position: plan.to }
  }

  /** Returns the events that the trail delivers, by account and region. */
  async #files({ account, trail }: Signed, events: readonly StoredEvent[], prefix: string | undefined) {
    const files = new Map<string, PlannedFile>()
    const organization = trail.organization ? organizationOf(account)?.id : undefined
    const covers = coverageOf(account, trail, this.#parts.directory)
    for (const event of events) {
      if (!delivers(trail, event)) continue
      if (!(await covers(event.account))) continue
      const key = `${event.account} ${event.region}`
      const file = files.get(key)
      if (file !== undefined) file.events.push(event)
      else {
        const place = { prefix, organization, account: event.account, region: event.region }
        files.set(key, { place, events: [event] })
      }
    }
    return files.values()
  }

  /** Returns the state of the delivery, or undefined if there is nothing to deliver. */
  async #stateOf({ trail, known }: FoundTrail): Promise<TrailDelivery | undefined> {
    const first = trail.periods[0]
    if (first === undefined && trail.deletedAt === undefined) return undefined
    if (known !== undefined && (known.isOver || positionOfDelivery(known) !== undefined)) return known
    const position = await this.#parts.store.positionAt(first?.from ?? this.#parts.clock.now())
    return { ...known, trail: trailKey(trail.homeRegion, trail.name), position, chains: [] }
  }

  async #find(owner: AccountId, key: string): Promise<FoundTrail | undefined> {
    const account = await newestAccount(this.#parts.directory, owner)
    const trail = account?.table(trails).find(key)
    if (account === undefined || trail === undefined) return undefined
    return { account, trail, ...(await DeliveryLog.read(this.#parts.store, account, trail)) }
  }

  /** Forgets the periods of a trail that are complete. The trail may have been changed or started again meanwhile. */
  async #forgetPeriods({ owner, trail }: Signed): Promise<void> {
    const isKept = ({ to }: LoggingPeriod) => to === undefined || to >= this.#settled
    if (trail.periods.every(isKept)) return
    await this.#change(owner, trail, (now, account) =>
      account.table(trails).put({ ...now, periods: now.periods.filter(isKept) }),
    )
  }

  /** Ends a delivery that is complete: the trail has stopped logging, or is deleted. */
  async #end(signed: Signed): Promise<void> {
    const { owner, trail } = signed
    if (trail.deletedAt === undefined) {
      await this.#forgetPeriods(signed)
      return
    }
    const key = trailKey(trail.homeRegion, trail.name)
    await this.#change(owner, trail, (now, account) => {
      if (now.deletedAt === undefined) return
      account.table(trails).delete(key)
      account.table(trailDeliveries).delete(key)
    })
    await signed.log.end()
  }

  /** Changes the account of a trail, if the trail is still there. */
  #change(
    owner: AccountId,
    { homeRegion, name, createdAt }: Trail,
    change: (now: Trail, account: Account) => void,
  ): Promise<void> {
    const { directory } = this.#parts
    return directory.settle(async () => {
      const account = await directory.find(owner)
      const now = account?.table(trails).find(trailKey(homeRegion, name))
      if (account === undefined || now?.createdAt !== createdAt) return
      change(now, account)
      await directory.commit([])
    })
  }
}

interface PlannedFile {
  readonly place: FilePlace
  readonly events: StoredEvent[]
}

/** The events of the next files, from one position to another. Their plan is kept if there are files. */
interface Lot {
  readonly state: TrailDelivery
  readonly from: EventPosition
  readonly events: readonly StoredEvent[]
  readonly position: EventPosition
  readonly files: readonly PlannedFile[]
}

/** A trail with its account and its delivery. */
interface FoundTrail {
  readonly account: Account
  readonly trail: Trail
  readonly log: DeliveryLog
  readonly known: TrailDelivery | undefined
}

/** Files that their place refuses go to another one if the trail has got one. */
function placedAnew(state: TrailDelivery, { bucket, prefix }: Trail): TrailDelivery {
  if (state.plan === undefined) return state
  const { place, ...plan } = state.plan
  return place?.bucket === bucket && place.prefix === prefix ? state : { ...state, plan }
}

/** The node that continues the delivery reports its own failures. */
function ignored(error: unknown): void {
  if (!(error instanceof Superseded)) throw error
}
