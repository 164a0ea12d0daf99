import type { Technique, TechniqueNeed } from '../authorization/catalogue/index.ts'
import { type Change, changeName } from './change.ts'
import type { Form } from './form.ts'
import type { Binding } from './request-keys.ts'
import type { Person, World } from './world.ts'

/** What comes of a technique on what is bound. */
export type Outcome =
  | { readonly is: 'change'; readonly change: Change }
  | { readonly is: 'held'; readonly person: Person; readonly form: Form }

/** One use of a technique. */
export interface Use {
  readonly binding: Binding
  readonly outcome: Outcome
  /** What it is about, for people. */
  readonly to: string
  /** Whether it gives as much as every use of the technique after it. */
  readonly isBest?: boolean
}

/** The policy that gives everything, and exists in every account. */
export function administratorAccess({ partition }: World): string {
  return `arn:${partition}:iam::aws:policy/AdministratorAccess`
}

/** That a principal is held in a form. */
export function held(person: Person, form: Form): Outcome {
  return { is: 'held', person, form }
}

/** Every need of a technique. */
export function needsOf({ needs, ways }: Technique): readonly TechniqueNeed[] {
  return [...needs, ...ways.flatMap((way) => way.needs)]
}

/** The name of what comes of a use. */
export function outcomeName(outcome: Outcome): string {
  return outcome.is === 'held' ? heldName(outcome.person, outcome.form) : changeName(outcome.change)
}

/** The fact that the attacker holds a principal in a form. */
export function heldName({ arn }: Person, form: Form): string {
  return `holds ${arn} ${form}`
}
