import type { Random } from '../base/index.ts'
import type { Call, DecidedCall } from './call.ts'
import { enforce } from './enforce.ts'
import { FailedCalls } from './failed-call.ts'
import type { Judged, Verdict } from './verdict.ts'

/** A decision about a call, with everything that decided it: the policies as of that time. */
export interface DecisionRecord {
  /** `d-` and a short text, unique in this installation. */
  readonly id: string
  readonly call: Call
  readonly judged: readonly Judged[]
  readonly allowed: boolean
  /** The questions after the denied one: to be allowed, the call needs a yes to these too. */
  readonly behind: readonly Judged[]
  /** The number of further questions, which were not examined. */
  readonly beyond: number
  /** Whether audit mode let the call through. */
  readonly letThrough: boolean
}

/** A record as it is kept: without the account, all of which would otherwise stay in memory with it. */
export type KeptDecision = Omit<DecisionRecord, 'call'> & { readonly call: DecidedCall }

/**
 * The most decisions of any outcome in memory. The limit is low on purpose: kept objects outlive the collector's young
 * generation, which costs every call; with 1,000, a third of a call's time.
 */
const latestKept = 256
/**
 * The most denials in memory, and their age: a day, in milliseconds. The store keeps ten times as many; memory serves
 * immediate questions, and denials whose record is too large for the store.
 */
const denialsKept = 1_000
const denialsFor = 24 * 60 * 60 * 1000

/**
 * Recent decisions, and more of the denials, in memory. Nothing is computed for them: a record holds the engine's
 * question and the compiled policies, and `why` traces it on request. Denials are also stored (`keepDenial`).
 */
export class DecisionLog {
  /** Calls that ended before any decision. */
  readonly failed = new FailedCalls()
  readonly #prefix: string
  #count = 0
  /** A ring: a new decision replaces the one at its position. */
  readonly #latest: KeptDecision[] = []
  #next = 0
  /** By id, oldest first. */
  readonly #denials = new Map<string, KeptDecision>()
  /** Denials of calls that are being answered: their events take the records along. */
  readonly #of = new WeakMap<Call, KeptDecision>()

  constructor(random: Random) {
    // records outlive the process: no two starts of a day may produce the same ids
    const number = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0)
    this.#prefix = number.toString(36).padStart(7, '0')
  }

  /** Records a verdict on a call and returns its id; undefined if nothing was asked. */
  note(call: Call, { judged, allowed, behind, beyond }: Verdict): string | undefined {
    if (judged.length === 0) return undefined
    const letThrough = enforce(call.mode, { denied: !allowed }) === 'letThrough'
    const id = this.#newId()
    const record: KeptDecision = { id, call: decided(call), judged, allowed, behind, beyond, letThrough }
    this.#keep(record)
    if (!allowed) {
      this.#of.set(call, record)
      this.#noteDenial(record)
    }
    return id
  }

  /** Records the answer to a question without a call, and returns its id. It is not the denial of a call. */
  noteQuestion(call: Call, judged: Judged): string {
    const allowed = judged.decision.outcome === 'allowed'
    const id = this.#newId()
    const record = {
      id,
      call: decided(call),
      judged: [judged],
      allowed,
      behind: [],
      beyond: 0,
      letThrough: false,
    }
    this.#keep(record)
    return id
  }

  /** Returns the record of a decision's id or a request's. For a call that was decided again, the denial. */
  find(id: string): KeptDecision | undefined {
    const is = (record: KeptDecision) => record.id === id || record.call.id === id
    return this.#denials.get(id) ?? this.#denials.values().find(is) ?? this.#latest.find(is)
  }

  /** Returns the denial of a call that is being answered. */
  denialOf(call: Call): KeptDecision | undefined {
    return this.#of.get(call)
  }

  /** The newest denial. */
  lastDenial(): KeptDecision | undefined {
    return this.denials(1)[0]
  }

  /** Returns denials, newest first, at most `limit`. */
  denials(limit: number): readonly KeptDecision[] {
    return [...this.#denials.values()].slice(-limit).reverse()
  }

  /** Forgets everything, after a reset. */
  forgetAll(): void {
    this.#latest.length = 0
    this.#next = 0
    this.#denials.clear()
    this.failed.forgetAll()
  }

  #newId(): string {
    return `d-${this.#prefix}${(this.#count++).toString(36)}`
  }

  #keep(record: KeptDecision): void {
    this.#latest[this.#next] = record
    this.#next = (this.#next + 1) % latestKept
  }

  #noteDenial(record: KeptDecision): void {
    this.#denials.set(record.id, record)
    for (const [id, oldest] of this.#denials) {
      if (this.#denials.size <= denialsKept && record.call.now - oldest.call.now <= denialsFor) return
      this.#denials.delete(id)
    }
  }
}

/** Returns what is kept of a call. */
function decided(call: Call): DecidedCall {
  return { ...call, account: { id: call.account.id } }
}
