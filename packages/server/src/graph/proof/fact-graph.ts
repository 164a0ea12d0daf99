import type { ResidualCondition } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import type { Carried } from '../request/carried.ts'
import type { Form } from '../request/form.ts'
import type { Finding, Proof, Refusal, StepVerdict, Unknown } from './finding.ts'

/** A principal that makes calls of another one's step. */
export interface Helper extends Pick<Step, 'from' | 'form' | 'carried'> {
  /** The actions of the calls, in lower case. */
  readonly actions: readonly string[]
}

/** One step: who does what, and what comes of it. */
export interface Step {
  /** For example `pass.lambda`. `administrator` closes a path. */
  readonly technique: string
  readonly from: string
  readonly form: Form
  /** The tags and the identity that the session that makes the calls passes on. */
  readonly carried?: Carried
  /** Others that make some of its calls. */
  readonly helpers?: readonly Helper[]
  /** The principal, policy, group or resource that it is about. */
  readonly to: string
  readonly gives: string
  /** The result of the step, in words. */
  readonly result: string
  readonly verdict: StepVerdict | 'blocked'
  readonly delay: string
  readonly basis: string
  readonly proof: Proof | Refusal | Unknown | undefined
  readonly residual: readonly ResidualCondition[]
  /** The place among the states of the account: steps of one proof are taken in this order. */
  readonly depth: number
  /** Asks again: \`proof\` may be that of a principal that is alike. */
  readonly exact?: () => Finding
}

/** A step with the proof of what it names. Steps are in several paths: each is asked for once. */
export const exactStep = perObject((step: Step): Step => {
  const { exact, ...rest } = step
  const proof = exact?.()
  if (proof === undefined || proof.verdict !== step.verdict) return rest
  return { ...rest, proof, residual: 'residual' in proof ? proof.residual : rest.residual }
})

/** A way to a fact: a step, and the facts that must hold before. */
export interface Derivation {
  readonly fact: string
  readonly step: Step | undefined
  readonly before: readonly string[]
}

/** The cost of the best proof of a fact. */
export interface Cost {
  /** 0: proven, 1: conditional, 2: undecided. */
  readonly rank: 0 | 1 | 2
  /** The conditions that are left, by name. */
  readonly residual: ReadonlyMap<string, ResidualCondition>
  readonly steps: number
  readonly by: Derivation
}

/** The cost of several facts together: the rank of the worst, the names of all conditions, and all steps. */
export interface Sum {
  readonly rank: number
  readonly residual: ReadonlySet<string>
  readonly steps: number
}

/** Whether what follows from the first facts follows under the same conditions, or fewer. */
export function isAtMost(one: Sum, other: Sum): boolean {
  if (one.rank > other.rank || one.residual.size > other.residual.size) return false
  return [...one.residual].every((name) => other.residual.has(name))
}

/** Facts and the ways to them: an and-or graph, of which the best proofs are asked. */
export class FactGraph {
  readonly #ways = new Map<string, Derivation[]>()
  /** The ways that need a fact. */
  readonly #needing = new Map<string, Derivation[]>()
  readonly #costs = new Map<string, Cost>()
  /** The number of additions. */
  #additions = 0

  /** Adds a way; says whether the fact is new. */
  add(derivation: Derivation): boolean {
    this.#additions++
    const ways = this.#ways.get(derivation.fact)
    if (ways === undefined) this.#ways.set(derivation.fact, [derivation])
    else ways.push(derivation)
    for (const fact of derivation.before) {
      const needing = this.#needing.get(fact)
      if (needing === undefined) this.#needing.set(fact, [derivation])
      else needing.push(derivation)
    }
    this.#improve(derivation)
    return ways === undefined
  }

  /** Adds the steps of a proof that is known to begin with a fact; whether there is one. */
  follow(start: string, known: ReadonlyMap<string, readonly Step[]> | undefined): boolean {
    const steps = known?.get(start) ?? []
    let fact = start
    for (const [place, step] of steps.entries()) {
      // A step may need what came of all those before it: between them, only this proof counts.
      const after = place === steps.length - 1 ? endOf(step) : `${start}\nknown ${place}`
      this.add({ fact: after, step, before: [fact] })
      fact = after
    }
    return steps.length > 0
  }

  has(fact: string): boolean {
    return this.#ways.has(fact)
  }

  ways(fact: string): readonly Derivation[] {
    return this.#ways.get(fact) ?? []
  }

  /** The best proof of a fact; undefined if there is none. */
  cost(fact: string): Cost | undefined {
    return this.#costs.get(fact)
  }

  /** The number of additions: facts cost the same as long as it does not grow. */
  get additions(): number {
    return this.#additions
  }

  /** The costs of the ways to a fact that no other way beats. */
  costsOf(fact: string): readonly Sum[] {
    const found: Sum[] = []
    for (const way of this.ways(fact)) {
      const cost = costOf(way, this.#costs)
      if (cost === undefined) continue
      const sum: Sum = { ...cost, residual: new Set(cost.residual.keys()) }
      if (!found.some((other) => isAtMost(other, sum) && other.steps <= sum.steps)) found.push(sum)
    }
    return found
  }

  /** The cost of the best proofs of all these facts together. A fact that nothing proves costs nothing. */
  sumOf(facts: readonly string[]): Sum {
    let rank = 0
    let steps = 0
    const residual = new Set<string>()
    for (const fact of facts) {
      const cost = this.#costs.get(fact)
      if (cost === undefined) continue
      rank = Math.max(rank, cost.rank)
      steps += cost.steps
      for (const name of cost.residual.keys()) residual.add(name)
    }
    return { rank, residual, steps }
  }

  /** The cost of a fact by a way. A fact that nothing proves costs nothing. */
  sumBy({ step, before }: Pick<Derivation, 'step' | 'before'>): Sum {
    const { rank, residual, steps } = this.sumOf(before)
    const own = step === undefined ? 0 : rankOfProof([step])
    const left = step?.residual.map(conditionName) ?? []
    return { rank: Math.max(rank, own), residual: new Set([...residual, ...left]), steps: steps + 1 }
  }

  /** Takes a new way into account, and what gets better by it. Each change makes a cost less, so it ends. */
  #improve(derivation: Derivation): void {
    const pending = [derivation]
    for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
      const cost = costOf(way, this.#costs)
      if (cost === undefined || !isLess(cost, this.#costs.get(way.fact))) continue
      this.#costs.set(way.fact, cost)
      pending.push(...(this.#needing.get(way.fact) ?? []))
    }
  }

  /** The proofs of a fact, the best first, none of which holds another one. */
  proofs(goal: string, most: number): readonly (readonly Step[])[] {
    const found: { readonly steps: readonly Step[]; readonly names: ReadonlySet<string> }[] = []
    const all = this.#proofsOf(goal, 0, most * 4)
      .map(inOrder)
      .sort(compareProofs)
    for (const steps of all) {
      const names = new Set(steps.map(stepName))
      if (found.some((other) => [...other.names].every((name) => names.has(name)))) continue
      found.push({ steps, names })
      if (found.length >= most) break
    }
    return found.map(({ steps }) => steps)
  }

  /** The proofs of a fact: each way to it and to what comes right before, and of all else the best one. */
  #proofsOf(fact: string, depth: number, most: number): Step[][] {
    const best = this.#costs.get(fact)?.by
    if (best === undefined) return []
    const ways =
      depth > 1
        ? [best]
        : [...this.ways(fact)].sort((one, other) => this.#order(one) - this.#order(other)).slice(0, most)
    const found: Step[][] = []
    for (const { step, before } of ways) {
      let lists: Step[][] = [[]]
      for (const each of before) {
        const proofs = this.#proofsOf(each, depth + 1, most)
        lists = lists.flatMap((list) => proofs.map((proof) => merged(list, proof))).slice(0, most)
      }
      for (const list of lists) found.push(step === undefined ? list : merged(list, [step]))
      if (found.length >= most) break
    }
    // A way that needs the fact itself proves nothing.
    return found.filter((steps) => steps.filter(({ result }) => result === fact).length <= 1).slice(0, most)
  }

  #order(way: Derivation): number {
    const cost = costOf(way, this.#costs)
    return cost === undefined
      ? Number.POSITIVE_INFINITY
      : cost.rank * 1e6 + cost.residual.size * 1e3 + cost.steps
  }
}

/** The end of a proof that is known: a fact of another search, whatever state it came to it in. */
export function endOf({ result }: Step): string {
  const [fact = result, state] = result.split('\n')
  return state === undefined ? fact : `${fact}\nknown`
}

/** The name of a step for people: two steps of one name differ in how they are proved. */
function stepName({ technique, from, to, result }: Step): string {
  return `${technique}\n${from}\n${to}\n${result}`
}

function merged(list: readonly Step[], more: readonly Step[]): Step[] {
  return [...list, ...more.filter((step) => !list.includes(step))]
}

/** Steps in the order in which they are taken: those that need a change of the account come after it. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((one, other) => one.depth - other.depth)
}

/** The rank of a proof, its conditions and its length. */
export function rankOfProof(steps: readonly Step[]): 0 | 1 | 2 {
  if (steps.some(({ verdict }) => verdict === 'undecided')) return 2
  return steps.some(({ verdict }) => verdict === 'conditional') ? 1 : 0
}

/** The conditions that are left of a proof, each once. */
export function residualOf(steps: readonly Step[]): readonly ResidualCondition[] {
  const all = new Map<string, ResidualCondition>()
  for (const { residual } of steps) for (const each of residual) all.set(conditionName(each), each)
  return [...all.values()]
}

function compareProofs(one: readonly Step[], other: readonly Step[]): number {
  return (
    rankOfProof(one) - rankOfProof(other) ||
    residualOf(one).length - residualOf(other).length ||
    one.length - other.length
  )
}

/** The name of a condition: those that hold for the same values have equal names. */
function conditionName({ operator, key, values, mustHold }: ResidualCondition): string {
  // That a key is not false, if it is there at all, must not hold: it is there, and true.
  const isTrue = !mustHold && operator === 'BoolIfExists' && values.length === 1 && values[0] === 'false'
  if (isTrue) return JSON.stringify(['Bool', key.toLowerCase(), ['true'], true])
  return JSON.stringify([operator, key.toLowerCase(), values, mustHold])
}

function costOf(way: Derivation, costs: ReadonlyMap<string, Cost>): Cost | undefined {
  let rank: Cost['rank'] = 0
  let steps = 0
  const residual = new Map<string, ResidualCondition>()
  for (const fact of way.before) {
    const cost = costs.get(fact)
    if (cost === undefined) return undefined
    if (cost.rank > rank) rank = cost.rank
    steps += cost.steps
    for (const [name, each] of cost.residual) residual.set(name, each)
  }
  const { step } = way
  if (step !== undefined) {
    if (step.verdict === 'blocked') return undefined
    steps += 1
    const own = step.verdict === 'undecided' ? 2 : step.verdict === 'conditional' ? 1 : 0
    if (own > rank) rank = own
    for (const each of step.residual) residual.set(conditionName(each), each)
  }
  return { rank, residual, steps, by: way }
}

/** Whether a proof is better: surer, with fewer conditions, shorter. */
export function isLess(one: Cost, other: Cost | undefined): boolean {
  if (other === undefined) return true
  if (one.rank !== other.rank) return one.rank < other.rank
  if (one.residual.size !== other.residual.size) return one.residual.size < other.residual.size
  return one.steps < other.steps
}
