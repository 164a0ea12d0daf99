import type { IdentityStore } from '../../model/index.ts'
import { invalid } from './operation.ts'

type Attributes = Readonly<Record<string, unknown>>

/** Attributes that no operation changes. */
const fixed = new Set([
  'UserId',
  'GroupId',
  'IdentityStoreId',
  'UserStatus',
  'ExternalIds',
  '__proto__',
  'Constructor',
  'Prototype',
])

/** Returns attributes as a list of operations leaves them. @throws Fault for a path that names nothing that can change */
export function changedBy(
  attributes: Attributes,
  operations: readonly IdentityStore.AttributeOperation[],
): Attributes {
  return operations.reduce(
    (before, { AttributePath: path, AttributeValue: value }) =>
      put(before, path.split('.').map(upperFirst), value),
    attributes,
  )
}

function put(attributes: Attributes, [first = '', ...rest]: readonly string[], value: unknown): Attributes {
  if (fixed.has(first)) throw invalid(`The attribute ${first} cannot be changed.`)
  const { [first]: before, ...others } = attributes
  if (rest.length === 0)
    return value === undefined || value === null ? others : { ...others, [first]: named(value) }
  if (before !== undefined && (typeof before !== 'object' || before === null || Array.isArray(before)))
    throw invalid(`The attribute ${first} has no parts.`)
  return { ...others, [first]: put((before ?? {}) as Attributes, rest, value) } // an object, by the check above
}

/** A document has the names of SCIM; the model's begin with a capital. */
function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [upperFirst(key), named(each)]))
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
