import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Finding } from '../proof/finding.ts'
import { Tried } from '../prospect/saying.ts'
import { isAssuming } from '../relevance/search-options.ts'
import { type Outline, outlineOf } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import { held, heldAs, type Use } from '../request/binding.ts'
import { passedOn } from '../request/carried.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Actor } from '../request/trust-question.ts'
import { isChanging } from '../use/change-uses.ts'
import type { Deferred, Task } from '../use/search-parts.ts'
import { namesOfOpened } from '../use/session-names.ts'
import { type OwnUse, thingsOf } from '../use/targets.ts'
import { usesOf } from '../use/uses.ts'
import type { Role } from '../world/world.ts'
import { actorName } from './administrators.ts'
import type { Sides } from './sides.ts'
import { mayUse, within } from './staying.ts'

/** The actions of a search on a result. */
interface Search {
  push(task: Task): void
  use(actor: Actor, own: OwnUse): void
  record(actor: Actor, own: OwnUse, finding: Outline, more: readonly Change[]): void
  /** Whether only what gives the goal at once is as good as what there is; if so, the actor was not searched to its end. */
  isTight(actor: Actor): boolean
  /** Whether what comes of a use is proven already, and further ways to it are not wanted. */
  isSettled(own: OwnUse): boolean
}

/** The most principals that an actor comes to by one technique. */
const mostBecome = 20

/** A role whose trust policy is written. */
interface Opened {
  readonly role: Role
  readonly change: Change
}

/** The most roles that are looked at. */
const most = 5_000

/**
 * Roles whose trust policy an actor can write, while it may not assume them itself: another principal that the attacker
 * holds may assume them, or a service to which one passes them.
 */
export class Opening {
  readonly #sides: Sides
  readonly #search: Search
  /** By the name of the fact. */
  readonly #opened = new Map<string, Opened>()
  readonly #actors = new Map<string, Actor>()
  readonly #tried = new Tried()
  /** The names of actors that have come to principals. */
  readonly #became = new Set<string>()

  constructor(sides: Sides, search: Search) {
    this.#sides = sides
    this.#search = search
  }

  /** Adds an actor that writes the trust policy of a role, which does not let it in. */
  add({ actor, own }: Deferred): void {
    const role = own.use.binding.target
    if (role?.type !== 'role' || this.#opened.size >= most || this.#search.isTight(actor)) return
    const { shared, prover } = this.#sides.ofActor(actor)
    const change = within(shared.world, actor, { is: 'trust', arn: role.arn })
    const prove = (): Finding => prover.prove(actor, own.technique, { target: role })
    const finding = outlineOf(prove())
    if (finding === undefined || finding.verdict === 'blocked') return
    const use: Use = { binding: { target: role }, outcome: { is: 'change', change }, to: role.arn }
    const fact = changeName(change)
    this.#search.record(actor, { technique: own.technique, use, prove }, finding, [])
    if (this.#opened.has(fact)) return
    const opened = { role, change }
    this.#opened.set(fact, opened)
    this.#enterEach([...this.#actors.values()], [opened])
    this.#become(actor)
  }

  /** Has an actor come to principals that could not do anything else: each of them may be let in. */
  #become(actor: Actor): void {
    const name = actorName(actor)
    if (this.#became.has(name)) return
    this.#became.add(name)
    const { shared, prover } = this.#sides.ofActor(actor)
    for (const technique of this.#sides.usable(actor)) {
      if (isChanging(technique)) continue
      this.#search.push(() => {
        if (this.#search.isTight(actor)) return
        let count = 0
        for (const own of usesOf({ shared, prover, technique, actor, only: undefined, isLetIn: true })) {
          if (own.use.outcome.is === 'held') this.#search.use(actor, own)
          if (++count >= mostBecome) return
          this.#sides.budget.step()
        }
      })
    }
  }

  /** Adds an actor that may be let in. */
  visit(actor: Actor): void {
    if (actor.variant.outside !== undefined || this.#search.isTight(actor)) return
    this.#actors.set(actorName(actor), actor)
    this.#enterEach([actor], [...this.#opened.values()])
  }

  #enterEach(actors: readonly Actor[], all: readonly Opened[]): void {
    if (actors.length * all.length === 0) return
    this.#search.push(() => {
      for (const opened of all)
        for (const actor of actors) {
          this.#enter(actor, opened)
          this.#sides.budget.look()
        }
    })
  }

  #enter(actor: Actor, { role, change }: Opened): void {
    const fact = changeName(change)
    const { person } = actor.variant
    if (person.arn === role.arn || !mayUse(actor, change)) return
    const held = `${heldAs(actor)} ${fact}`
    if (this.#search.isTight(actor)) return
    const side = this.#sides.ofActor(actor)
    const { shared } = side
    const isNew = (technique: Technique): boolean => !this.#tried.has(shared, actor, held, technique, 0)
    let isIn = false
    for (const own of this.#entering(actor, role, isNew)) {
      // Sessions of several names are wanted; otherwise one way is enough.
      if (isIn && !isAssuming(own.technique)) return
      if (this.#search.isSettled(own)) continue
      const name = signatureOf({ ...side, technique: own.technique, actor }, own.use.binding)
      const { asked } = shared
      const finding = shared.found(name, own.prove)
      if (shared.asked > asked) this.#sides.budget.step()
      if (finding === undefined || finding.verdict === 'blocked') continue
      this.#search.record(actor, own, finding, [change])
      if (finding.verdict === 'proven') isIn = true
    }
  }

  /** The ways of an actor into a role that lets in whom the attacker chooses. */
  *#entering(actor: Actor, role: Role, isNew: (technique: Technique) => boolean): Generator<OwnUse> {
    const { shared, prover } = this.#sides.ofActor(actor)
    const binding = { target: role, isOpened: true, moreKey: 'opened' }
    const assuming = this.#sides.techniques.filter(({ id }) => id === 'trust.assume-role')
    for (const technique of new Set([...assuming, ...this.#sides.usable(actor).filter(passesToService)])) {
      if (!isNew(technique)) continue
      if (assuming.includes(technique)) {
        const find = (name?: string): Finding =>
          prover.proveAsked(
            (mfa, caller) => [prover.questions.assume(caller, role, { mfa, own: true, name })],
            actor,
          )
        for (const name of namesOfOpened({ shared, actor, role }, find)) {
          const carried = passedOn(actor.variant.carried)
          const named = name === undefined ? carried : { ...carried, name }
          const bound = name === undefined ? binding : { ...binding, moreKey: `opened ${name}` }
          const use = { binding: bound, outcome: held(role, 'assumed', named), to: role.arn }
          yield { technique, use, prove: () => find(name) }
        }
      } else if (actor.variant.person.account === role.account) {
        if (!shared.allows(actor, 'iam:PassRole', role.arn)) continue
        const outcome = held(role, 'service')
        for (const things of thingsOf({ shared, prover, technique, actor, only: role })) {
          const bound = { ...binding, things }
          yield {
            technique,
            use: { binding: bound, outcome, to: role.arn },
            prove: () => prover.prove(actor, technique, bound),
          }
        }
      }
    }
  }
}

/** Whether a technique passes a role to a service that then wears it. */
function passesToService({ effect, wornBy, passesTo, trusts, facts, needs }: Technique): boolean {
  return (
    effect === 'becomes' &&
    wornBy === undefined &&
    passesTo !== undefined &&
    trusts?.type === 'service' &&
    !facts.includes('administersStackSets') &&
    !needs.some(({ on }) => on.is === 'profile')
  )
}
