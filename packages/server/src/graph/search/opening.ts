import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Finding } from '../proof/finding.ts'
import { isAssuming } from '../relevance/search-options.ts'
import type { Actor } from '../request/actor.ts'
import { held } from '../request/binding.ts'
import { passedOn } from '../request/carried.ts'
import { type Change, changeName } from '../request/change.ts'
import { isChanging } from '../use/change-uses.ts'
import type { Deferred } from '../use/search-parts.ts'
import { namesOfOpened } from '../use/session-names.ts'
import { type OwnUse, resourcesOf } from '../use/targets.ts'
import { usesOf } from '../use/uses.ts'
import type { Principal, Role } from '../world/world.ts'
import { actorName } from './administrators.ts'
import { type Acting, Inherited } from './inherited.ts'
import type { Round } from './round.ts'

/** The most principals that an actor comes to by one technique. */
const mostBecome = 20

/** The most roles that are looked at. */
const most = 5_000

/**
 * Roles whose trust policy an actor can write, while it may not assume them itself: another principal that the attacker
 * holds may assume them, or a service to which one passes them.
 */
export class Opening {
  readonly #round: Round
  readonly #before: Opening | undefined
  /** The roles whose trust policy is written. */
  readonly #opened = new Set<Role>()
  readonly actors: Inherited<Acting>
  /** The names of actors that have come to principals. */
  readonly #became = new Set<string>()

  constructor(round: Round, before: Opening | undefined) {
    this.#round = round
    this.#before = before
    this.actors = new Inherited(before?.actors, (each) => round.standing.actingNow(each))
  }

  /** Adds an actor that writes the trust policy of a role, which does not let it in. */
  add({ actor, own: { technique, use } }: Deferred): void {
    const role = use.binding.target
    if (role?.type !== 'role' || this.#opened.size >= most || this.#round.isTight(actor)) return
    const { prover } = this.#round.common.sides.ofActor(actor)
    const outcome = { is: 'change', change: opening(role) } as const
    const finding = this.#round.record(actor, {
      technique,
      use: { binding: { target: role }, outcome, to: role.arn },
      prove: (target = role, by = actor) => prover.prove(by, technique, { target }),
    })
    if (finding === undefined || finding.verdict === 'blocked' || this.isOpened(role)) return
    this.#opened.add(role)
    this.#enterEach(this.#allActors(), [role])
    this.#become(actor)
  }

  isOpened(role: Role): boolean {
    return this.#opened.has(role) || this.#before?.isOpened(role) === true
  }

  *allOpened(): Iterable<Role> {
    yield* this.#before?.allOpened() ?? []
    yield* this.#opened
  }

  #allActors(): readonly Actor[] {
    return this.actors.of().map(({ actor }) => actor)
  }

  /** Has an actor come to principals that could not do anything else: each of them may be let in. */
  #become(actor: Actor): void {
    const name = actorName(actor)
    if (this.#became.has(name)) return
    this.#became.add(name)
    const { sides } = this.#round.common
    const { shared, prover } = sides.ofActor(actor)
    for (const technique of sides.usable(actor)) {
      if (isChanging(technique)) continue
      this.#round.push(() => {
        if (this.#round.isTight(actor)) return
        let count = 0
        for (const own of usesOf({ shared, prover, technique, actor, only: undefined, isLetIn: true })) {
          if (own.use.outcome.is === 'held') this.#round.use(actor, own)
          if (++count >= mostBecome) return
          sides.budget.step()
        }
      })
    }
  }

  /** Adds an actor that may be let in. */
  visit(actor: Actor): void {
    if (actor.variant.outside !== undefined || this.#round.isTight(actor)) return
    this.actors.add({ actor })
    this.#enterEach([actor], [...this.allOpened()])
  }

  /** In a state after a change of a role: the ways of those who are concerned into it, if it is opened. */
  begin(arn: string, isConcerned: (actor: Actor) => boolean): void {
    const roles = [...this.allOpened()].filter((role) => role.arn === arn)
    this.#enterEach(this.#allActors().filter(isConcerned), roles)
  }

  #enterEach(actors: readonly Actor[], all: readonly Role[]): void {
    if (actors.length * all.length === 0) return
    this.#round.push(() => {
      for (const role of all)
        for (const actor of actors) {
          this.#enter(actor, role)
          this.#round.common.sides.budget.look()
        }
    })
  }

  #enter(actor: Actor, role: Role): void {
    const { principal } = actor.variant
    if (principal.arn === role.arn || this.#round.isTight(actor)) return
    const before = [changeName(opening(role))]
    const { common } = this.#round
    let isIn = false
    for (const own of this.#entering(actor, role)) {
      // Sessions of several names are wanted; otherwise one way is enough.
      if (isIn && !isAssuming(own.technique)) return
      if (this.#round.isKnown(actor, own)) continue
      const finding = this.#round.record(actor, { ...own, use: { ...own.use, before } })
      common.sides.budget.step()
      if (finding?.verdict === 'proven') isIn = true
    }
  }

  /** The ways of an actor into a role that lets in whom the attacker chooses. */
  *#entering(actor: Actor, role: Role): Generator<OwnUse> {
    const { sides } = this.#round.common
    const { shared, prover } = sides.ofActor(actor)
    const binding = { target: role, isOpened: true, moreKey: 'opened' }
    const assuming = sides.techniques.filter(({ id }) => id === 'trust.assume-role')
    for (const technique of new Set([...assuming, ...sides.usable(actor).filter(passesToService)])) {
      if (assuming.includes(technique)) {
        const find = (name?: string, target: Principal = role, by = actor): Finding =>
          prover.proveAsked(
            (caller) =>
              target.type === 'role' ? [prover.questions.assume(caller, target, { own: true, name })] : [],
            by,
          )
        for (const name of namesOfOpened({ shared, actor, role }, find)) {
          const carried = passedOn(actor.variant.carried)
          const named = name === undefined ? carried : { ...carried, name }
          const bound = name === undefined ? binding : { ...binding, moreKey: `opened ${name}` }
          const use = { binding: bound, outcome: held(role, 'assumed', named), to: role.arn }
          yield { technique, use, prove: (target, by) => find(name, target, by) }
        }
      } else if (actor.variant.principal.account === role.account) {
        if (!shared.allows(actor, 'iam:PassRole', role.arn)) continue
        const outcome = held(role, 'service')
        for (const resources of resourcesOf({ shared, prover, technique, actor, only: role })) {
          const bound = { ...binding, resources }
          yield {
            technique,
            use: { binding: bound, outcome, to: role.arn },
            prove: (target = role, by = actor) => prover.prove(by, technique, { ...bound, target }),
          }
        }
      }
    }
  }
}

/** The change by which a role lets in whom the attacker chooses. */
function opening({ arn }: Role): Change {
  return { is: 'trust', arn }
}

/** Whether a technique passes a role to a service that then runs as it. */
function passesToService({ effect, workloads, passesTo, trusts, facts, needs }: Technique): boolean {
  return (
    effect === 'becomes' &&
    workloads === undefined &&
    passesTo !== undefined &&
    trusts?.type === 'service' &&
    !facts.includes('administersStackSets') &&
    !needs.some(({ on }) => on.is === 'profile')
  )
}
