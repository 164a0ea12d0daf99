import { type ServiceModel, type Shape, type StructureShape, shapeNamed } from '../../model/index.ts'
import { limits } from '../limits.ts'
import { patternTest } from './pattern.ts'

/** A constraint that a value violates. */
export interface Failure {
  /** `tags.1.member.key`, each name with its first letter lowered. */
  readonly path: string
  readonly value: unknown
  /** `Member must …`. */
  readonly constraint: string
  /** The constraint itself, for services with messages of their own. */
  readonly rule: Rule
  readonly sensitive: boolean
}

export type Rule =
  | { readonly kind: 'required' }
  | { readonly kind: 'enum' }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'max' | 'min'; readonly bound: number; readonly numeric: boolean }
  | { readonly kind: 'items' }

/** Adds a value's violations to `failures`, up to limits.failures. */
export type Check = (value: unknown, path: string, failures: Failure[]) => void

/** Compiles the constraints of one service's shapes; each shape once. */
export class Checks {
  readonly #service: ServiceModel
  readonly #checks = new Map<string, Check | undefined>()
  readonly #open = new Set<string>()

  constructor(service: ServiceModel) {
    this.#service = service
  }

  /** Returns the check of a shape, or undefined if the shape has no constraint. */
  of(name: string): Check | undefined {
    if (this.#checks.has(name)) return this.#checks.get(name)
    // A shape that contains itself is looked up when a value is checked; by then it is compiled.
    if (this.#open.has(name))
      return (value, path, failures) => this.#checks.get(name)?.(value, path, failures)
    this.#open.add(name)
    const check = this.#compile(shapeNamed(this.#service, name))
    this.#open.delete(name)
    this.#checks.set(name, check)
    return check
  }

  #rulesOf(shape: Shape): readonly Constraint[] {
    return rulesOf(shape, this.#service.id === 'iam')
  }

  #compile(shape: Shape): Check | undefined {
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return all(itself(this.#rulesOf(shape), shape.sensitive), this.#items(shape))
      case 'map':
        return all(itself(this.#rulesOf(shape), shape.sensitive), this.#entries(shape))
      default:
        return itself(this.#rulesOf(shape), shape.sensitive)
    }
  }

  #structure(shape: StructureShape, fromLast = false): Check | undefined {
    const required = new Set(shape.required)
    const members = Object.entries(shape.members).flatMap(([name, member]) => {
      const check = this.of(member.shape)
      return check || required.has(name)
        ? [{ name, label: lowerFirst(name), required: required.has(name), check }]
        : []
    })
    if (members.length === 0) return undefined
    if (fromLast) members.reverse()
    return (value, path, failures) => {
      const structure = value as Readonly<Record<string, unknown>> // read by the same shape
      for (const { name, label, required: needed, check } of members) {
        if (failures.length >= limits.failures) return
        const content = structure[name]
        if (content !== undefined) check?.(content, path === '' ? label : `${path}.${label}`, failures)
        else if (needed) {
          failures.push({
            path: path === '' ? label : `${path}.${label}`,
            value: null,
            constraint: 'Member must not be null',
            rule: { kind: 'required' },
            sensitive: false,
          })
        }
      }
    }
  }

  /**
   * Items with constraints of their own are reported together, with the one that none is null; structures one by one
   * (behaviour WIRE-54).
   */
  #items(shape: Shape & { type: 'list' }): Check | undefined {
    const item = shapeNamed(this.#service, shape.member.shape)
    if (isScalar(item)) {
      const rules = this.#rulesOf(item)
      if (rules.length === 0) return noNulls
      const notNull =
        this.#service.protocol === 'awsQuery' && shape.itemsRequired !== true
          ? ''
          : ', Member must not be null'
      const constraint = `Member must satisfy constraint: [${textsOf(rules)}${notNull}]`
      const sensitive = (shape.sensitive ?? false) || (item.sensitive ?? false)
      return (value, path, failures) => {
        const items = value as readonly unknown[] // read by the same shape
        if (items.every((each) => each !== null && passes(rules, each))) return
        failures.push({ path, value, constraint, rule: { kind: 'items' }, sensitive })
      }
    }
    // query APIs report the members of such a structure from the last one (behaviour WIRE-91)
    const fromLast = item.type === 'structure' && this.#service.protocol === 'awsQuery'
    const check = fromLast ? this.#structure(item, true) : this.of(shape.member.shape)
    return (
      check &&
      ((value, path, failures) => {
        const items = value as readonly unknown[] // read by the same shape
        for (let i = 0; i < items.length && failures.length < limits.failures; i++) {
          check(items[i], `${path}.${i + 1}.member`, failures)
        }
      })
    )
  }

  #entries(shape: Shape & { type: 'map' }): Check | undefined {
    const [key, value] = [
      shapeNamed(this.#service, shape.key.shape),
      shapeNamed(this.#service, shape.value.shape),
    ]
    const keyRules = this.#rulesOf(key)
    const valueRules = isScalar(value) ? this.#rulesOf(value) : []
    const check = isScalar(value) ? undefined : this.of(shape.value.shape)
    if (keyRules.length === 0 && valueRules.length === 0 && !check) return undefined
    const sensitive = (shape.sensitive ?? false) || (value.sensitive ?? false)
    return (map, path, failures) => {
      const entries = Object.entries(map as Readonly<Record<string, unknown>>) // read by the same shape
      const fail = (constraint: string): void => {
        failures.push({ path, value: map, constraint, rule: { kind: 'items' }, sensitive })
      }
      if (!entries.every(([name]) => passes(keyRules, name))) {
        fail(`Map keys must satisfy constraint: [${textsOf(keyRules)}]`)
      }
      if (!entries.every(([, content]) => passes(valueRules, content))) {
        fail(`Map value must satisfy constraint: [${textsOf(valueRules)}]`)
      }
      if (!check) return
      for (const [name, content] of entries) {
        if (failures.length >= limits.failures) return
        check(content, `${path}.${name}.member`, failures)
      }
    }
  }
}

/** A constraint of a value: its message, and whether a value satisfies it. */
interface Constraint {
  readonly text: string
  readonly rule: Rule
  readonly met: (value: unknown) => boolean
  /** Whether a violation ends the check of the value, so that no pattern is tried on a text that is too long. */
  readonly last: boolean
}

interface Bounded {
  readonly max?: number
  readonly min?: number
}

function rulesOf(shape: Shape, hashed: boolean): readonly Constraint[] {
  switch (shape.type) {
    case 'string': {
      const length = (value: unknown): number => (value as string).length // a string by its shape
      return [
        ...maximum(shape.max, 'length', length),
        ...minimum(shape.min, 'length', length),
        ...enumOf(shape.enum, hashed),
        ...patternOf(shape.pattern),
      ]
    }
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return bounds(shape, 'value', (value) => value as number) // a number by its shape
    case 'blob':
      return bounds(shape, 'length', (value) => (value as Uint8Array).length) // bytes by its shape
    case 'list':
      return bounds(shape, 'length', (value) => (value as readonly unknown[]).length) // a list by its shape
    case 'map':
      return bounds(shape, 'length', (value) => Object.keys(value as object).length) // a map by its shape
    default:
      return []
  }
}

type Measure = (value: unknown) => number

function bounds({ max, min }: Bounded, what: 'length' | 'value', measure: Measure): readonly Constraint[] {
  return [...maximum(max, what, measure), ...minimum(min, what, measure)]
}

function maximum(max: number | undefined, what: 'length' | 'value', measure: Measure): readonly Constraint[] {
  if (max === undefined) return []
  const text = `Member must have ${what} less than or equal to ${max}`
  const rule = { kind: 'max', bound: max, numeric: what === 'value' } as const
  return [{ text, rule, met: (value) => measure(value) <= max, last: true }]
}

function minimum(min: number | undefined, what: 'length' | 'value', measure: Measure): readonly Constraint[] {
  if (min === undefined) return []
  const text = `Member must have ${what} greater than or equal to ${min}`
  const rule = { kind: 'min', bound: min, numeric: what === 'value' } as const
  return [{ text, rule, met: (value) => measure(value) >= min, last: false }]
}

/** @param hashed whether the text lists the values as a hash table does */
function enumOf(values: readonly string[] | undefined, hashed: boolean): readonly Constraint[] {
  if (!values) return []
  const allowed = new Set(values)
  const listed = hashed ? values.toSorted((a, b) => bucketOf(a) - bucketOf(b)) : values
  const text = `Member must satisfy enum value set: [${listed.join(', ')}]`
  return [{ text, rule: { kind: 'enum' }, met: (value) => allowed.has(value as string), last: false }] // a string by its shape
}

/** The place of a text in IAM's table: Java's `String.hashCode()`, of which five bits count (behaviour WIRE-51). */
function bucketOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash & 31
}

function patternOf(pattern: string | undefined): readonly Constraint[] {
  if (pattern === undefined) return []
  const test = patternTest(pattern)
  const text = `Member must satisfy regular expression pattern: ${pattern}`
  return [{ text, rule: { kind: 'pattern', pattern }, met: (value) => test(value as string), last: false }] // a string by its shape
}

function itself(rules: readonly Constraint[], sensitive: boolean | undefined): Check | undefined {
  if (rules.length === 0) return undefined
  return (value, path, failures) => {
    for (const { text, rule, met, last } of rules) {
      if (met(value)) continue
      failures.push({ path, value, constraint: text, rule, sensitive: sensitive ?? false })
      if (last) return
    }
  }
}

function all(first: Check | undefined, second: Check | undefined): Check | undefined {
  if (!first || !second) return first ?? second
  return (value, path, failures) => {
    first(value, path, failures)
    second(value, path, failures)
  }
}

function passes(rules: readonly Constraint[], value: unknown): boolean {
  return rules.every(({ met }) => met(value))
}

/** Returns all constraints of an item (behaviour WIRE-54). */
function textsOf(rules: readonly Constraint[]): string {
  return rules.map(({ text }) => text).join(', ')
}

/** Items without constraints: only a number that was skipped is refused. */
const noNulls: Check = (value, path, failures) => {
  const items = value as readonly unknown[] // read by the same shape
  if (!items.includes(null)) return
  const constraint = 'Member must satisfy constraint: [Member must not be null]'
  failures.push({ path, value, constraint, rule: { kind: 'items' }, sensitive: false })
}

function isScalar(shape: Shape): boolean {
  return shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map'
}

function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}
