import { isListKey } from './list-keys.ts'

/**
 * The value of a condition key: one, or several. A list is multi-valued even with one value; an empty list is absent.
 */
export type ContextValue = string | readonly string[]

/** One value as input. Numbers and booleans become their text, dates their ISO 8601 form. */
export type ContextScalar = string | number | boolean | Date

/** The input for a key. */
export type ContextInput = ContextScalar | readonly ContextScalar[]

type Supplier = () => ContextInput | undefined

/**
 * The condition keys of a request. A key that holds a list in AWS's requests, such as aws:TagKeys, holds one here also if
 * its value is one text (behaviour POL-200). Key names ignore case: they are lowered once when set, and the engine asks with
 * names lowered at compile time. A value may be a function, called at most once and only when a policy asks for it.
 *
 * ```ts
 * const context = new Context({ 'aws:SourceIp': '10.0.0.1', 'aws:TagKeys': ['a', 'b'] })
 * context.set('aws:CurrentTime', () => now.toISOString())
 * ```
 */
export class Context {
  readonly #values = new Map<string, ContextValue | Supplier | undefined>()
  #isUnknown: ((lowered: string) => boolean) | undefined
  #missed: Set<string> | undefined
  #sawUnknown = false

  constructor(values?: Readonly<Record<string, ContextInput | Supplier | undefined>>) {
    if (values === undefined) return
    for (const key of Object.keys(values)) this.set(key, values[key])
  }

  /** Sets a key, or removes it when the value is undefined or an empty list. */
  set(key: string, value: ContextInput | Supplier | undefined): this {
    const { name, isList } = inLowerCase(key)
    this.#values.set(name, typeof value === 'function' ? value : settle(value, isList))
    return this
  }

  /**
   * Says of which keys without a value it is not known whether the request has one; keys come in lower case. What a
   * policy says by such a key cannot be evaluated: no Allow counts, and every Deny does (behaviour GRD-141).
   */
  leaveOpen(isUnknown: (lowered: string) => boolean): this {
    this.#isUnknown = isUnknown
    return this
  }

  /** Whether some keys may be unknown. */
  get hasUnknown(): boolean {
    return this.#isUnknown !== undefined
  }

  /** The unknown keys that policies asked for, in lower case. */
  get missed(): ReadonlySet<string> {
    return this.#missed ?? noKeys
  }

  /** Returns whether an unknown key was asked for since the last time that this was called. */
  tookUnknown(): boolean {
    const saw = this.#sawUnknown
    this.#sawUnknown = false
    return saw
  }

  /** The value of a key that is already in lower case. */
  lookup(lowered: string): ContextValue | undefined {
    const value = this.#values.get(lowered)
    if (value === undefined && this.#isUnknown?.(lowered) === true) this.#miss(lowered)
    return typeof value === 'function' ? this.#supply(lowered, value) : value
  }

  /** The value of a key in any case. */
  get(key: string): ContextValue | undefined {
    return this.lookup(inLowerCase(key).name)
  }

  /** Every key (in lower case) with its value; calls all suppliers. */
  *entries(): Generator<readonly [key: string, value: ContextValue]> {
    for (const key of [...this.#values.keys()]) {
      const value = this.lookup(key)
      if (value !== undefined) yield [key, value]
    }
  }

  #miss(lowered: string): void {
    this.#missed ??= new Set()
    this.#missed.add(lowered)
    this.#sawUnknown = true
  }

  #supply(lowered: string, supplier: Supplier): ContextValue | undefined {
    const value = settle(supplier(), isListKey(lowered))
    this.#values.set(lowered, value)
    return value
  }
}

interface KeyName {
  /** In lower case. */
  readonly name: string
  readonly isList: boolean
}

const noKeys: ReadonlySet<string> = new Set()

/** Key names repeat in every request: the lower-case forms of recent names are cached. */
const lowered = new Map<string, KeyName>()
const loweredKept = 1_000
/** Maximum characters of a cached name. Tag keys may be as long. */
const loweredLongest = 128

function inLowerCase(key: string): KeyName {
  const known = lowered.get(key)
  if (known !== undefined) return known
  const name = key.toLowerCase()
  const made = { name, isList: isListKey(name) }
  if (key.length > loweredLongest) return made
  if (lowered.size >= loweredKept) lowered.clear()
  lowered.set(key, made)
  return made
}

function settle(value: ContextInput | undefined, isListed: boolean): ContextValue | undefined {
  if (value === undefined) return undefined
  if (!isList(value)) return isListed ? [textOf(value)] : textOf(value)
  return value.length === 0 ? undefined : value.map(textOf)
}

function isList(value: ContextInput): value is readonly ContextScalar[] {
  return Array.isArray(value)
}

/** An invalid date stays a text that is not a date, so conditions on it cannot be evaluated. */
function textOf(value: ContextScalar): string {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value)
}

/** A context with no keys, for patterns that take no variables. */
export const emptyContext = new Context()
