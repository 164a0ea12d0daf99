import type { Form } from './form.ts'
import type { Variant } from './person.ts'

/** The caller of a request: a principal with its changes, in a form. */
export interface Actor {
  readonly variant: Variant
  readonly form: Form
  /** Other principals of the account that make calls of a technique in its place; by the action, in lower case. */
  readonly helpers?: ReadonlyMap<string, Actor>
}
