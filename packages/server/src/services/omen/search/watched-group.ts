import { setImmediate } from 'node:timers/promises'
import { processorTime } from '../../../base/index.ts'
import { endedEarly, lineOfPath, pathView, shortArn, type World } from '../../../graph/index.ts'
import type { Found, Looked } from '../index.ts'
import { type Compared, comparePathsTo, comparisonBudget, type Known } from './path-comparison.ts'

/** After so much work, in milliseconds, other work of the thread has its turn. */
const slice = 10

/** Accounts whose paths to an administrator are watched together: what is known of them, and what is being judged. */
export class WatchedGroup {
  #known: Known | undefined
  /** A state whose paths are not known yet. What led to it is not reported: an import, a snapshot, a start. */
  #base: World | undefined
  /** Finds the paths of the base. */
  #settling: Promise<void> | undefined
  readonly #judged = new Map<number, Compared>()
  /** Judgements under way: looks wait for them. */
  #judging = 0
  readonly #clock: () => number

  /** The clock says how many milliseconds this thread has worked: how long others kept it waiting decides nothing. */
  constructor(clock = processorTime) {
    this.#clock = clock
  }

  /** Takes a state for the one that changes are compared with. */
  begin(world: World): void {
    this.#base = world
    this.#settling = undefined
  }

  /** Returns the paths that opened since the last look, or since the base. */
  async look(world: World, steps: number | undefined): Promise<Looked> {
    const began = this.#clock()
    await this.#settled(steps)
    const compared = await this.#run(comparePathsTo(world, this.#known, comparisonBudget(steps)), true)
    this.#known = compared
    return { ...foundIn(compared), worked: this.#clock() - began }
  }

  /**
   * Returns the paths that would open if the accounts came to be like this, after at most `limit` milliseconds of work.
   */
  async judge(id: number, world: World, steps: number | undefined, limit: number): Promise<Found> {
    this.#judging++
    try {
      await this.#settled(steps)
      const time = new WorkTime(this.#clock)
      const budget = comparisonBudget(steps, () => time.worked >= limit)
      const compared = await this.#run(comparePathsTo(world, this.#known, budget), false, time)
      this.#judged.set(id, compared)
      return foundIn(compared)
    } finally {
      this.#judging--
    }
  }

  /** Ends a judgement: the change was made, and its paths are known from now on, or it was not. */
  end(id: number, isMade: boolean): void {
    const compared = this.#judged.get(id)
    this.#judged.delete(id)
    if (isMade && compared !== undefined) this.#known = compared
  }

  #settled(steps: number | undefined): Promise<void> {
    const base = this.#base
    if (base === undefined) return Promise.resolve()
    this.#settling ??= this.#run(comparePathsTo(base, this.#known, comparisonBudget(steps)), false).then(
      (known) => {
        if (this.#base !== base) return
        this.#known = known
        this.#base = undefined
      },
    )
    return this.#settling
  }

  /** Does all parts; other work has its turn between them, and judgements before what is patient. */
  async #run<Value>(
    parts: Generator<unknown, Value>,
    isPatient: boolean,
    time = new WorkTime(this.#clock),
  ): Promise<Value> {
    for (;;) {
      while (isPatient && this.#judging > 0) await setImmediate()
      time.begin()
      do {
        const { done, value } = parts.next()
        if (done === true) return value
      } while (time.slice < slice)
      time.end()
      await setImmediate()
    }
  }
}

/** The time of a clock that something has worked, without that of others between. */
class WorkTime {
  readonly #clock: () => number
  #before = 0
  #began: number | undefined

  constructor(clock: () => number) {
    this.#clock = clock
  }

  begin(): void {
    this.#began = this.#clock()
  }

  end(): void {
    this.#before = this.worked
    this.#began = undefined
  }

  /** Since the last beginning. */
  get slice(): number {
    return this.#began === undefined ? 0 : this.#clock() - this.#began
  }

  get worked(): number {
    return this.#before + this.slice
  }
}

function foundIn({ graph, opened, unknown, incomplete }: Compared): Found {
  return {
    opened: opened.map((answer) => {
      const [best] = answer.paths
      return {
        from: answer.from,
        name: shortArn(answer.from),
        verdict: answer.verdict,
        steps: best?.steps.length ?? 0,
        line: lineOfPath(answer, best && pathView(graph.world, best), { places: 'none' }),
      }
    }),
    unknown: unknown.size,
    ...(incomplete === undefined
      ? {}
      : { incomplete: { why: endedEarly(incomplete), principals: incomplete.principals } }),
  }
}
