import { ownTexts, perText } from '../../base/index.ts'

/** Members of a call's input by the model's names; texts, lists, and structures or maps of them. */
export type Input = Readonly<Record<string, unknown>>

/** What a request holds cannot be read as its operation's input. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** More values at one place than any operation takes; S3 deletes 1,000 objects at once. */
const mostValues = 2_000

const stepsOf = perText((place) => place.match(steps) ?? [], ownTexts)
const steps = /\[\]|\{#?\}|[^.[\]{}]+/g

/**
 * What stands at a place of an input: member names joined by dots, `[]` for each element of a list, `{}` for
 * each value of a map, `{#}` for each key. Empty where nothing does.
 * @throws Unreadable where there are too many to look at all of them
 */
export function partsAt(input: unknown, place: string): readonly unknown[] {
  let found: readonly unknown[] = [input]
  for (const name of stepsOf(place)) {
    const next: unknown[] = []
    for (const value of found)
      for (const part of partsOf(value, name)) if (part !== undefined) next.push(part)
    if (next.length > mostValues) throw new Unreadable(`${place} holds more than ${mostValues} values`)
    found = next
  }
  return found
}

/** The texts at a place; of a list or map that a place leaves closed, none. */
export function textsAt(input: unknown, place: string): readonly string[] {
  return partsAt(input, place).filter((part) => typeof part === 'string')
}

/** A value as the structure or map that it is; undefined where it is none. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // just looked at
    : undefined
}

function partsOf(value: unknown, name: string): readonly unknown[] {
  if (name === '[]') return Array.isArray(value) ? value : []
  const record = asRecord(value)
  if (record === undefined) return []
  if (name === '{}') return Object.values(record)
  if (name === '{#}') return Object.keys(record)
  return Object.hasOwn(record, name) ? [record[name]] : []
}
