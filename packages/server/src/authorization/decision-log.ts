import type { ContextInput } from '@omen-iam/policy'
import type { Random } from '../base/index.ts'
import type { DecidedCall, KeptDecision } from './decided-call.ts'
import { enforce } from './enforce.ts'
import { FailedCalls, isRequest } from './failed-call.ts'
import type { Judged, Verdict } from './verdict.ts'

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
 * The most characters of one record in memory, and of all in each of the two lists (behaviour RSN-11). A call of the
 * guard may have megabytes of resource names and context values; a refused caller must not fill the memory with them.
 */
const longestRecord = 1024 * 1024
const mostCharacters = 32 * 1024 * 1024

/**
 * Recent decisions, and more of the denials, in memory. Nothing is computed for them: a record holds the engine's
 * question and the compiled policies, and `why` traces it on request. Denials are also stored (`keepDenial`).
 */
export class DecisionLog {
  /** Calls that ended before any decision. */
  readonly failed = new FailedCalls()
  readonly #prefix: string
  #count = 0
  /** Oldest first. */
  readonly #latest = new BoundedRecords(latestKept, mostCharacters)
  readonly #denials = new BoundedRecords(denialsKept, mostCharacters)
  /** Denials of calls that are being answered: their events take the records along. */
  readonly #of = new WeakMap<DecidedCall, KeptDecision>()

  constructor(random: Random) {
    // records outlive the process: no two starts of a day may produce the same ids
    const number = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0)
    this.#prefix = number.toString(36).padStart(7, '0')
  }

  /** Records a verdict on a call and returns its id; undefined if nothing was asked. */
  note(call: DecidedCall, { judged, allowed, behind, beyond }: Verdict): string | undefined {
    if (judged.length === 0) return undefined
    const letThrough = enforce(call.mode, { denied: !allowed }) === 'letThrough'
    const id = this.#newId()
    const record: KeptDecision = { id, call: decided(call), judged, allowed, behind, beyond, letThrough }
    const kept = this.#keep(record)
    if (!allowed) {
      this.#of.set(call, record)
      if (kept !== undefined) {
        this.#denials.add(kept)
        this.#denials.dropBefore(call.now - denialsFor)
      }
    }
    return id
  }

  /** Records the answer to a question without a call, and returns its id. It is not the denial of a call. */
  noteQuestion(call: DecidedCall, judged: Judged): string {
    const allowed = judged.decision.outcome === 'allowed'
    const id = this.#newId()
    const record = {
      id,
      // not the request's id: by that, the decision on the call itself is found
      call: { ...decided(call), id },
      judged: [judged],
      allowed,
      behind: [],
      beyond: 0,
      letThrough: false,
    }
    this.#keep(record)
    return id
  }

  /** Returns the record of a decision's id or a request's, also by its first group. For a call that was decided again, the denial. */
  find(id: string): KeptDecision | undefined {
    const is = (record: KeptDecision) => record.id === id || isRequest(record.call.id, id)
    return this.#denials.get(id) ?? this.#denials.values().find(is) ?? this.#latest.values().find(is)
  }

  /** Returns the denial of a call that is being answered. */
  denialOf(call: DecidedCall): KeptDecision | undefined {
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
    this.#latest.clear()
    this.#denials.clear()
    this.failed.forgetAll()
  }

  #newId(): string {
    return `d-${this.#prefix}${(this.#count++).toString(36)}`
  }

  /** Returns the record as it is kept: without the questions behind the denial, or not at all, if it is too long. */
  #keep(record: KeptDecision): Sized | undefined {
    const whole = { record, characters: charactersOf([...record.judged, ...record.behind]) }
    const kept = whole.characters <= longestRecord ? whole : withoutBehind(record)
    if (kept.characters > longestRecord) return undefined
    this.#latest.add(kept)
    return kept
  }
}

/** A record, and the characters that its call makes it hold. */
interface Sized {
  readonly record: KeptDecision
  readonly characters: number
}

/** Records by id, oldest first. When there are too many, or too many characters of them, the oldest leave. */
class BoundedRecords {
  readonly #records = new Map<string, Sized>()
  readonly #most: number
  readonly #mostCharacters: number
  #characters = 0

  constructor(most: number, mostCharacters: number) {
    this.#most = most
    this.#mostCharacters = mostCharacters
  }

  add(one: Sized): void {
    this.#records.set(one.record.id, one)
    this.#characters += one.characters
    if (this.#records.size > this.#most || this.#characters > this.#mostCharacters)
      this.#dropWhile(() => this.#records.size > this.#most || this.#characters > this.#mostCharacters)
  }

  /** Drops what is older than a time in milliseconds. */
  dropBefore(time: number): void {
    this.#dropWhile(({ record }) => record.call.now < time)
  }

  get(id: string): KeptDecision | undefined {
    return this.#records.get(id)?.record
  }

  values(): IteratorObject<KeptDecision> {
    return this.#records.values().map(({ record }) => record)
  }

  clear(): void {
    this.#records.clear()
    this.#characters = 0
  }

  #dropWhile(isTooMuch: (oldest: Sized) => boolean): void {
    for (const [id, oldest] of this.#records) {
      if (!isTooMuch(oldest)) return
      this.#records.delete(id)
      this.#characters -= oldest.characters
    }
  }
}

function withoutBehind(record: KeptDecision): Sized {
  const { judged, behind, beyond } = record
  return {
    record: { ...record, behind: [], beyond: beyond + behind.length },
    characters: charactersOf(judged),
  }
}

/** The characters that a call brings: names of resources, values of condition keys, policies of resources. */
function charactersOf(questions: readonly Judged[]): number {
  let sum = 0
  for (const { access } of questions) {
    sum += access.resource.length + (access.resourcePolicy?.document?.length ?? 0)
    for (const key in access.context) sum += charactersIn(access.context[key])
  }
  return sum
}

function charactersIn(value: ContextInput | undefined): number {
  if (typeof value === 'string') return value.length
  if (!Array.isArray(value)) return 0
  return value.reduce((sum: number, each) => sum + charactersIn(each), 0)
}

/** Returns what is kept of a call: nothing of its input, and not the account. */
function decided({
  id,
  now,
  service,
  operation,
  region,
  caller,
  account,
  origin,
  mode,
}: DecidedCall): DecidedCall {
  return { id, now, service, operation, region, caller, account: { id: account.id }, origin, mode }
}
