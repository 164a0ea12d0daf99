import { heldName } from '../request/binding.ts'
import { type Carried, nothingCarried } from '../request/carried.ts'
import { type Change, subjectOf } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import type { Variant } from '../request/variant.ts'
import type { Subject } from '../use/change-uses.ts'
import { listIn } from '../world/lists.ts'
import { accountOfArn, type Principal } from '../world/world.ts'
import type { Sides } from './sides.ts'
import type { State } from './state.ts'

/** A principal that the attacker holds, in a form. */
export interface Held {
  readonly name: string
  readonly principal: Principal
  readonly form: Form
  /** The values that the session passes on. */
  readonly carried: Carried
  /** Whether the attacker begins with it. */
  readonly isStart: boolean
}

/** The things that an attacker comes to hold in any state, and all whose change may be a change of them. */
export class Holdings {
  readonly #sides: Sides
  readonly #held = new Map<string, Held>()
  /** By the ARN of what is changed, in any state. */
  readonly #changes = new Map<string, Change[]>()
  /** The held things, by everything whose change is a change of them. */
  readonly #concerned = new Map<string, Set<Held>>()
  /** In the order in which they came to matter. */
  readonly subjects: Subject[] = []
  readonly #mattering = new Set<string>()

  constructor(sides: Sides) {
    this.#sides = sides
  }

  /** The number of principals that are held, each form of them counted. */
  get size(): number {
    return this.#held.size
  }

  /** Everything that is held. */
  all(): Iterable<Held> {
    return this.#held.values()
  }

  /** The thing that is held under a name. */
  get(name: string): Held | undefined {
    return this.#held.get(name)
  }

  /** Adds a principal; returns what is held already, if it is. */
  hold(principal: Principal, form: Form, carried: Carried = nothingCarried, isStart = false): Held {
    const name = heldName(principal, form, carried)
    const known = this.#held.get(name)
    if (known !== undefined) return known
    const held: Held = { name, principal, form, carried, isStart }
    this.#held.set(name, held)
    this.#concern(principal.arn, held)
    this.#concern(principal.account, held)
    this.#interest(principal.arn, { is: 'principal', principal })
    this.#interest(principal.account, { is: 'account', account: principal.account })
    for (const arn of principal.attached) this.#policy(arn, held)
    if (principal.boundary !== undefined) this.#policy(principal.boundary, held)
    if (principal.type === 'user') for (const group of principal.groups) this.#group(group, held)
    for (const change of this.#changes.get(principal.arn) ?? []) this.#widen(change, held)
    return held
  }

  /** The forms in which a principal is held. */
  formsOf({ arn }: Principal): readonly Held[] {
    return this.about(arn).filter(({ principal }) => principal.arn === arn)
  }

  /** All that is held that a change of something may be about. */
  about(arn: string): readonly Held[] {
    return [...(this.#concerned.get(arn) ?? [])]
  }

  /** Notes a change that is made in some state. */
  change(change: Change): void {
    const all = listIn(this.#changes, change.arn)
    if (all.includes(change)) return
    all.push(change)
    for (const held of this.about(change.arn)) this.#widen(change, held)
  }

  /** Whether something is changed in any state. */
  isChanged(arn: string): boolean {
    return this.#changes.has(arn)
  }

  /** The principal that is held, as it is in a state. */
  variantIn(state: State, { principal, carried, isStart }: Held): Variant {
    const { policySets } = this.#sides.of(principal.account).shared
    const changes = this.#changes.size === 0 ? [] : this.changesOf(state, principal)
    const variant = policySets.variant(principal, changes, carried)
    return isStart ? policySets.start(variant) : variant
  }

  /** The changes of a state that are about a principal, and that are worth something for it. */
  changesOf(state: State, principal: Principal): readonly Change[] {
    const found = new Set<Change>()
    const seen = new Set<string>()
    const look = (arn: string): void => {
      if (seen.has(arn)) return
      seen.add(arn)
      if (!this.#changes.has(arn)) return
      for (const change of state.changesOf(arn)) {
        found.add(change)
        for (const next of this.#following(change)) look(next)
      }
    }
    look(principal.arn)
    look(principal.account)
    for (const arn of principal.attached) look(arn)
    if (principal.boundary !== undefined) look(principal.boundary)
    if (principal.type === 'user')
      for (const name of principal.groups) for (const arn of this.#ofGroup(name, principal.account)) look(arn)
    return found.size === 0 ? [] : [...found].filter((change) => this.#isWorth(state, principal, change))
  }

  /**
   * Whether a change gives or takes something: what a principal gets allows an action of a technique as nothing that it has
   * does, or can be changed.
   */
  #isWorth(state: State, principal: Principal, change: Change): boolean {
    if (change.is === 'trust') return false
    if (change.is !== 'joined' && change.is !== 'attached') return true
    if (state.isTaking(change) || this.#isGivenBack(principal, change)) return true
    const { shared } = this.#sides.of(accountOfArn(change.arn))
    const { groups, policies } = shared.world
    const given = change.is === 'joined' ? groups.get(change.group) : policies.get(change.policy)
    if (given === undefined) return false
    if (shared.givesMore(principal, given)) return true
    return this.#following(change).some((arn) => state.changesOf(arn).length > 0)
  }

  /** Whether a change gives back what another one has taken. */
  #isGivenBack({ arn }: Principal, change: Change): boolean {
    const subject = subjectOf(change)
    return (this.#changes.get(arn) ?? []).some(
      (each) => (each.is === 'left' || each.is === 'without') && subjectOf(each) === subject,
    )
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
    const group = this.#sides.of(held.principal.account).shared.world.groups.get(name)
    if (group === undefined || !this.#concern(group.arn, held)) return
    this.#interest(group.arn, { is: 'group', group })
    for (const arn of group.attached) this.#policy(arn, held)
    for (const change of this.#changes.get(group.arn) ?? []) this.#widen(change, held)
  }

  #policy(arn: string, held: Held): void {
    const policy = this.#sides.of(held.principal.account).shared.world.policies.get(arn)
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
    if (this.#mattering.has(arn)) return
    this.#mattering.add(arn)
    this.subjects.push(subject)
  }
}
