import { type Context, parseAddress, parseDate, parseNumber } from '@omen-iam/policy'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'
import { canonicalNumber } from './canonical-number.ts'

/** The most keys of a simulation, and the most values of a key. */
const entriesMost = 1_000
const valuesMost = 1_000

type Single = Extract<Iam.ContextKeyTypeEnum, 'string' | 'numeric' | 'boolean' | 'ip' | 'binary' | 'date'>

/** How the values of a type are read. */
interface Reading {
  /** The form of a value, in AWS's words. */
  readonly wants: string
  /** The text that conditions compare (behaviour SIM-44); undefined if the value is not of the type. */
  readonly read: (value: string) => string | undefined
}

/** The readings of the simulator: its own, apart from those of the engine's operators (behaviour SIM-43). */
const readings: Readonly<Record<Single, Reading>> = {
  string: { wants: '', read: (value) => value },
  numeric: {
    wants: 'numeric format',
    read: (value) => (parseNumber(value) === undefined ? undefined : canonicalNumber(value)),
  },
  boolean: { wants: '', read: (value) => String(value.toLowerCase() === 'true') },
  ip: { wants: 'IP address', read: (value) => (parseAddress(value) === undefined ? undefined : value) },
  binary: {
    wants: 'base-64 encoded binary format',
    read: (value) => (isCanonical(value) ? value : undefined),
  },
  date: { wants: 'DateTime format', read: instant },
}

/**
 * Adds the given keys to the context; they replace what is known of the caller. An entry without any member is skipped. @returns the
 * names of the keys in lower case @throws Fault InvalidInput if a key has no name or no value, is repeated, or has a value of another
 * type (behaviour SIM-43)
 */
export function addEntries(context: Context, entries: readonly Iam.ContextEntry[]): ReadonlySet<string> {
  if (entries.length > entriesMost) throw invalidInput(`More than ${entriesMost} context entries.`)
  const keysGiven = new Set<string>()
  for (const entry of entries) {
    const { ContextKeyName: name, ContextKeyValues: values = [], ContextKeyType: type } = entry
    if (name === undefined && values.length === 0 && type === undefined) continue
    if (name === undefined) throw invalidInput('ContextKeyName cannot be null or empty.')
    if (!keyForm.test(name)) throw invalidInput(`Invalid context key name: ${name}`)
    if (values.length === 0) {
      throw invalidInput(`Context values for context key ${name} cannot be null or empty.`)
    }
    if (values.length > valuesMost) throw invalidInput(`More than ${valuesMost} values of ${name}.`)
    const lowered = name.toLowerCase()
    if (keysGiven.has(lowered)) throw invalidInput(`Duplicate context key: ${name}.`)
    keysGiven.add(lowered)
    context.set(name, textsOf(name, type ?? 'string', values))
  }
  return keysGiven
}

function textsOf(
  name: string,
  type: Iam.ContextKeyTypeEnum,
  values: readonly string[],
): string | readonly string[] {
  const isList = type.endsWith('List')
  if (!isList && values.length > 1) {
    throw invalidInput(`Context key ${type} expected a single value, but received ${values.length}.`)
  }
  const single = (isList ? type.slice(0, -4) : type) as Single // the model's types are these six and their lists
  const { wants, read } = readings[single]
  const parsedValues = values.map((value) => {
    const text = read(value)
    if (text === undefined) {
      throw invalidInput(`Invalid context value for key ${name}: expected ${wants}.`)
    }
    return text
  })
  return isList ? parsedValues : parsedValues[0]! // one value, by the check above
}

/**
 * After the prefix for tags, a key may contain what a tag's key may: blanks, and colons (`aws:RequestTag/cost
 * center`).
 */
const keyForm = /^[^\s:]+:\S(.*\S)?$/

/** Whether a text is what the bytes that it means are encoded to. */
function isCanonical(value: string): boolean {
  return Buffer.from(value, 'base64').toString('base64') === value
}

/** The last instant that can be written with a year of four digits, and the first. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const earliest = -62_167_219_200_000

/** A date in ISO 8601 with milliseconds, in UTC; further digits of a second are cut. */
function instant(value: string): string | undefined {
  const date = parseDate(value)
  if (date === undefined) return undefined
  // an instant that ISO 8601 writes with a sign stays as it was given: conditions read it as a number of seconds
  return date < earliest || date > latest ? value : new Date(Math.floor(date)).toISOString()
}
