import type { Random } from '../base/index.ts'
import type { Judged, Verdict } from './authorize.ts'
import type { Call } from './call.ts'

/** What was decided about one call, with all that it was decided by: the policies as they were. */
export interface DecisionRecord {
  /** `d-` and a short text, unique in this house since its start. */
  readonly id: string
  readonly call: Call
  readonly judged: readonly Judged[]
  readonly allowed: boolean
}

/** How many decisions of any outcome are kept, and how many denials beside. */
const latestKept = 1_000
const denialsKept = 10_000
/** Denials are kept a day, in milliseconds. */
const denialsFor = 24 * 60 * 60 * 1000

/**
 * The decisions of late, and every denial of a day. Nothing is computed for them: a record holds what the
 * engine was asked and the compiled policies that it answered by, and whoever asks why traces it then.
 */
export class DecisionLog {
  readonly #prefix: string
  #count = 0
  /** By request id, oldest first. */
  readonly #latest = new Map<string, DecisionRecord>()
  readonly #denials = new Map<string, DecisionRecord>()
  /** Request ids by decision id. */
  readonly #requests = new Map<string, string>()

  constructor(random: Random) {
    const [a = 0, b = 0] = random.bytes(2)
    this.#prefix = ((a << 8) | b).toString(36).padStart(4, '0')
  }

  /** Keeps a verdict on a call. */
  note(call: Call, { judged, allowed }: Verdict): void {
    if (judged.length === 0) return
    const id = `d-${this.#prefix}${(this.#count++).toString(36)}`
    const record: DecisionRecord = { id, call, judged, allowed }
    this.#requests.set(id, call.id)
    this.#latest.set(call.id, record)
    if (this.#latest.size > latestKept) this.#dropOldest(this.#latest)
    if (allowed) return
    this.#denials.set(call.id, record)
    while (this.#denials.size > denialsKept || this.#isOld(call.now)) this.#dropOldest(this.#denials)
  }

  /** The id of the decision on a request. */
  idOf(requestId: string): string | undefined {
    return this.#latest.get(requestId)?.id
  }

  /** The record of a decision's id or a request's. */
  find(id: string): DecisionRecord | undefined {
    const requestId = this.#requests.get(id) ?? id
    return this.#latest.get(requestId) ?? this.#denials.get(requestId)
  }

  /** The newest denial. */
  lastDenial(): DecisionRecord | undefined {
    return [...this.#denials.values()].at(-1)
  }

  /** Denials, newest first, at most `limit`. */
  denials(limit: number): readonly DecisionRecord[] {
    return [...this.#denials.values()].slice(-limit).reverse()
  }

  #isOld(now: number): boolean {
    for (const oldest of this.#denials.values()) return now - oldest.call.now > denialsFor
    return false
  }

  #dropOldest(records: Map<string, DecisionRecord>): void {
    for (const [requestId, record] of records) {
      records.delete(requestId)
      if (!this.#latest.has(requestId) && !this.#denials.has(requestId)) this.#requests.delete(record.id)
      return
    }
  }
}
