import type { InventoryResource } from '../templates/inventory.ts'

/** One answer of the AWS CLI, with its request: as the script of `omen import --how` keeps them. */
export interface InventoryAnswer {
  /** Service and operation: `lambda list-functions`. */
  readonly call: string
  readonly account: string
  readonly partition: string
  readonly region: string
  /** The parameters of the request. */
  readonly input: Readonly<Record<string, unknown>>
  readonly answer: Entry
}

/** An object of JSON. */
export type Entry = Readonly<Record<string, unknown>>

/** A resource with the members that techniques ask for. Answers about the same ARN are put together. */
export type FoundResource = InventoryResource & Readonly<Record<string, unknown>>

/** The reader of an operation's answer. */
export interface InventoryReader {
  /** The types whose resources it lists, of one region. */
  readonly lists?: readonly string[]
  /** For an answer about one resource: the operation that lists all of them. */
  readonly of?: string
  /** It is asked for each entry of that list, and lists the types of all of them together. */
  readonly each?: string
  /** How many resources a list has, if it names them only and another operation says more. */
  readonly count?: (answer: Entry) => number
  read(given: InventoryAnswer): readonly FoundResource[]
}

/** Makes a resource of an entry of an answer. */
export type Maker = (entry: Entry, given: InventoryAnswer) => FoundResource | undefined

/** A list whose entries are resources. */
export function list(type: string, member: string, make: Maker): InventoryReader {
  return {
    lists: [type],
    read: (given) => entriesOf(given.answer, member).flatMap((each) => make(each, given) ?? []),
  }
}

/** A list of names or ARNs; another operation says more of each. */
export function names(type: string, member: string): InventoryReader {
  return { lists: [type], count: (answer) => itemsOf(answer, member).length, read: () => [] }
}

/** An answer about one resource of a list. */
export function one(of: string, member: string | undefined, make: Maker): InventoryReader {
  return {
    of,
    read: (given) => {
      const entry = member === undefined ? given.answer : entryOf(given.answer[member])
      const made = entry === undefined ? undefined : make(entry, given)
      return made === undefined ? [] : [made]
    },
  }
}

/** An ARN of the region and account of an answer, whose end has these parts; undefined if the answer lacks one of them. */
export function arn(
  { partition, region, account }: InventoryAnswer,
  service: string,
  ...parts: readonly unknown[]
): string | undefined {
  const isWhole = parts.every((part) => typeof part === 'string' && part !== '')
  return isWhole ? `arn:${partition}:${service}:${region}:${account}:${parts.join('')}` : undefined
}

/** A resource; undefined without an ARN. Members without a value are left out. */
export function resource(type: string, arn: unknown, members: Entry = {}): FoundResource | undefined {
  if (typeof arn !== 'string' || arn === '') return undefined
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return { type, arn, ...Object.fromEntries(given) }
}

/** The ARN of a key of AWS KMS that a service names by an ARN, an id or an alias; undefined if it names none. */
export function keyArn(value: unknown, given: InventoryAnswer): string | undefined {
  const name = text(value)
  if (name === undefined || name === '') return undefined
  if (name.startsWith('arn:')) return name
  return arn(given, 'kms', name.startsWith('alias/') ? name : `key/${name}`)
}

/** A role, which some services name without its ARN. */
export function role(value: unknown, { partition, account }: InventoryAnswer): string | undefined {
  const name = text(value)
  if (name === undefined || name === '') return undefined
  return name.startsWith('arn:') ? name : `arn:${partition}:iam::${account}:role/${name}`
}

/** A text; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** An object; undefined for anything else. */
export function entryOf(value: unknown): Entry | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : undefined // an object that is no list
}

/** A list of an answer; empty if absent. */
export function itemsOf(entry: Entry | undefined, member: string): readonly unknown[] {
  const value = entry?.[member]
  return Array.isArray(value) ? value : []
}

/** The objects of a list of an answer. */
export function entriesOf(entry: Entry | undefined, member: string): readonly Entry[] {
  return objectsOf(itemsOf(entry, member))
}

/** A member of an object within an object. */
export function within(entry: Entry | undefined, ...path: readonly string[]): unknown {
  let value: unknown = entry
  for (const name of path) value = entryOf(value)?.[name]
  return value
}

/** AWS's lists of tags, in each of their forms. */
export function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (Array.isArray(value)) {
    const pairs = value.flatMap((each) => {
      const { Key, Value, key, value: other } = entryOf(each) ?? {}
      const name = Key ?? key
      return typeof name === 'string' ? [[name, String(Value ?? other ?? '')] as const] : []
    })
    return Object.fromEntries(pairs)
  }
  const entry = entryOf(value)
  return entry && Object.fromEntries(Object.entries(entry).map(([key, each]) => [key, String(each)]))
}

/** The ARN of an instance profile, which some answers name only. */
export function profileArn(value: unknown, { partition, account }: InventoryAnswer): string | undefined {
  const named = text(value) ?? text(entryOf(value)?.Arn) ?? text(entryOf(value)?.Name)
  if (named === undefined) return undefined
  return named.startsWith('arn:') ? named : `arn:${partition}:iam::${account}:instance-profile/${named}`
}

/** The objects of a value: of a list, or of one. */
export function objectsOf(value: unknown): readonly Entry[] {
  const entries: Entry[] = []
  for (const each of Array.isArray(value) ? value : [value]) {
    const entry = entryOf(each)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}
