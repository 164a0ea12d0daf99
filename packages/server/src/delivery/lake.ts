import type { Clock } from '../base/index.ts'
import type { DeliveryPlan } from '../directory/index.ts'
import {
  type EventPosition,
  type Forgetting,
  firstPosition,
  lengthOfEvent,
  type Store,
  type StoredEvent,
} from '../store/index.ts'
import { type FilePlace, logFile } from '../trail/index.ts'
import { eventsBetween, pagesAfter } from './pages.ts'
import { Rounds } from './rounds.ts'
import type { TrailTarget } from './target.ts'

/** Where a lake is: the bucket, and the beginning of its keys. */
export interface LakePlace {
  readonly bucket: string
  readonly prefix?: string
  readonly target: TrailTarget
}

/** The parts of a server that a lake needs. */
export interface LakeParts extends LakePlace {
  readonly store: Store
  readonly clock: Clock
  /** Writes waiting events to the store. */
  readonly flush: () => Promise<void>
}

/** The most events in the files of one turn. */
const lotMost = { events: 5_000, characters: 32 * 1024 * 1024 }

/** The prefix of the names of the settings of lakes. */
const settings = 'lake '

/** The position of a lake, and what the next files hold. */
export interface LakeState {
  readonly position: EventPosition
  /** The files up to a position are being put, with the time in their names. */
  readonly plan?: Omit<DeliveryPlan, 'place'>
}

/**
 * The events of all accounts and regions of a server, as files in CloudTrail's layout. Nobody can stop it by CloudTrail's
 * API, and it has no digests. What the next files hold is kept before they are put: a repeat has the same names and
 * contents, so no event is in two files.
 */
export class Lake {
  readonly #parts: LakeParts
  readonly #setting: string
  readonly #rounds: Rounds
  #currentAt: number | undefined

  constructor(parts: LakeParts) {
    this.#parts = parts
    this.#rounds = new Rounds(parts.clock, (now) => this.#deliverAll(now))
    this.#setting = `${settings}${parts.bucket}/${parts.prefix ?? ''}`
  }

  /** How long ago everything was delivered, in seconds. */
  get lagSeconds(): number {
    const { clock } = this.#parts
    this.#currentAt ??= clock.now()
    return Math.max(0, clock.now() - this.#currentAt) / 1_000
  }

  /** Delivers whatever is due. The caller must call it every minute. */
  tick(): Promise<void> {
    return this.#rounds.tick()
  }

  /** Delivers everything now. @throws DeliveryFailure if the target refuses a file; it is put again next time */
  deliver(): Promise<void> {
    return this.#rounds.run()
  }

  /** Counts the events that are lost for the lake if they are forgotten now. */
  async undelivered(forgetting: Forgetting): Promise<number> {
    const { position } = await this.#read().then(({ state }) => state)
    let count = 0
    for await (const { events } of pagesAfter(this.#parts.store, position, forgetting)) count += events.length
    return count
  }

  async #deliverAll(now: number): Promise<void> {
    this.#currentAt ??= now
    await this.#parts.flush()
    // what arrives meanwhile follows in the next turn
    for (const until = await this.#parts.store.newestPosition(); ; ) {
      const { state, text } = await this.#read()
      const planned = state.plan === undefined ? await this.#plan(state, text, until) : { state, text }
      if (planned?.state.plan === undefined) break
      const { to, at, named = `${state.position} ${to}` } = planned.state.plan
      const events = await eventsBetween(this.#parts.store, state.position, to)
      for (const { place, own } of filesOf(events, this.#parts.prefix)) await this.#put(place, own, at, named)
      if (!(await this.#keep(planned.text, { position: to }))) return // another node continued
    }
    this.#currentAt = now
  }

  async #put(place: FilePlace, events: readonly StoredEvent[], at: number, named: string): Promise<void> {
    const { bucket, target } = this.#parts
    const file = await logFile(place, events, at, `${this.#setting} ${named}`)
    await target.put({ bucket, key: file.key, bytes: file.bytes, metadata: {} })
  }

  /** Keeps what the next files hold; undefined if there is nothing, or another node was faster. */
  async #plan(state: LakeState, text: string | undefined, until: EventPosition) {
    let to = state.position
    let count = 0
    let characters = 0
    for await (const { events, position } of pagesAfter(this.#parts.store, to, { upTo: until })) {
      count += events.length
      for (const event of events) characters += lengthOfEvent(event)
      to = position
      if (count >= lotMost.events || characters >= lotMost.characters) break
    }
    if (count === 0) return undefined
    const planned: LakeState = {
      ...state,
      plan: { to, at: Math.floor(this.#parts.clock.now() / 1_000) * 1_000 },
    }
    return (await this.#keep(text, planned)) ? { state: planned, text: JSON.stringify(planned) } : undefined
  }

  async #read(): Promise<{ state: LakeState; text: string | undefined }> {
    const text = await this.#parts.store.readSetting(this.#setting)
    const state = text === undefined ? { position: firstPosition } : parseLakeState(text)
    return { state, text }
  }

  #keep(before: string | undefined, state: LakeState): Promise<boolean> {
    return this.#parts.store.swapSetting(this.#setting, before, JSON.stringify(state))
  }
}

/** Returns whether a setting of the store is the state of a lake. */
export function isLakeSetting(name: string): boolean {
  return name.startsWith(settings)
}

/** Reads the text of a lake's state. */
export function parseLakeState(text: string): LakeState {
  return JSON.parse(text) as LakeState // `#keep` wrote it
}

/** The events by account and region. */
function filesOf(events: readonly StoredEvent[], prefix: string | undefined) {
  const files = new Map<string, { readonly place: FilePlace; readonly own: StoredEvent[] }>()
  for (const event of events) {
    const key = `${event.account} ${event.region}`
    const file = files.get(key)
    if (file !== undefined) file.own.push(event)
    else files.set(key, { place: { prefix, account: event.account, region: event.region }, own: [event] })
  }
  return files.values()
}

/** Reads `s3://bucket/prefix`; undefined if it is something else. */
export function parseLake(text: string): Pick<LakePlace, 'bucket' | 'prefix'> | undefined {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]{0,200}?))?\/?$/.exec(text)
  const [, bucket, prefix] = found ?? []
  if (bucket === undefined || bucket.includes('..') || /(?:^|\/)\.{0,2}(?:\/|$)/.test(prefix || 'x'))
    return undefined
  return prefix === undefined || prefix === '' ? { bucket } : { bucket, prefix }
}
