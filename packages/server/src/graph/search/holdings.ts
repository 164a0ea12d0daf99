import type { FactGraph, Sum } from '../proof/fact-graph.ts'
import { heldName } from '../request/binding.ts'
import { type Carried, carriedName, nothingCarried } from '../request/carried.ts'
import { type Change, changeName, subjectOf, subjectsOf } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import type { Variant } from '../request/person.ts'
import type { Subject } from '../use/change-uses.ts'
import type { OwnUse } from '../use/targets.ts'
import { accountOfArn, type Person } from '../world/world.ts'
import { isTaking, withLasting } from './aftermath.ts'
import { setsOf, type UseOf } from './change-sets.ts'
import { useOf } from './joint.ts'
import { Lasting } from './lasting.ts'
import type { Sides } from './sides.ts'

/** A principal that the attacker holds, in a form. */
export interface Held {
  readonly person: Person
  readonly form: Form
  /** The values that the session passes on. */
  readonly carried: Carried
}

/** A change that may take something from whom it is about. */
interface Taking {
  readonly name: string
  /** The subjects of a result: a later change of all of them takes its place. */
  readonly subjects: readonly string[]
}

/** The things that an attacker holds and has changed, and the changes that may now be useful. */
export class Holdings {
  readonly held = new Map<string, Held>()
  readonly #sides: Sides
  readonly #lasting: Lasting
  /** By name. */
  readonly #changes = new Map<string, Change>()
  /** By the ARN of what is changed. */
  readonly #takings = new Map<string, Taking[]>()
  /** By the ARN of what is changed. */
  readonly #bySubject = new Map<string, Change[]>()
  /** The held things, by everything whose change is a change of them. */
  readonly #concerned = new Map<string, Set<Held>>()
  /** By ARN, in the order in which they came to matter. */
  readonly #subjects = new Map<string, Subject>()
  readonly #fresh: Subject[] = []

  constructor(sides: Sides, facts: FactGraph) {
    this.#sides = sides
    this.#lasting = new Lasting(facts)
  }

  /** Adds a principal; undefined if it is held already. */
  hold(person: Person, form: Form, carried: Carried = nothingCarried): Held | undefined {
    const name = heldName(person, form, carried)
    if (this.held.has(name)) return undefined
    const held: Held = { person, form, carried }
    this.held.set(name, held)
    this.#concern(person.arn, held)
    this.#concern(person.account, held)
    this.#interest(person.arn, { is: 'person', person })
    this.#interest(person.account, { is: 'account', account: person.account })
    for (const arn of person.attached) this.#policy(arn, held)
    if (person.boundary !== undefined) this.#policy(person.boundary, held)
    if (person.type === 'user') for (const group of person.groups) this.#group(group, held)
    for (const change of this.changesOf(person)) this.#widen(change, held)
    return held
  }

  /** The forms in which a principal is held. */
  formsOf({ arn }: Person): readonly Held[] {
    return [...(this.#concerned.get(arn) ?? [])]
  }

  /** Whether what a fact says is held, or changed. */
  has(fact: string): boolean {
    return this.held.has(fact) || this.#changes.has(fact)
  }

  /** Whether a principal is held in any form. */
  holds(person: Person): boolean {
    return this.#subjects.has(person.arn)
  }

  /** Adds a change; the holdings that it is about, or undefined if it is made already. */
  change(change: Change): readonly Held[] | undefined {
    const name = changeName(change)
    if (this.#changes.has(name)) return undefined
    this.#changes.set(name, change)
    this.#lasting.add(change)
    const list = this.#bySubject.get(change.arn)
    if (list === undefined) this.#bySubject.set(change.arn, [change])
    else list.push(change)
    this.#noteTaking(change, name)
    const concerned = this.#about(change)
    for (const held of concerned) this.#widen(change, held)
    return concerned
  }

  #noteTaking(change: Change, name: string): void {
    if (!isTaking(this.#sides.of(accountOfArn(change.arn)).shared.world, change)) return
    const taking: Taking = { name, subjects: subjectsOf(change) }
    const list = this.#takings.get(change.arn)
    if (list === undefined) this.#takings.set(change.arn, [taking])
    else list.push(taking)
    this.#takingCount++
  }

  /** How many changes may take something from whom they are about. */
  get takingCount(): number {
    return this.#takingCount
  }

  #takingCount = 0

  /** Whether the change of a use is made with less that stays so, and costs no more than `sum`. */
  covers({ use: { outcome } }: OwnUse, sum: Sum): boolean {
    return (
      outcome.is === 'change' && outcome.change.within !== undefined && this.#lasting.has(outcome.change, sum)
    )
  }

  /** Returns what is held that changes are about which were left out, and cost less now. */
  back(): readonly Held[] {
    return this.#lasting.back().flatMap((change) => this.#about(change))
  }

  #about(change: Change): readonly Held[] {
    return [...(this.#concerned.get(change.arn) ?? [])]
  }

  /** The changes of something that may take something from whom they are about. */
  takingsOf(arn: string): readonly Taking[] {
    return this.#takings.get(arn) ?? []
  }

  /** Whether a fact is a change that may take something from whom it is about. */
  isTaking(fact: string): boolean {
    const change = this.#changes.get(fact)
    return change !== undefined && this.takingsOf(change.arn).some(({ name }) => name === fact)
  }

  /** The tags that the attacker can give to a target. */
  tagsOf({ arn }: Person): readonly Extract<Change, { is: 'tag' }>[] {
    return (this.#bySubject.get(arn) ?? []).flatMap((change) => (change.is === 'tag' ? change : []))
  }

  /** Returns the subjects that have come to matter since the last call. */
  freshSubjects(): readonly Subject[] {
    return this.#fresh.splice(0)
  }

  /** Everything that matters. */
  subjects(): Iterable<Subject> {
    return this.#subjects.values()
  }

  /** The changes that are about a principal: of itself, its groups, its policies, the account, and what follows. */
  changesOf(person: Person): readonly Change[] {
    const found = new Set<Change>()
    const seen = new Set<string>()
    const look = (arn: string): void => {
      if (seen.has(arn)) return
      seen.add(arn)
      for (const change of this.#bySubject.get(arn) ?? []) {
        found.add(change)
        for (const next of this.#following(change)) look(next)
      }
    }
    look(person.arn)
    look(person.account)
    for (const arn of person.attached) look(arn)
    if (person.boundary !== undefined) look(person.boundary)
    if (person.type === 'user')
      for (const name of person.groups) for (const arn of this.#ofGroup(name, person.account)) look(arn)
    return [...found]
  }

  /**
   * The variants of what is held: as it is, with one change, with several. Only with sets of changes that count, if
   * `counts` is given; it gets their names.
   */
  *variants({ person, carried }: Held, counts?: (changes: readonly string[]) => boolean): Generator<Variant> {
    const { shared } = this.#sides.of(person.account)
    const { wardrobe, world } = shared
    const plain = wardrobe.variant(person, [], carried)
    const use: UseOf = (given, others) => useOf(shared, plain, this.#sides.techniques, given, others)
    // What a session is given belongs to sessions that pass on the same.
    const name = carriedName(carried)
    const changes = this.changesOf(person).filter(
      (change) =>
        !this.#lasting.isOutdone(change) &&
        this.#isWorth(person, change) &&
        (change.is !== 'session' || carriedName(change.carried) === name),
    )
    const seen = new Set<string>()
    for (const each of changes.length === 0 ? [[]] : setsOf(changes, person, world, use)) {
      const set = withLasting(each, carried)
      this.#sides.budget.look()
      if (set.length > 0 && counts?.(set.map(changeName)) === false) continue
      const variant = wardrobe.variant(person, set, carried)
      const made = variant.changes.join('\n')
      if (!seen.has(made)) yield variant
      seen.add(made)
    }
  }

  /**
   * Whether a change gives something: what a principal gets allows an action of a technique as nothing that it has does, or
   * can be changed.
   */
  #isWorth(person: Person, change: Change): boolean {
    if (change.is === 'trust') return false
    if (this.#isUndone(change)) return true
    const shared = this.#sides.of(accountOfArn(change.arn)).shared
    const { world } = shared
    if (change.is !== 'joined' && change.is !== 'attached') return true
    if (this.#allowsEverything(person)) return false
    if (change.is === 'joined') {
      const group = world.groups.get(change.group)
      if (group === undefined) return false
      if (shared.givesMore(person, group)) return true
    } else {
      const policy = world.policies.get(change.policy)
      if (policy === undefined) return false
      if (shared.givesMore(person, policy)) return true
    }
    return this.#following(change).some((arn) => (this.#bySubject.get(arn)?.length ?? 0) > 0)
  }

  /** Whether a policy of a principal allows everything, and no change takes it away: further Allows give nothing. */
  #allowsEverything(person: Person): boolean {
    const { classes } = this.#sides.of(person.account).shared
    const of = (arn: string | undefined): readonly Change[] => this.#bySubject.get(arn ?? '') ?? []
    return classes.wholeOf(person).some(({ owner, group, key }) => {
      const isLeft = of(person.arn).some((change) => change.is === 'left' && change.group === group)
      const isGone = of(owner).some((change) => change.is === 'without' && change.key === key)
      return !isLeft && !isGone && !of(key).some(({ is }) => is === 'version')
    })
  }

  /** Whether a change gives back what another one has taken. */
  #isUndone(change: Change): boolean {
    if (change.is !== 'joined' && change.is !== 'attached') return false
    const subject = subjectOf(change)
    const own = this.#bySubject.get(change.arn) ?? []
    return own.some((each) => (each.is === 'left' || each.is === 'without') && subjectOf(each) === subject)
  }

  /** The things that a change adds to a principal: the group that it joins, the policy that it gets. */
  #following(change: Change): readonly string[] {
    if (change.is === 'joined') return this.#ofGroup(change.group, accountOfArn(change.arn))
    if (change.is === 'attached') return [change.policy]
    return change.is === 'boundary' && change.policy !== undefined ? [change.policy] : []
  }

  #ofGroup(name: string, account: string): readonly string[] {
    const group = this.#sides.of(account).shared.world.groups.get(name)
    return group === undefined ? [] : [group.arn, ...group.attached]
  }

  /** Adds the consequences of a change to a held thing. */
  #widen(change: Change, held: Held): void {
    if (change.is === 'joined') this.#group(change.group, held)
    if ((change.is === 'attached' || change.is === 'boundary') && change.policy !== undefined)
      this.#policy(change.policy, held)
  }

  #group(name: string, held: Held): void {
    const group = this.#sides.of(held.person.account).shared.world.groups.get(name)
    if (group === undefined || !this.#concern(group.arn, held)) return
    this.#interest(group.arn, { is: 'group', group })
    for (const arn of group.attached) this.#policy(arn, held)
    for (const change of this.#bySubject.get(group.arn) ?? []) this.#widen(change, held)
  }

  #policy(arn: string, held: Held): void {
    const policy = this.#sides.of(held.person.account).shared.world.policies.get(arn)
    if (policy === undefined || !this.#concern(arn, held)) return
    this.#interest(arn, { is: 'policy', policy })
  }

  #concern(arn: string, held: Held): boolean {
    const all = this.#concerned.get(arn)
    if (all === undefined) this.#concerned.set(arn, new Set([held]))
    else if (all.has(held)) return false
    else all.add(held)
    return true
  }

  #interest(arn: string, subject: Subject): void {
    if (this.#subjects.has(arn)) return
    this.#subjects.set(arn, subject)
    this.#fresh.push(subject)
  }
}
