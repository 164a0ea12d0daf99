import type { Context } from '@omen-iam/policy'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'

/** The most keys of a simulation, and the most values of a key. */
const entriesMost = 1_000
const valuesMost = 1_000

type Single = Extract<Iam.ContextKeyTypeEnum, 'string' | 'numeric' | 'boolean' | 'ip' | 'binary' | 'date'>

/** What a value of each type looks like (behaviour SIM-12). */
const forms: Readonly<Record<Single, RegExp>> = {
  string: /^/,
  numeric: /^[+-]?\d+(\.\d+)?$/,
  boolean: /^(true|false)$/i,
  ip: /^([\d.]{7,15}(\/\d{1,2})?|(?=[\da-f.]*:)[\da-f:.]+(\/\d{1,3})?)$/i,
  binary: /^[A-Za-z\d+/]*={0,2}$/,
  date: /^(\d{4}(-\d\d(-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?)?)?|-?\d{5,})$/,
}

/**
 * After the prefix for tags, a key may contain what a tag's key may: blanks, and colons (`aws:RequestTag/cost
 * center`).
 */
const keyForm = /^[^\s:]+:\S(.*\S)?$/

/**
 * Adds the given keys to the context; they replace what is known of the caller. @throws Fault InvalidInput if a key
 * has no name, is repeated, or has a value of another type
 */
export function addEntries(context: Context, entries: readonly Iam.ContextEntry[]): void {
  if (entries.length > entriesMost) throw invalidInput(`More than ${entriesMost} context entries.`)
  const seen = new Set<string>()
  for (const entry of entries) {
    const name = entry.ContextKeyName ?? ''
    if (!keyForm.test(name)) throw invalidInput(`Invalid context key name: ${name}`)
    if (seen.has(name.toLowerCase())) throw invalidInput(`Duplicate context key: ${name}`)
    seen.add(name.toLowerCase())
    const value = valueIn(name, entry)
    if (value !== undefined) context.set(name, value)
  }
}

/**
 * A type that is not a list may still have several values, or none: the key then counts as absent (behaviour SIM-12).
 */
function valueIn(name: string, entry: Iam.ContextEntry): string | readonly string[] | undefined {
  const { ContextKeyValues: values = [], ContextKeyType: type = 'string' } = entry
  if (values.length > valuesMost) throw invalidInput(`More than ${valuesMost} values of ${name}.`)
  const isList = type.endsWith('List')
  const single = (isList ? type.slice(0, -4) : type) as Single // the model's types are these six and their lists
  for (const value of values) {
    if (!forms[single].test(value)) throw invalidInput(`Invalid value of type ${type} for ${name}: ${value}`)
  }
  return isList || values.length > 1 ? values : values[0]
}
