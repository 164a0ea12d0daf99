import type { Technique } from '../authorization/catalogue/index.ts'
import type { OwnUse } from './assume.ts'
import { heldName, outcomeName, type Use } from './binding.ts'
import { changeName } from './change.ts'
import { changesOn, isChanging, type Subject, tagUses } from './change-uses.ts'
import { type Cost, FactGraph, isLess, type Step } from './fact-graph.ts'
import type { Form } from './form.ts'
import { type Held, Holdings } from './holdings.ts'
import type { Variant } from './person.ts'
import { type Finding, Prover } from './prove.ts'
import type { Shared } from './shared.ts'
import { signatureOf } from './signature.ts'
import type { Actor } from './trust-question.ts'
import { useName } from './use-name.ts'
import { plain, usesOf } from './uses.ts'
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

/** How far a search is. */
export interface Progress {
  readonly held: number
  readonly asked: number
}

/** An actor that can change things. */
interface Changer {
  readonly actor: Actor
  readonly techniques: readonly Technique[]
}

/** A use that is not proven, on a target whose tags may be changed. */
interface Untagged {
  readonly actor: Actor
  readonly own: OwnUse
}

/** The least fixpoint: everything that an attacker comes to hold and to change, from one principal. */
export class Search {
  readonly graph = new FactGraph()
  readonly world: World
  readonly shared: Shared
  readonly blocked: BlockedStep[] = []
  readonly prover: Prover
  /** The fact that is asked for. An administrator is not searched further if that is the goal. */
  readonly goal: string | undefined
  readonly #holdings: Holdings
  readonly #techniques: readonly Technique[]
  readonly #kind: string
  readonly #queue: (() => void)[] = []
  /** Actors that are or were in the queue, by name. */
  readonly #queued = new Set<string>()
  /** Classes of principals of which one is searched as it is: the others can do the same. */
  readonly #classes = new Set<string>()
  readonly #crowns = new Map<string, 'yes' | 'conditional' | 'unknown' | 'no'>()
  readonly #changers: Changer[] = []
  readonly #untagged: Untagged[] = []
  readonly #rewritable = new Set<string>()
  /** Uses that depend on which policies can be rewritten, to be looked for again. */
  readonly #again: (() => void)[] = []
  readonly #done = new Set<string>()
  /** Steps that are proven with some changes need no more of them. */
  readonly #proven = new Map<string, (readonly string[])[]>()

  constructor(shared: Shared, options: SearchOptions, goal?: string) {
    this.world = shared.world
    this.shared = shared
    this.goal = goal
    this.prover = new Prover(shared.questions, (actor, thing) => this.#controls(actor, thing))
    this.prover.variantOf = (role) => shared.wardrobe.variant(role, [])
    this.#holdings = new Holdings(shared.world, shared.wardrobe)
    this.#kind = `${options.derived} ${options.retired}`
    this.#techniques = shared.table.techniques.filter(
      ({ basis, status, effect, composedOf }) =>
        effect !== 'none' &&
        composedOf === undefined &&
        (options.derived || basis !== 'derived') &&
        (options.retired || status !== 'retired'),
    )
  }

  /** Searches from a principal until nothing more is found. */
  run(from: Person): void {
    for (const _ of this.walk(from));
  }

  /** The same in pieces, so that others have their turn. */
  *walk(from: Person): Generator<Progress> {
    const form = from.type === 'user' ? 'key' : 'assumed'
    this.graph.add({ fact: heldName(from, form), step: undefined, before: [] })
    this.#hold(from, form)
    for (let place = 0; place < this.#queue.length; place++) {
      this.#queue[place]?.()
      if (place > 1_000) {
        this.#queue.splice(0, place + 1)
        place = -1
      }
      this.#propose()
      yield { held: this.held.size, asked: this.prover.asked }
    }
  }

  /** Everything that is held, by fact. */
  get held(): ReadonlyMap<string, Held> {
    return this.#holdings.held
  }

  /** The variants of a principal that the attacker can have. */
  variants(person: Person): readonly Variant[] {
    return this.#holdings.variants(person)
  }

  #hold(person: Person, form: Form): boolean {
    const held = this.#holdings.hold(person, form)
    if (held === undefined) return false
    const isLike = this.#isLikeAnother(held)
    for (const variant of this.variants(person)) {
      if (isLike && variant.changes.length === 0) this.#visit({ variant, form })
      else this.#enqueue(held, variant)
    }
    return true
  }

  /** Whether a principal that can do the same is searched already. */
  #isLikeAnother({ person, form }: Held): boolean {
    if (person.arn === this.goal) return false
    const key = `${this.shared.classes.of(person)} ${form}`
    if (this.#classes.has(key)) return true
    this.#classes.add(key)
    return false
  }

  #enqueue({ person, form }: Held, variant: Variant): void {
    const actor: Actor = { variant, form }
    const name = crownName(actor)
    if (this.#queued.has(name)) return
    this.#queued.add(name)
    this.#visit(actor)
    this.#queue.push(() => this.#expand(actor, heldName(person, form)))
  }

  #expand(actor: Actor, held: string): void {
    if (this.#isCrowned(actor) || this.#isBeaten([held, ...actor.variant.changes])) return
    const waysBefore = this.#goalWays()
    const { goal } = this
    if (this.#crowns.get(crownName(actor)) === 'yes' && goal !== undefined) {
      // An administrator needs no detour to the goal.
      this.#tryAll(actor, this.world.users.get(goal) ?? this.world.roles.get(goal), waysBefore)
      if (this.#goalCost() !== undefined) return
    }
    if (!this.#tryAll(actor, undefined, waysBefore)) return
    const techniques = this.#usable(actor).filter(isChanging)
    if (techniques.length === 0) return
    const changer = { actor, techniques }
    this.#changers.push(changer)
    this.#learnRewritable(changer)
    for (const subject of this.#holdings.subjects()) this.#queue.push(() => this.#tryChanges(changer, subject))
    if (techniques.some(({ effect }) => effect === 'writesTags'))
      for (const each of this.#untagged) this.#queue.push(() => this.#tagFor(changer, each))
  }

  #usable(actor: Actor): readonly Technique[] {
    return this.shared.usable(actor, this.#techniques, this.#kind)
  }

  /** Tries the techniques that give another principal; says whether the actor is worth more. */
  #tryAll(actor: Actor, only: Person | undefined, waysBefore: number): boolean {
    const { shared, prover } = this
    for (const technique of this.#usable(actor)) {
      if (isChanging(technique)) continue
      this.#tryUses(actor, usesOf({ shared, prover, technique, actor, only }))
      if (this.#goalWays() - waysBefore >= enoughWays) return false
    }
    return true
  }

  #tryUses(actor: Actor, uses: Iterable<OwnUse>): void {
    let isBest = false
    for (const own of uses) {
      if (isBest && own.use.isBest !== true) return
      const finding = this.#use(actor, own)
      if (own.use.isBest === true && finding?.verdict === 'proven') isBest = true
    }
  }

  /** Asks whether an actor can change something in a way that is worth something. */
  #tryChanges({ actor, techniques }: Changer, subject: Subject): void {
    const held = heldName(actor.variant.person, actor.form)
    if (this.#isBeaten([held, ...actor.variant.changes])) return
    const { shared, prover } = this
    const rewritable = this.#rewritable
    for (const technique of techniques) {
      const uses = changesOn({ shared, technique, actor, subject, rewritable })
      this.#tryUses(actor, plain({ shared, prover, technique, actor, only: undefined }, uses))
    }
    if (techniques.some(({ effect }) => effect === 'attachesPolicy'))
      this.#again.push(() => this.#tryChanges({ actor, techniques: techniques.filter((each) => each.effect === 'attachesPolicy') }, subject))
  }

  /** Has each changer look at what has come to matter. */
  #propose(): void {
    for (const subject of this.#holdings.freshSubjects())
      for (const changer of this.#changers) this.#queue.push(() => this.#tryChanges(changer, subject))
  }

  /** Policies that an actor can rewrite are worth attaching. */
  #learnRewritable({ actor, techniques }: Changer): void {
    const { index } = this.shared
    let isMore = false
    for (const { effect, needs } of techniques) {
      if (effect !== 'writesVersion' && effect !== 'setsVersion') continue
      const action = needs[0]?.action ?? 'iam:CreatePolicyVersion'
      for (const { arn } of index.ownPolicies.startingWith(this.shared.heads(actor, action))) {
        if (this.#rewritable.has(arn) || !this.shared.match(actor, action, arn).isAllowed) continue
        this.#rewritable.add(arn)
        isMore = true
      }
    }
    if (isMore) this.#queue.push(...this.#again.splice(0))
  }

  #use(actor: Actor, own: OwnUse): Finding {
    const { technique, use, prove } = own
    const fact = outcomeName(use.outcome)
    const { changes, person } = actor.variant
    const from = heldName(person, actor.form)
    if (fact === from || changes.includes(fact)) return undefined
    const stem = `${from}\n${technique.id}\n${useName(use)}`
    if (changes.length > 0 && this.#isProvenWithLess(stem, changes)) return undefined
    if (this.graph.ways(fact).length >= mostWays && this.graph.cost(fact)?.rank === 0) return undefined
    const key = signatureOf(this.shared, actor, technique, use.binding)
    const finding = key === undefined ? prove() : this.shared.found(key, prove)
    if (finding !== undefined) {
      const done = `${stem}\n${changes.join('\n')}`
      if (this.#done.has(done)) return finding
      this.#done.add(done)
      this.record(actor, own, finding, stem)
    }
    if (finding?.verdict !== 'proven') this.#untag(actor, own)
    return finding
  }

  /** Conditions on the tags of a target hold once the attacker has tagged it. */
  #untag(actor: Actor, own: OwnUse): void {
    const { target } = own.use.binding
    if (target === undefined || target.arn === actor.variant.person.arn) return
    if (this.shared.classes.tags.resource.length === 0) return
    const entry = { actor, own }
    this.#untagged.push(entry)
    for (const changer of this.#changers) this.#tagFor(changer, entry)
    this.#withTags(entry)
  }

  #tagFor({ actor, techniques }: Changer, entry: Untagged): void {
    const { shared, prover } = this
    const { target } = entry.own.use.binding
    if (target === undefined) return
    for (const technique of techniques) {
      if (technique.effect !== 'writesTags') continue
      const subject: Subject = { is: 'person', person: target }
      const question = { shared, technique, actor, subject, rewritable: this.#rewritable, prover, only: undefined }
      for (const own of plain(question, tagUses(question, target))) this.#use(actor, own)
    }
    this.#withTags(entry)
  }

  #withTags({ actor, own }: Untagged): void {
    const { target } = own.use.binding
    if (target === undefined) return
    for (const change of this.#holdings.tagsOf(target)) {
      const name = changeName(change)
      const stem = `${crownName(actor)}\n${own.technique.id}\n${useName(own.use)}\n${name}`
      if (this.#done.has(stem)) continue
      this.#done.add(stem)
      const finding = own.prove({ ...target, tags: { ...target.tags, [change.key]: change.value } })
      if (finding?.verdict === 'proven' || finding?.verdict === 'conditional')
        this.record(actor, own, finding, stem, [name])
    }
  }

  /** Records what was found of a use. */
  record(actor: Actor, own: OwnUse, finding: Finding, stem: string, more: readonly string[] = []): void {
    if (finding === undefined) return
    const { technique, use, prove } = own
    const { outcome } = use
    const fact = outcomeName(outcome)
    const before = [heldName(actor.variant.person, actor.form), ...actor.variant.changes, ...more]
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
      ...(more.length === 0 ? { exact: () => prove() } : {}),
    }
    if (finding.verdict === 'blocked') {
      if (this.blocked.length < mostBlocked) this.blocked.push({ fact, before, step })
      return
    }
    if (finding.verdict === 'proven') {
      const known = this.#proven.get(stem)
      if (known === undefined) this.#proven.set(stem, [actor.variant.changes])
      else known.push(actor.variant.changes)
    }
    this.graph.add({ fact, step, before })
    if (outcome.is === 'held') {
      this.#hold(outcome.person, outcome.form)
      return
    }
    const concerned = this.#holdings.change(outcome.change)
    for (const held of concerned ?? [])
      for (const variant of this.variants(held.person))
        if (variant.changes.length > 0) this.#enqueue(held, variant)
    if (concerned !== undefined && outcome.change.is === 'tag')
      for (const entry of [...this.#untagged])
        if (entry.own.use.binding.target?.arn === outcome.change.arn) this.#withTags(entry)
  }

  #isProvenWithLess(stem: string, changes: readonly string[]): boolean {
    return this.#proven.get(stem)?.some((less) => less.every((each) => changes.includes(each))) === true
  }

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
    return forms.map((form) => `holds ${goal} ${form}`)
  }

  #goalCost(): Cost | undefined {
    let best: Cost | undefined
    for (const fact of this.#goalFacts()) {
      const cost = this.graph.cost(fact)
      if (cost !== undefined && isLess(cost, best)) best = cost
    }
    return best
  }

  #goalWays(): number {
    return this.#goalFacts().reduce((count, fact) => count + this.graph.ways(fact).length, 0)
  }

  /** Looks whether an actor is an administrator. */
  #visit(actor: Actor): void {
    const name = crownName(actor)
    if (this.#crowns.has(name)) return
    const found = this.shared.crown(actor)
    this.#crowns.set(name, found.is)
    if (found.is === 'no') return
    const { person, changes } = actor.variant
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
  }

  #isCrowned(actor: Actor): boolean {
    const isEnd = this.goal === administrator || this.goal === undefined
    return isEnd && this.#crowns.get(crownName(actor)) === 'yes'
  }

  /** Whether a principal is an administrator as the attacker holds it, perhaps after changes. */
  isCrowned(person: Person, form: Form): boolean {
    return this.variants(person).some((variant) => this.#crowns.get(crownName({ variant, form })) === 'yes')
  }

  /** Whether a step that is stopped would lead to the goal: to the principal, or to an administrator. */
  leadsTo(step: Step, fact: string, to: Person | undefined): boolean {
    if (to !== undefined) return step.to === to.arn
    const arn = /^holds (\S+) /.exec(fact)?.[1]
    const person = this.world.users.get(arn ?? '') ?? this.world.roles.get(arn ?? '')
    if (person === undefined) return arn !== undefined || step.gives === 'empower' || step.gives === 'lift'
    const variant = this.shared.wardrobe.variant(person, [])
    return this.shared.crown({ variant, form: 'service' }).is === 'yes'
  }

  /** Whether an actor can run code on an instance, whatever role it wears. */
  #controls(actor: Actor, instance: Thing): 'yes' | 'no' | 'unknown' {
    let answer: 'no' | 'unknown' = 'no'
    const target = this.shared.index.roleOf(instance.role)
    for (const technique of this.#techniques) {
      if (technique.gives !== 'run' || technique.wornBy?.includes(instance.type) !== true) continue
      const finding = this.prover.prove(actor, technique, { target, wearer: instance })
      if (finding?.verdict === 'proven') return 'yes'
      if (finding?.verdict === 'conditional' || finding?.verdict === 'undecided') answer = 'unknown'
    }
    return answer
  }
}

const forms: readonly Form[] = ['key', 'console', 'mfa', 'assumed', 'service']

/** One principal is not searched further once it has led to the goal in so many ways. */
const enoughWays = 24

/** More ways to one fact than this are not kept once one is proven. */
const mostWays = 40

/** More steps that are stopped than this are not kept. */
const mostBlocked = 2_000

function crownName({ variant, form }: Actor): string {
  return `${heldName(variant.person, form)}\n${variant.changes.join('\n')}`
}
