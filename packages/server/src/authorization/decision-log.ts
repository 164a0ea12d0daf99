import type { Random } from '../base/index.ts'
import type { Call } from './call.ts'
import { FailedCalls } from './failed-call.ts'
import type { Judged, Verdict } from './verdict.ts'

/** What was decided about one call, with all that it was decided by: the policies as they were. */
export interface DecisionRecord {
  /** `d-` and a short text, unique in this house. */
  readonly id: string
  readonly call: Call
  readonly judged: readonly Judged[]
  readonly allowed: boolean
  /** Questions behind the denied one: to be allowed, the call needs a yes to them, too. */
  readonly behind: readonly Judged[]
  /** Further ones, which nobody has looked at. */
  readonly beyond: number
  /** Mode audit let the call through all the same. */
  readonly letThrough: boolean
}

/**
 * How many decisions of any outcome are kept. Few on purpose: what is kept outlives the collector's young
 * generation, and that costs every call; at 1,000 it was a third of a call's time.
 */
const latestKept = 256
/**
 * How many denials are kept in memory, and how long: a day, in milliseconds. The store has ten times as many; here
 * they are for who asks at once, and for those whose record is too large for the store.
 */
const denialsKept = 1_000
const denialsFor = 24 * 60 * 60 * 1000

/**
 * The decisions of late, and more of the denials, in memory. Nothing is computed for them: a record holds what the
 * engine was asked and the compiled policies that it answered by, and whoever asks why traces it then. Denials are
 * kept in the store, too (`keepDenial`).
 */
export class DecisionLog {
  /** Calls that ended before any decision. */
  readonly failed = new FailedCalls()
  readonly #prefix: string
  #count = 0
  /** A ring: where the next one stands, what stood there is gone. */
  readonly #latest: DecisionRecord[] = []
  #next = 0
  /** By id, oldest first. */
  readonly #denials = new Map<string, DecisionRecord>()
  /** Denials of calls that are being answered: their events take the records along. */
  readonly #of = new WeakMap<Call, DecisionRecord>()

  constructor(random: Random) {
    // records outlive the process: no two starts of a day may give the same ids
    const number = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0)
    this.#prefix = number.toString(36).padStart(7, '0')
  }

  /** Keeps a verdict on a call and returns its id; undefined if nothing was asked. */
  note(call: Call, { judged, allowed, behind, beyond }: Verdict): string | undefined {
    if (judged.length === 0) return undefined
    const letThrough = !allowed && call.mode === 'audit'
    const id = this.#newId()
    const record: DecisionRecord = { id, call, judged, allowed, behind, beyond, letThrough }
    this.#keep(record)
    if (!allowed) this.#noteDenial(record)
    return id
  }

  /** Keeps the answer to a question that no call asked, and returns its id. It is no denial of a call. */
  noteQuestion(call: Call, judged: Judged): string {
    const allowed = judged.decision.outcome === 'allowed'
    const id = this.#newId()
    this.#keep({ id, call, judged: [judged], allowed, behind: [], beyond: 0, letThrough: false })
    return id
  }

  /** The record of a decision's id or a request's: of a call that was decided anew the denial. */
  find(id: string): DecisionRecord | undefined {
    const is = (record: DecisionRecord) => record.id === id || record.call.id === id
    return this.#denials.get(id) ?? this.#denials.values().find(is) ?? this.#latest.find(is)
  }

  /** The denial of a call that is being answered. */
  denialOf(call: Call): DecisionRecord | undefined {
    return this.#of.get(call)
  }

  /** The newest denial. */
  lastDenial(): DecisionRecord | undefined {
    return this.denials(1)[0]
  }

  /** Denials, newest first, at most `limit`. */
  denials(limit: number): readonly DecisionRecord[] {
    return [...this.#denials.values()].slice(-limit).reverse()
  }

  /** Forgets everything: the house begins anew. */
  forgetAll(): void {
    this.#latest.length = 0
    this.#next = 0
    this.#denials.clear()
    this.failed.forgetAll()
  }

  #newId(): string {
    return `d-${this.#prefix}${(this.#count++).toString(36)}`
  }

  #keep(record: DecisionRecord): void {
    this.#latest[this.#next] = record
    this.#next = (this.#next + 1) % latestKept
  }

  #noteDenial(record: DecisionRecord): void {
    this.#of.set(record.call, record)
    this.#denials.set(record.id, record)
    for (const [id, oldest] of this.#denials) {
      if (this.#denials.size <= denialsKept && record.call.now - oldest.call.now <= denialsFor) return
      this.#denials.delete(id)
    }
  }
}
