import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import type { ManagedPolicy, Principal, World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import { type Carried, carriedName, nothingCarried } from './carried.ts'
import { type Change, changeName } from './change.ts'
import type { Form } from './form.ts'
import type { Binding } from './request-keys.ts'

export { carriedName }

/** The outcome of a technique on the things that it is bound to. */
export type Outcome =
  | { readonly is: 'change'; readonly change: Change }
  | {
      readonly is: 'held'
      readonly principal: Principal
      readonly form: Form
      readonly carried: Carried
    }

/** One use of a technique. */
export interface Use {
  readonly binding: Binding
  readonly outcome: Outcome
  /** The subject of the outcome, for people. */
  readonly to: string
  /** Facts that must hold besides: that another principal is held. */
  readonly before?: readonly string[]
  /** Whether it gives as much as every use of the technique after it; if it has a family, as every one of that. */
  readonly isBest?: boolean
  /**
   * The family of things that are made within one boundary, with one name and the same tags, and differ in what they
   * are given.
   */
  readonly family?: string
}

/** The policy that gives everything, and exists in every account. */
export function administratorAccess({ partition }: World): string {
  return `arn:${partition}:iam::aws:policy/AdministratorAccess`
}

/** Whether a policy is for service-linked roles: it cannot be attached to anything else. */
export function isOfServiceRoles({ arn }: ManagedPolicy): boolean {
  return arn.includes(':policy/aws-service-role/')
}

/** That a principal is held in a form; a role perhaps in a session that passes something on. */
export function held(principal: Principal, form: Form, carried: Carried = nothingCarried): Outcome {
  return { is: 'held', principal, form, carried }
}

/** Every need of a technique. */
export function requirementsOf({ needs, ways }: Technique): readonly TechniqueNeed[] {
  return [...needs, ...ways.flatMap((way) => way.needs)]
}

/** Whether an action gives something new a policy or a group. */
export function givesPolicy({ action }: Pick<TechniqueNeed, 'action'>): boolean {
  return /^iam:(?:(?:Put|Attach)(?:User|Role)Policy|AddUserToGroup)$/.test(action)
}

/** The name of what comes of a use. */
export function outcomeName(outcome: Outcome): string {
  if (outcome.is === 'change') return changeName(outcome.change)
  return heldName(outcome.principal, outcome.form, outcome.carried)
}

/** The fact that the attacker holds a principal in a form. What the session passes on is part of the fact. */
export function heldName(
  { arn, made = '' }: Principal,
  form: Form,
  carried: Carried = nothingCarried,
): string {
  return `holds ${arn} ${form}${carriedName(carried)}${made}`
}

/** The fact that the attacker holds what acts. */
export function heldAs({ variant, form }: Actor): string {
  return heldName(variant.principal, form, variant.carried)
}
