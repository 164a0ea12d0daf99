import type { Technique } from '../authorization/catalogue/index.ts'
import { freshAction, type Said } from './relevance.ts'
import { coversAction } from './resource-policy.ts'
import { isAssuming, isUsable, lowered } from './search-options.ts'
import type { Shared } from './shared.ts'
import type { Actor } from './trust-question.ts'
import type { Person } from './world.ts'

/** What the principals of an account are able to do, as far as the Allows of their policies say. */
export class Abilities {
  readonly #shared: Shared
  #usable = new Map<string, readonly Technique[]>()
  #useful = new Map<string, boolean>()
  #anything = new Map<number, boolean>()

  /** With what was found before a change. */
  constructor(shared: Shared, before?: Abilities) {
    this.#shared = shared
    if (before === undefined) return
    this.#usable = before.#usable
    this.#useful = before.#useful
    this.#anything = before.#anything
  }

  /**
   * Whether the boundary or an SCP has no Allow at all for an action of a technique: every use of it is refused. A trust
   * policy may let in what a boundary does not allow.
   */
  isBarred({ variant: { policies } }: Actor, technique: Technique): boolean {
    if (isAssuming(technique)) return false
    const { needs } = technique
    const limits = [...(policies.boundary === undefined ? [] : [policies.boundary]), ...(policies.scp ?? [])]
    return needs.some(
      ({ action, ownGrant }) =>
        ownGrant !== true && limits.some((layer) => layer.candidates(action).allow.all.length === 0),
    )
  }

  /** The techniques of which an actor has an Allow for every need. */
  usable(actor: Actor, techniques: readonly Technique[], name: string): readonly Technique[] {
    return this.#usableBy(this.#shared.said(actor), actor.variant.person, techniques, name)
  }

  #usableBy(
    said: Said,
    person: Person,
    techniques: readonly Technique[],
    name: string,
  ): readonly Technique[] {
    const granted = this.#shared.index.resourcePolicies.actionsFor(person)
    const key = `${name} ${said.name} ${granted.join()}`
    let found = this.#usable.get(key)
    if (found === undefined) {
      const allowed = new Set(said.grants.flatMap((each) => [...each.keys()]))
      if (granted.length > 0)
        for (const action of Object.keys(this.#shared.table.actions))
          if (coversAction(granted, lowered(action))) allowed.add(lowered(action))
      found = techniques.filter((technique) => isUsable(technique, allowed))
      this.#usable.set(key, found)
    }
    return found
  }

  /**
   * Whether a principal can do something with which an attacker gets further: it has an Allow for a technique, a trust
   * policy names it, or it is an administrator.
   */
  isUseful(person: Person, techniques: readonly Technique[], name: string): boolean {
    const key = `${name} ${this.#shared.classes.of(person)}`
    let useful = this.#useful.get(key)
    if (useful === undefined) {
      const said = this.#shared.classes.saidBy(person)
      useful =
        allows(said, 'sts:AssumeRole') ||
        this.#shared.index.namingPrincipal(person).length > 0 ||
        this.#shared.neighbours.naming(person).length > 0 ||
        this.#usableBy(said, person, techniques, name).some((technique) => !isAssuming(technique)) ||
        allows(said, freshAction)
      this.#useful.set(key, useful)
    }
    return useful
  }

  /** Whether a principal allows an action that no policy names: only such a one may be an administrator. */
  allowsAnything(person: Person): boolean {
    const key = this.#shared.classes.of(person)
    let isSo = this.#anything.get(key)
    if (isSo === undefined) {
      isSo = allows(this.#shared.classes.saidBy(person), freshAction)
      this.#anything.set(key, isSo)
    }
    return isSo
  }

  /** Whether a principal has an Allow for the messages of the agent of Systems Manager. */
  allowsMessages(person: Person): boolean {
    return allows(this.#shared.classes.saidBy(person), 'ssmmessages:CreateControlChannel')
  }
}

function allows({ grants }: Said, action: string): boolean {
  return grants.some((each) => each.has(lowered(action)))
}
