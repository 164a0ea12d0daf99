import type { Questions } from '../request/question.ts'
import { isListed } from '../world/world.ts'
import { type FactOption, type FactQuestion, holds, never, unknown } from './fact-option.ts'

/** Why it is not known whether a resource exists. */
export function notListed(type: string): string {
  return `the inventory has no list of ${type}`
}

/** Decides one fact: the ways in which it holds. */
export type Check = (question: FactQuestion, fact: string) => readonly FactOption[]

/** `exists TYPE`: some resource of a type exists. */
export function exists({ world, index }: Questions, type: string): readonly FactOption[] {
  const fact = `exists ${type}`
  const [thing] = index.thingsOf(type).all
  if (thing !== undefined) return holds(fact, thing.arn, 'inventory')
  return isListed(world.inventory, type) ? never : unknown(fact, notListed(type))
}

/** The resource that wears the target is of one of the types that the row names. */
export function isOfType({ binding: { wearer } }: FactQuestion, fact: string) {
  if (wearer === undefined) return unknown(fact, notListed(fact.slice(3)))
  return wearer.type === fact.slice(3) ? holds(fact, wearer.arn, 'inventory') : never
}

/** A member of the resource that wears the target, or of the first thing that is bound. */
export function member({ binding }: FactQuestion, name: string): unknown {
  const thing = binding.wearer ?? [...(binding.things?.values() ?? [])][0]
  return thing?.facts[name]
}

/** A fact that a member of the resource decides. */
export function decided(
  name: string,
  test: (value: unknown) => boolean,
  ...others: readonly string[]
): Check {
  return (question, fact) => {
    const value = [name, ...others].map((each) => member(question, each)).find((each) => each !== undefined)
    if (value === undefined) return unknown(fact, `the inventory does not say ${name}`)
    return test(value) ? holds(fact, `${name} is ${text(value)}`, 'inventory') : never
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a member says that there is something. */
export function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** Something launches from a template by `$Default` or `$Latest`. */
export function launchedBy(version: string): Check {
  return (question, fact) => {
    const value = member(question, 'launchedBy')
    if (value === undefined) return unknown(fact, 'the inventory does not say launchedBy')
    if (!Array.isArray(value)) return never
    let open = false
    for (const each of value) {
      const launcher = typeof each === 'object' && each !== null ? each : {}
      const used = Reflect.get(launcher, 'version')
      const scales = Reflect.get(launcher, 'scalesOut')
      if (used === undefined) open = true
      if (used !== version) continue
      if (scales === true)
        return holds(fact, `${text(Reflect.get(launcher, 'type'))} launches ${version}`, 'inventory')
      if (scales === undefined) open = true
    }
    return open ? unknown(fact, 'the inventory does not say whether something launches') : never
  }
}
