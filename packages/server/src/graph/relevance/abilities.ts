import type { Statement } from '@omen-iam/policy'
import type { Technique, TechniqueTable } from '../../authorization/catalogue/index.ts'
import { type Actor, callerFor, followingCalls } from '../request/actor.ts'
import { mayHaveMfa } from '../request/form.ts'
import { valueIn } from '../world/lists.ts'
import { coversAction } from '../world/resource-policy.ts'
import type { Principal, Role } from '../world/world.ts'
import type { WorldIndex } from '../world/world-index.ts'
import type { ActorClasses } from './actor-class.ts'
import { freshAction, type Said } from './relevance.ts'
import { callsSaid, isAssuming, isUsable, lowered, missingCalls } from './search-options.ts'
import type { LeftOut } from './shortcut.ts'

/** A boundary, or a level of SCPs. */
type Limit = NonNullable<Actor['variant']['policies']['boundary']>

/** The facts about the account. */
interface Account {
  readonly table: TechniqueTable
  readonly index: WorldIndex
  readonly classes: ActorClasses
  readonly leftOut: LeftOut
  readonly neighbours: { naming(principal: Principal): readonly Role[] }
  said(actor: Actor): Said
}

/** The calls of a technique that an actor may make and that others must end. */
export interface Together {
  /** The techniques that it may begin, each with the calls that others must make: a list for each way. */
  readonly begins: readonly {
    readonly technique: Technique
    readonly missing: readonly (readonly string[])[]
  }[]
  /** The calls that it may make after those of others. */
  readonly follows: readonly string[]
}

/** The abilities of an account's principals, as far as the Allows of their policies say. */
export class Abilities {
  readonly #account: Account
  #usable = new Map<string, readonly Technique[]>()
  #useful = new Map<string, boolean>()
  #anything = new Map<number, boolean>()

  /** With what was found before a change, which may be one of trust policies. */
  constructor(account: Account, before?: Abilities, hasOtherTrusts = false) {
    this.#account = account
    if (before === undefined) return
    this.#usable = before.#usable
    if (!hasOtherTrusts) this.#useful = before.#useful
    this.#anything = before.#anything
  }

  /**
   * Whether the boundary or an SCP has no Allow at all for an action that every way of a technique needs: every use of it
   * is refused. A trust policy may let in what a boundary does not allow, and so may the policy of a resource.
   */
  isBarred({ variant: { policies, principal } }: Actor, technique: Technique): boolean {
    if (isAssuming(technique) || this.#account.leftOut.has('barred')) return false
    const { boundary, scp = [] } = policies
    const limits = [...(boundary === undefined ? [] : [boundary]), ...scp]
    if (limits.length === 0) return false
    const granted = this.#account.index.resourcePolicies.actionsFor(principal)
    const isBarred = (needs: Technique['needs']): boolean =>
      needs.some(
        ({ action, ownGrant }) =>
          ownGrant !== true &&
          limits.some((layer) => layer.candidates(action).allow.all.length === 0) &&
          !coversAction(granted, lowered(action)),
      )
    const { needs, ways, passesTo } = technique
    if (isBarred(needs) || (passesTo !== undefined && isBarred(passing))) return true
    return ways.length > 0 && ways.every((way) => isBarred(way.needs))
  }

  /** Whether the boundary or an SCP allows no assumption: only a role that names the actor itself may let it in. */
  isShutIn({ variant: { policies, outside } }: Actor): boolean {
    if (outside !== undefined || this.#account.leftOut.has('barred')) return false
    const { boundary, scp = [] } = policies
    return [boundary, ...scp].some(
      (layer) => layer !== undefined && layer.candidates('sts:AssumeRole').allow.all.length === 0,
    )
  }

  /**
   * Whether an actor cannot use a technique without MFA, and may have it: a Deny on everything refuses an action that
   * every way needs. So a condition is left of each use; of each use with others as well, if that is not about a call that
   * they make.
   */
  needsMfa(actor: Actor, { needs, ways }: Technique, isWithOthers = false): boolean {
    if (this.#account.leftOut.has('mfa') || this.#account.index.world.stated !== undefined) return false
    if (!mayHaveMfa(actor.form) || actor.variant.outside !== undefined) return false
    const isRefused = ({ action, ownGrant }: Technique['needs'][number]): boolean => {
      if (isWithOthers && followingCalls().has(lowered(action))) return false
      const { identity, boundary, scp = [] } = callerFor(actor, action).variant.policies
      return (ownGrant === true ? [] : [identity, boundary, ...scp]).some((layer) =>
        layer?.candidates(action).deny.all.some(({ statement }) => refusesWithoutMfa(statement)),
      )
    }
    return needs.some(isRefused) || (ways.length > 0 && ways.every((way) => way.needs.some(isRefused)))
  }

  /**
   * The Allows of an actor's policies, without the actions of which its boundary or an SCP allows nothing. Roles are assumed
   * and resources used in spite of a boundary, where their own policies let one in.
   */
  within({ variant: { policies } }: Actor, said: Said): Said {
    const { boundary, scp = [] } = policies
    const limits = [...(boundary === undefined ? [] : [boundary]), ...scp]
    if (limits.length === 0 || !this.#account.index.resourcePolicies.isEmpty) return said
    const known = this.#limited.get(said) ?? []
    const like = known.find(
      ({ of }) => of.length === limits.length && of.every((layer, place) => layer === limits[place]),
    )
    if (like !== undefined) return like.found
    const found = this.#withoutBarred(said, limits)
    this.#limited.set(said, [...known, { of: limits, found }])
    return found
  }

  /** By what policies allow, and by the compiled limits, which many principals share. */
  readonly #limited = new WeakMap<Said, readonly { readonly of: readonly Limit[]; readonly found: Said }[]>()

  #withoutBarred(said: Said, limits: readonly Limit[]): Said {
    const actions = new Set(said.grants.flatMap((each) => [...each.keys()]))
    const barred = new Set(
      [...actions].filter(
        (action) =>
          !action.startsWith('sts:') &&
          limits.some((layer) => layer.candidates(action).allow.all.length === 0),
      ),
    )
    if (barred.size === 0) return said
    const name = `${said.name} without ${[...barred].sort().join()}`
    return valueIn(this.#within, name, () => {
      const grants = said.grants.map((each) => new Map([...each].filter(([action]) => !barred.has(action))))
      return { ...said, name, grants: grants.filter(({ size }) => size > 0) }
    })
  }

  readonly #within = new Map<string, Said>()

  /** The techniques of which an actor has an Allow for every need. */
  usable(actor: Actor, techniques: readonly Technique[], name: string): readonly Technique[] {
    return this.#usableBy(this.#account.said(actor), actor.variant.principal, techniques, name)
  }

  /**
   * The calls that an actor may make together with others that are held, by techniques whose first calls it is allowed.
   */
  together(
    { variant: { principal } }: Actor,
    said: Said,
    techniques: readonly Technique[],
    name: string,
  ): Together {
    const key = `${name} ${said.name} ${this.#account.index.resourcePolicies.actionsFor(principal).join()}`
    return valueIn(this.#together, key, () => {
      const allowed = this.#allowedTo(said, principal)
      const calls = callsSaid(said.grants, allowed, said.doubted)
      const begins = techniques.flatMap((technique) => {
        const missing = missingCalls(technique, calls)
        return missing.length === 0 ? [] : { technique, missing }
      })
      return { begins, follows: [...allowed].filter((action) => followingCalls().has(action)) }
    })
  }

  readonly #together = new Map<string, Together>()

  #allowedTo(said: Said, principal: Principal): ReadonlySet<string> {
    const allowed = new Set(said.grants.flatMap((each) => [...each.keys()]))
    const granted = this.#account.index.resourcePolicies.actionsFor(principal)
    if (granted.length > 0)
      for (const action of Object.keys(this.#account.table.actions))
        if (coversAction(granted, lowered(action))) allowed.add(lowered(action))
    return allowed
  }

  #usableBy(
    said: Said,
    principal: Principal,
    techniques: readonly Technique[],
    name: string,
  ): readonly Technique[] {
    const granted = this.#account.index.resourcePolicies.actionsFor(principal)
    const key = `${name} ${said.name} ${granted.join()}`
    return valueIn(this.#usable, key, () => {
      const allowed = this.#allowedTo(said, principal)
      return techniques.filter((technique) => isUsable(technique, allowed))
    })
  }

  /**
   * Whether a principal can do something with which an attacker gets further: it has an Allow for a technique, a trust
   * policy names it, or it is an administrator.
   */
  isUseful(principal: Principal, techniques: readonly Technique[], name: string): boolean {
    const key = `${name} ${this.#account.classes.of(principal)}`
    return valueIn(this.#useful, key, () => {
      const said = this.#account.classes.saidBy(principal)
      return (
        allows(said, 'sts:AssumeRole') ||
        this.#account.index.namingPrincipal(principal).length > 0 ||
        this.#account.neighbours.naming(principal).length > 0 ||
        this.#usableBy(said, principal, techniques, name).some((technique) => !isAssuming(technique)) ||
        allows(said, freshAction)
      )
    })
  }

  /** Whether a principal allows an action that no policy names: only such a one may be an administrator. */
  allowsAnything(principal: Principal): boolean {
    const key = this.#account.classes.of(principal)
    return valueIn(this.#anything, key, () => allows(this.#account.classes.saidBy(principal), freshAction))
  }
}

const passing: Technique['needs'] = [{ action: 'iam:PassRole', on: { is: 'target' } }]

/** Whether a Deny refuses everything, unless the caller has MFA. [POL-072] */
function refusesWithoutMfa({ principal, resource, condition: [condition, ...more] }: Statement): boolean {
  if (condition === undefined || more.length > 0 || principal !== undefined) return false
  const isEverything =
    resource === undefined || (!resource.negated && resource.values.some(({ value }) => value === '*'))
  const { operator, key, values } = condition
  return (
    isEverything &&
    operator.toLowerCase() === 'boolifexists' &&
    key.toLowerCase() === 'aws:multifactorauthpresent' &&
    values.some(({ value }) => value.toLowerCase() === 'false')
  )
}

function allows({ grants }: Said, action: string): boolean {
  return grants.some((each) => each.has(lowered(action)))
}
