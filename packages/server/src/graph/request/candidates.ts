import { type CompiledSet, Context, type Statement } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import { valueIn } from '../world/lists.ts'
import type { World } from '../world/world.ts'
import { callerKeys } from './caller.ts'
import type { Variant } from './variant.ts'

/** The starts of what the Allows of an actor for an action name; one empty text if that can be anything. */
export function headsOf(world: World, variant: Variant, action: string): readonly string[] {
  return valueIn(heads(variant), action, () => findHeads(world, variant, action))
}

const heads = perObject((_: Variant) => new Map<string, readonly string[]>())

function findHeads(world: World, variant: Variant, action: string): readonly string[] {
  const heads: string[] = []
  for (const bound of variant.policies.identity?.candidates(action).allow.all ?? []) {
    const { resource } = bound.statement
    if (resource === undefined || resource.negated) heads.push(...bound.heads)
    else for (const { value } of resource.values) heads.push(headOf(world, variant, value))
  }
  return heads
}

/** The text of a resource before the first wildcard or variable of which nothing is known. */
function headOf(world: World, variant: Variant, value: string): string {
  let head = value
  if (value.includes('${')) {
    const { known } = contextOf(world, variant)
    head = value.replace(variable, (text, name: string) => known.get(name.toLowerCase()) ?? text)
  }
  const end = head.search(/[*?]|\$\{/)
  return end === -1 ? head : head.slice(0, end)
}

const variable = /\$\{([^{}]*)\}/g

/** Whether a value has a variable of which nothing is known. */
function isOpen(value: string, { known }: CallerContext): boolean {
  if (!value.includes('${')) return false
  return [...value.matchAll(variable)].some(([, name = '']) => !known.has(name.toLowerCase()))
}

type Layer = NonNullable<CompiledSet['identity']>

/** The facts that every request of an actor has. */
interface CallerContext {
  readonly context: Context
  /** By the key in lower case: for variables. */
  readonly known: ReadonlyMap<string, string>
}

const contexts = new WeakMap<Variant, CallerContext>()

function contextOf(world: World, variant: Variant): CallerContext {
  return valueIn(contexts, variant, () => {
    const { context } = callerKeys(world, { variant, form: 'key' })
    const known = Object.entries(context).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key.toLowerCase(), value] as const] : [],
    )
    return { context: new Context(context), known: new Map(known) }
  })
}

/** The parts of a statement that count for a match. */
export interface Marked {
  /** Equal for statements that say the same. */
  readonly number: number
  /** Whether its Resource has a policy variable. */
  readonly hasVariables: boolean
}

/** Whether an Allow of an actor's identity policies for an action names a resource, or may. */
export function isAllowedOn(
  world: World,
  variant: Variant,
  action: string,
  arn: string,
  mark: (statement: Statement) => Marked,
): boolean {
  const caller = contextOf(world, variant)
  const allows = variant.policies.identity?.candidates(action).allow.all ?? []
  return allows.some(({ resources, statement, notResource }) => {
    if (resources === undefined || resources.some((matches) => matches(arn, caller.context)) !== notResource)
      return true
    // The value of a variable may not be known.
    return (
      mark(statement).hasVariables && statement.resource?.values.some(({ value }) => isOpen(value, caller))
    )
  })
}

/**
 * Which statements about an action name a resource, as a text: resources with equal ones are treated alike. Those of the actor, its boundary, the SCPs, and the RCPs. The order of the
 * policies, and how often one of them is attached, do not count.
 */
export function maskOf(
  world: World,
  variant: Variant,
  rcp: CompiledSet | undefined,
  action: string,
  arn: string,
  mark: (statement: Statement) => Marked,
): string {
  const caller = contextOf(world, variant)
  const { identity, boundary, scp = [] } = variant.policies
  let mask = ''
  let open = ''
  for (const layer of [identity, boundary, ...scp, ...(rcp?.rcp ?? [])]) {
    const naming: number[] = []
    for (const { number, fits, isUnknown } of statementsOn(layer, caller, action, arn, mark)) {
      if (isUnknown) open = arn
      if (fits) naming.push(number)
    }
    mask += `.${naming.length < 2 ? (naming[0] ?? '') : distinct(naming)}`
  }
  return mask + open
}

/** Whether the statements of a layer about an action name a resource. */
function* statementsOn(
  layer: Layer | undefined,
  caller: CallerContext,
  action: string,
  arn: string,
  mark: (statement: Statement) => Marked,
): Generator<{ readonly number: number; readonly fits: boolean; readonly isUnknown: boolean }> {
  for (const { resources, statement, notResource } of layer?.candidates(action).all ?? []) {
    const { number, hasVariables } = mark(statement)
    const fits =
      resources === undefined || resources.some((matches) => matches(arn, caller.context)) !== notResource
    // The value of a variable may not be known.
    const isUnknown =
      hasVariables && statement.resource?.values.some(({ value }) => isOpen(value, caller)) === true
    yield { number, fits, isUnknown }
  }
}

function distinct(numbers: number[]): string {
  numbers.sort((one, other) => one - other)
  return numbers.filter((each, place) => each !== numbers[place - 1]).join()
}
