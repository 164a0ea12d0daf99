import type { Dependencies, FunctionEnd, Invocation, InvocationQueue } from '../authorization/index.ts'
import { Fault, fault } from '../base/index.ts'
import type { QueuedWork } from '../store/index.ts'
import type { Complain } from './answer.ts'

/** Invocations that one node runs at once. Others wait in the store for any node. */
const runningMost = 16

/** The life of a node's claim, and the intervals of its renewal and of the search for work, in milliseconds. */
const times = { claim: 30_000, renew: 10_000, look: 5_000 } as const

/** When a failed invocation is tried again, in milliseconds after its end (behaviour LAM-58). */
export const retries = {
  /** After an error of the function: two more times. */
  errors: [60_000, 120_000],
  /** After an error of the system or a server without room: from a second on, twice as long each time, up to five minutes. */
  first: 1_000,
  most: 300_000,
  /** For so long altogether. */
  age: 6 * 3_600_000,
} as const

/** An invocation with what became of it so far, as the store keeps it. */
export interface Tried extends Invocation {
  /** The number of failures of the function. */
  readonly errors: number
  /** The number of times that it could not be run. */
  readonly refusals: number
}

const purpose = 'lambda-invocation'

/**
 * Runs invocations that no caller waits for. The store has each until it has ended, and the node that runs it has a
 * claim; if the node dies, another one runs it. So it runs at least once.
 */
export class Invocations implements InvocationQueue {
  readonly #deps: () => Dependencies
  readonly #complain: (error: unknown) => void
  readonly #running = new Map<string, Promise<void>>()
  #timers: readonly NodeJS.Timeout[] = []
  #isClosed = false
  /** Whether this process knows that nothing waits. Where it is not alone, it never does. */
  #isIdle = false
  #looking: Promise<void> | undefined

  /** `complain` is called for what no caller sees and the operator must know. */
  constructor(deps: () => Dependencies, complain: Complain) {
    this.#deps = deps
    this.#complain = (error) => complain(error, 'an invocation')
  }

  /** Begins to run what waits: what this process accepts, and what others have left. */
  start(): void {
    this.#timers = [
      setInterval(() => this.#look(), times.look),
      setInterval(() => void this.#renew(), times.renew),
    ]
    for (const timer of this.#timers) timer.unref()
    this.#look()
  }

  async add(invocation: Invocation): Promise<void> {
    const work = this.#workOf({ ...invocation, errors: 0, refusals: 0 })
    const isOwn = this.#running.size < runningMost && !this.#isClosed
    this.#isIdle = false
    if (!(await this.#works.add(work, isOwn ? times.claim : 0)))
      throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      })
    if (isOwn) this.#run(work)
  }

  /** From now on nothing is begun: what ends now was ended by the server, and another process continues it. */
  stop(): void {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** Waits until the store has what this node did not finish. Functions must have been ended. */
  async close(): Promise<void> {
    this.stop()
    await this.#looking
    await Promise.all(this.#running.values())
  }

  get #works() {
    return this.#deps().directory.store.works
  }

  #look(): void {
    this.#looking ??= this.#claim()
      .catch(this.#complain)
      .finally(() => {
        this.#looking = undefined
      })
  }

  async #claim(): Promise<void> {
    const free = runningMost - this.#running.size
    if (this.#isIdle || this.#isClosed || free <= 0) return
    const works = await this.#works.claim(free, times.claim)
    // a claim that could not be renewed is claimed again: the work still runs
    for (const work of works) if (!this.#running.has(work.id)) this.#run(work)
    if (works.length === 0 && !this.#deps().directory.store.shared) this.#isIdle = await this.#works.isEmpty()
  }

  async #renew(): Promise<void> {
    if (this.#running.size > 0)
      await this.#works.hold([...this.#running.keys()], times.claim).catch(this.#complain)
  }

  #run(work: QueuedWork): void {
    const running = this.#carryOut(work)
      .catch(this.#complain)
      .finally(() => {
        this.#running.delete(work.id)
        this.#look()
      })
    this.#running.set(work.id, running)
  }

  async #carryOut(work: QueuedWork): Promise<void> {
    const deps = this.#deps()
    let text = deps.keyRing.vault.openText(purpose, work.value)
    if (text === undefined) {
      // another node may seal with a key that this one has not heard of
      await deps.keyRing.refresh(deps.clock.now())
      text = deps.keyRing.vault.openText(purpose, work.value)
    }
    if (text === undefined) {
      this.#complain(new Error(`the invocation ${work.id} is sealed by a key that is gone: it is dropped`))
      return this.#works.end(work.id)
    }
    const tried = JSON.parse(text) as Tried // `#workOf` wrote it
    const outcome = this.#isClosed ? 'ended' : await this.#outcome(tried)
    if (outcome === 'ended' || this.#isClosed)
      return this.#works.end(work.id, { value: work.value, after: 0 })
    const next = afterwards(tried, outcome, deps.clock.now())
    const again = next && { value: this.#workOf(next.tried).value, after: next.after }
    await this.#works.end(work.id, again)
  }

  async #outcome(tried: Tried): Promise<FunctionEnd | 'gone' | 'refused'> {
    try {
      // few servers have functions: a start does not load them
      const { runInvocation } = await import('../services/lambda/index.ts')
      return (await runInvocation(tried, this.#deps())) ?? 'gone'
    } catch (error) {
      if (!(error instanceof Fault)) this.#complain(error)
      return 'refused'
    }
  }

  /** Sessions keys seal events: they are kept for longer than an invocation, and rotated by themselves. */
  #workOf(tried: Tried): QueuedWork {
    return { id: tried.id, value: this.#deps().keyRing.vault.sealText(purpose, JSON.stringify(tried)) }
  }
}

/** Returns when an invocation is tried again, in milliseconds from now; undefined if it is over (behaviour LAM-58). */
export function afterwards(
  tried: Tried,
  outcome: Pick<FunctionEnd, 'failed'> | 'gone' | 'refused',
  now: number,
): { readonly tried: Tried; readonly after: number } | undefined {
  if (outcome === 'gone') return undefined
  const isOld = (after: number) => now + after > tried.at + retries.age
  if (outcome === 'refused') {
    const after = Math.min(retries.most, retries.first * 2 ** Math.min(tried.refusals, 20))
    return isOld(after) ? undefined : { tried: { ...tried, refusals: tried.refusals + 1 }, after }
  }
  const after = outcome.failed ? retries.errors[tried.errors] : undefined
  if (after === undefined || isOld(after)) return undefined
  return { tried: { ...tried, errors: tried.errors + 1 }, after }
}
