import type { Technique, TechniqueTable } from '../authorization/catalogue/index.ts'
import { type Administrator, administratorOf } from './administrator.ts'
import { assumptions, type OwnUse, stackSetUses, trustUses } from './assume.ts'
import { heldName, outcomeName, type Use, usesOf } from './binding.ts'
import { type Change, changeName } from './change.ts'
import { changesOf, setsOf } from './change-sets.ts'
import { type Cost, FactGraph, isLess, type Step } from './fact-graph.ts'
import type { Form } from './form.ts'
import { makings } from './make.ts'
import { type Variant, Wardrobe } from './person.ts'
import { type Finding, Prover } from './prove.ts'
import { Questions } from './question.ts'
import type { Actor } from './trust-question.ts'
import { useName } from './use-name.ts'
import type { Person, Thing, World } from './world.ts'

/** The fact that the attacker has an administrator. */
export const administrator = 'administrator'

/** What a search takes into account. */
export interface SearchOptions {
  /** Rows that follow from documentation and were not tried: off for verdicts. */
  readonly derived: boolean
  /** Rows of services that are closed. */
  readonly retired: boolean
}

/** A step that is stopped, for people. */
export interface BlockedStep {
  readonly fact: string
  readonly before: readonly string[]
  readonly step: Step
}

interface Held {
  readonly person: Person
  readonly form: Form
}

/** The least fixpoint: everything that an attacker comes to hold and to change, from one principal. */
export class Search {
  readonly graph = new FactGraph()
  readonly world: World
  readonly blocked: BlockedStep[] = []
  readonly prover: Prover
  readonly wardrobe: Wardrobe
  readonly #techniques: readonly Technique[]
  readonly #people: Person[]
  readonly #held = new Map<string, Held>()
  readonly #changes = new Map<string, Change>()
  /** What was asked: actor with its changes, technique and use. */
  readonly #done = new Set<string>()
  /** Steps that are proven with some changes need no more of them. */
  readonly #proven = new Map<string, (readonly string[])[]>()

  constructor(world: World, table: TechniqueTable, options: SearchOptions) {
    this.world = world
    this.wardrobe = new Wardrobe(world)
    this.prover = new Prover(new Questions(world, table), (actor, thing) => this.#controls(actor, thing))
    this.prover.variantOf = (role) => this.wardrobe.variant(role, [])
    this.#techniques = table.techniques.filter(
      ({ basis, status, effect, composedOf }) =>
        effect !== 'none' &&
        composedOf === undefined &&
        (options.derived || basis !== 'derived') &&
        (options.retired || status !== 'retired'),
    )
    this.#people = [...world.users.values(), ...world.roles.values()]
  }

  /** Searches from a principal until nothing more is found. */
  run(from: Person): void {
    this.#hold(from, from.type === 'user' ? 'key' : 'assumed')
    this.graph.add({
      fact: heldName(from, from.type === 'user' ? 'key' : 'assumed'),
      step: undefined,
      before: [],
    })
    for (let changed = true; changed; ) {
      changed = false
      for (const held of [...this.#held.values()]) {
        for (const variant of this.variants(held.person)) if (this.#expand(held, variant)) changed = true
      }
    }
  }

  /** Everything that is held, by fact. */
  get held(): ReadonlyMap<string, Held> {
    return this.#held
  }

  /** The variants of a principal that the attacker can have: as it is, with one change, with several. */
  variants(person: Person): readonly Variant[] {
    const seen = new Set<string>()
    return setsOf(this.#changes.values(), person, this.world)
      .map((changes) => this.wardrobe.variant(person, changes))
      .filter(({ changes }) => {
        const name = changes.join('\n')
        if (seen.has(name)) return false
        seen.add(name)
        return true
      })
  }

  #hold(person: Person, form: Form): boolean {
    const name = heldName(person, form)
    if (this.#held.has(name)) return false
    this.#held.set(name, { person, form })
    return true
  }

  #expand(held: Held, variant: Variant): boolean {
    const actor: Actor = { variant, form: held.form }
    const name = `${heldName(held.person, held.form)}\n${variant.changes.join('\n')}`
    let changed = false
    if (this.#visit(actor)) changed = true
    if (this.#isCrowned(actor) || this.#isBeaten([heldName(held.person, held.form), ...variant.changes]))
      return changed
    const waysBefore = this.#goalWays()
    const onlyGoal = this.#crowns.get(crownName(actor))?.is === 'yes'
    for (const direct of onlyGoal ? [true, false] : [false]) {
      if (onlyGoal && !direct && this.#goalCost() !== undefined) return changed
      if (this.#tryAll(actor, name, direct, waysBefore)) changed = true
    }
    return changed
  }

  /** Tries every technique; with `direct` only what gives the goal itself: an administrator needs no detour. */
  #tryAll(actor: Actor, name: string, direct: boolean, waysBefore: number): boolean {
    let changed = false
    for (const technique of this.#techniques) {
      if (!this.#mayUse(technique, actor.variant)) continue
      for (const own of this.#uses(technique, actor)) {
        const { outcome } = own.use
        if (direct && (outcome.is !== 'held' || outcome.person.arn !== this.goal)) continue
        if (!this.#use(actor, own, name)) continue
        changed = true
        this.#crownNew(own.use)
        if (this.#goalWays() - waysBefore >= enoughWays) return true
      }
    }
    return changed
  }

  #uses(technique: Technique, actor: Actor): readonly OwnUse[] {
    const { world, prover } = this
    const people = this.#people
    switch (technique.effect) {
      case 'assumes':
        return technique.id === 'trust.assume-role'
          ? assumptions(world, technique, actor, people, prover)
          : []
      case 'writesTrust':
      case 'federates':
        return trustUses(technique, actor, people, prover)
      case 'makesUser':
      case 'makesRole':
        return makings(world, technique, actor, this.wardrobe, prover)
      default:
        if (technique.facts.includes('administersStackSets'))
          return stackSetUses(world, technique, actor, people, prover)
        return usesOf(world, technique, actor, people).map((use) => ({
          technique,
          use,
          prove: (target) =>
            prover.prove(actor, technique, target === undefined ? use.binding : { ...use.binding, target }),
        }))
    }
  }

  /** Whether the policies of an actor have an Allow for the first needs at all. */
  #mayUse({ needs, ways, effect }: Technique, { policies }: Variant): boolean {
    if (effect === 'assumes') return true
    const allows = (action: string): boolean =>
      (policies.identity?.candidates(action).allow.all.length ?? 0) > 0
    if (!needs.every(({ action, ownGrant }) => ownGrant === true || allows(action))) return false
    if (ways.length === 0) return true
    return ways.some((way) => way.needs.every(({ action, ownGrant }) => ownGrant === true || allows(action)))
  }

  #use(actor: Actor, own: OwnUse, actorName: string): boolean {
    const { technique, use, prove } = own
    const fact = outcomeName(use.outcome)
    const key = `${actorName}\n${technique.id}\n${useName(use)}\n${this.#tagsOf(use)}`
    if (this.#done.has(key)) return false
    this.#done.add(key)
    const stem = `${heldName(actor.variant.person, actor.form)}\n${technique.id}\n${useName(use)}`
    if (this.#isProvenWithLess(stem, actor.variant.changes)) return false
    if (this.graph.ways(fact).length >= mostWays && this.graph.cost(fact)?.rank === 0) return false
    const finding = prove()
    const isNew = this.record(actor, technique, use, finding, stem)
    return finding?.verdict !== 'proven' && this.#withTags(actor, own, stem) ? true : isNew
  }

  /** The names of the tags that the attacker can give to the target. */
  #tagsOf({ binding: { target } }: Use): string {
    if (target === undefined) return ''
    return [...this.#changes.values()]
      .filter((change) => change.is === 'tag' && change.arn === target.arn)
      .map(changeName)
      .join()
  }

  /** The same with the tags that the attacker can give to the target: conditions on its tags then hold. */
  #withTags(actor: Actor, { technique, use, prove }: OwnUse, stem: string): boolean {
    const { target } = use.binding
    if (target === undefined || target.arn === actor.variant.person.arn) return false
    let isNew = false
    for (const change of [...this.#changes.values()]) {
      if (change.is !== 'tag' || change.arn !== target.arn) continue
      const tagged = { ...target, tags: { ...target.tags, [change.key]: change.value } }
      const finding = prove(tagged)
      const before = [changeName(change)]
      if (finding?.verdict === 'proven' || finding?.verdict === 'conditional')
        isNew = this.record(actor, technique, use, finding, `${stem} ${before[0]}`, before) || isNew
    }
    return isNew
  }

  /** Records what was found of a use; says whether something new is held or changed. */
  record(
    actor: Actor,
    technique: Technique,
    use: Use,
    finding: Finding,
    stem: string,
    more: readonly string[] = [],
  ): boolean {
    if (finding === undefined) return false
    const { outcome } = use
    const fact = outcomeName(outcome)
    const before = [heldName(actor.variant.person, actor.form), ...actor.variant.changes, ...more]
    if (before.includes(fact)) return false
    const step: Step = {
      technique: technique.id,
      from: actor.variant.person.arn,
      form: actor.form,
      to: use.to,
      gives: technique.gives,
      result: fact,
      verdict: finding.verdict,
      delay: ('later' in finding ? finding.later : undefined) ?? technique.delay,
      basis: technique.basis,
      proof: finding,
      residual: 'residual' in finding ? finding.residual : [],
    }
    if (finding.verdict === 'blocked') {
      this.blocked.push({ fact, before, step })
      return false
    }
    if (finding.verdict === 'proven')
      this.#proven.set(stem, [...(this.#proven.get(stem) ?? []), actor.variant.changes])
    const isNew = this.graph.add({ fact, step, before })
    if (outcome.is === 'held') return this.#hold(outcome.person, outcome.form) || isNew
    const name = changeName(outcome.change)
    if (!this.#changes.has(name)) this.#changes.set(name, outcome.change)
    return isNew
  }

  #isProvenWithLess(stem: string, changes: readonly string[]): boolean {
    return this.#proven.get(stem)?.some((less) => less.every((each) => changes.includes(each))) === true
  }

  readonly #crowns = new Map<string, Administrator>()

  /**
   * Whether no proof that begins with these facts can be better than the one that there is: it needs two steps more at
   * least, and all that is left of the facts.
   */
  #isBeaten(facts: readonly string[]): boolean {
    const best = this.#goalCost()
    if (best === undefined) return false
    let steps = 0
    let rank = 0
    const residual = new Set<string>()
    for (const fact of facts) {
      const cost = this.graph.cost(fact)
      if (cost === undefined) continue
      steps += cost.steps
      rank = Math.max(rank, cost.rank)
      for (const name of cost.residual.keys()) residual.add(name)
    }
    const least = this.goal === administrator ? 2 : 1
    if (best.rank > rank || best.steps >= steps + least) return false
    return [...best.residual.keys()].every((name) => residual.has(name))
  }

  #goalFacts(): readonly string[] {
    const { goal } = this
    if (goal === undefined || goal === administrator) return goal === undefined ? [] : [goal]
    return [...this.#held].filter(([, { person }]) => person.arn === goal).map(([fact]) => fact)
  }

  #goalCost(): Cost | undefined {
    const costs = this.#goalFacts().flatMap((fact) => this.graph.cost(fact) ?? [])
    return costs.sort((one, other) => (isLess(one, other) ? -1 : 1))[0]
  }

  #goalWays(): number {
    return this.#goalFacts().reduce((count, fact) => count + this.graph.ways(fact).length, 0)
  }

  /** Looks at once whether what a use gives is an administrator. */
  #crownNew({ outcome }: Use): void {
    for (const { person, form } of [...this.#held.values()]) {
      if (
        outcome.is === 'held'
          ? person.arn !== outcome.person.arn
          : !changesOf(this.#changes.values(), person, this.world).includes(outcome.change)
      )
        continue
      for (const variant of this.variants(person)) this.#visit({ variant, form })
    }
  }

  #visit(actor: Actor): boolean {
    const name = `crown ${crownName(actor)}`
    if (this.#done.has(name)) return false
    this.#done.add(name)
    return this.#crown(actor)
  }

  #crown(actor: Actor): boolean {
    const found = administratorOf(this.world, actor)
    const { person, changes } = actor.variant
    this.#crowns.set(crownName(actor), found)
    if (found.is === 'no') return false
    const step: Step = {
      technique: administrator,
      from: person.arn,
      form: actor.form,
      to: person.arn,
      gives: administrator,
      result: administrator,
      verdict: found.is === 'yes' ? 'proven' : found.is === 'conditional' ? 'conditional' : 'undecided',
      delay: 'now',
      basis: 'documented',
      proof: undefined,
      residual: found.is === 'conditional' ? found.residual : [],
    }
    this.graph.add({ fact: administrator, step, before: [heldName(person, actor.form), ...changes] })
    return true
  }

  #isCrowned(actor: Actor): boolean {
    const isEnd = this.goal === administrator || this.goal === undefined
    return isEnd && this.#crowns.get(crownName(actor))?.is === 'yes'
  }

  /** Whether a principal is an administrator as the attacker holds it, perhaps after changes. */
  isCrowned(person: Person, form: Form): boolean {
    return this.variants(person).some(
      (variant) => this.#crowns.get(crownName({ variant, form }))?.is === 'yes',
    )
  }

  /** Whether a step that is stopped would lead to the goal: to the principal, or to an administrator. */
  leadsTo(step: Step, fact: string, to: Person | undefined): boolean {
    if (to !== undefined) return step.to === to.arn
    const person = [...this.#people].find(({ arn }) => fact.startsWith(`holds ${arn} `))
    if (person !== undefined) {
      const variant = this.wardrobe.variant(person, [])
      return administratorOf(this.world, { variant, form: 'service' }).is === 'yes'
    }
    return fact.startsWith('holds ') || step.gives === 'empower' || step.gives === 'lift'
  }

  /** Whether an actor can run code on an instance, whatever role it wears. */
  #controls(actor: Actor, instance: Thing): 'yes' | 'no' | 'unknown' {
    let answer: 'no' | 'unknown' = 'no'
    for (const technique of this.#techniques) {
      if (technique.gives !== 'run' || technique.wornBy?.includes(instance.type) !== true) continue
      const target = [...this.world.roles.values()].find(({ arn }) => arn === instance.role)
      const finding = this.prover.prove(actor, technique, { target, wearer: instance })
      if (finding?.verdict === 'proven') return 'yes'
      if (finding?.verdict === 'conditional' || finding?.verdict === 'undecided') answer = 'unknown'
    }
    return answer
  }

  /** The fact that is asked for. An administrator is not searched further if that is the goal. */
  goal: string | undefined
}

/** One principal is not searched further once it has led to the goal in so many ways. */
const enoughWays = 24

/** More ways to one fact than this are not kept once one is proven. */
const mostWays = 40

function crownName({ variant, form }: Actor): string {
  return `${heldName(variant.person, form)}\n${variant.changes.join('\n')}`
}
