import { eachStep, elementStep, keys, type Path, values } from './path.ts'

/** Members of a call's input by the model's names; texts, lists, and structures or maps of them. */
export type Input = Readonly<Record<string, unknown>>

/** A request's content cannot be read as its operation's input. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** More values at one place than any operation takes; S3 deletes 1,000 objects at once. */
const mostValues = 2_000

/** A map of its entries. @throws Unreadable if one of its names comes twice: readers keep the first, or the last */
export function mapOf(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const map = Object.fromEntries(entries)
  if (Object.keys(map).length < entries.length) throw new Unreadable('A map has a name more than once')
  return map
}

/**
 * The values at a place of an input; empty if there are none. @throws Unreadable if there are too many to check all of
 * them
 */
export function partsAt(input: unknown, path: Path): readonly unknown[] {
  return partsFrom(input, path, 0)
}

/** The texts at a place; of a list or map that a place does not open, none. */
export function textsAt(input: unknown, path: Path): readonly string[] {
  return partsAt(input, path).filter((part) => typeof part === 'string')
}

/** The values at a place of the input, or of the element that a need is about. */
export function partsWithin(input: Input, element: unknown, path: Path): readonly unknown[] {
  return path[0] === elementStep ? partsFrom(element, path, 1) : partsFrom(input, path, 0)
}

/** The texts at a place of the input, or of the element that a need is about. */
export function textsWithin(input: Input, element: unknown, path: Path): readonly string[] {
  return partsWithin(input, element, path).filter((part) => typeof part === 'string')
}

function partsFrom(whole: unknown, path: Path, start: number): readonly unknown[] {
  let found: readonly unknown[] = [whole]
  for (let at = start; at < path.length; at++) {
    const next: unknown[] = []
    for (const value of found)
      for (const part of partsOf(value, path[at]!)) if (part !== undefined) next.push(part)
    if (next.length > mostValues)
      throw new Unreadable(`${placeText(path)} holds more than ${mostValues} values`)
    found = next
  }
  return found
}

/** A place as a person writes it: `Tags[].Key`. */
export function placeText(path: Path): string {
  const steps = path.map((step) => (typeof step === 'string' ? `.${step}` : ['[]', '{}', '{#}', ''][step]))
  return steps.join('').replace(/^\./, '')
}

/** A value as the structure or map that it is; undefined for any other value. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // just looked at
    : undefined
}

function partsOf(value: unknown, step: Path[number]): readonly unknown[] {
  if (step === eachStep) return Array.isArray(value) ? value : []
  const record = asRecord(value)
  if (record === undefined) return []
  if (step === values) return Object.values(record)
  if (step === keys) return Object.keys(record)
  return typeof step === 'string' && Object.hasOwn(record, step) ? [record[step]] : []
}
