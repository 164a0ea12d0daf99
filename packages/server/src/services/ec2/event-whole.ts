import type { ServiceModel } from '../../model/index.ts'

/** The text that replaces a secret in an event (behaviour EC2-83). */
export const removed = '<sensitiveDataRemoved>'

/**
 * Returns a request as its query names it: a list has the name of its items, which have their index as `tag`; a list
 * of one is that item (behaviour EC2-84).
 */
export function queryForm(model: ServiceModel, shapeName: string | undefined, value: unknown): unknown {
  const described = shapeName === undefined ? undefined : model.shapes[shapeName]
  if (described === undefined || value === undefined || value === null) return undefined
  if (described.sensitive === true) return removed
  if (described.type === 'list') {
    const items = (Array.isArray(value) ? value : []).map((each, i) => {
      const content = queryForm(model, described.member.shape, each)
      return typeof content === 'object' ? { ...content, tag: i + 1 } : { tag: i + 1, content }
    })
    return items.length === 1 ? items[0] : items
  }
  if (described.type !== 'structure') return value
  const members = value as Readonly<Record<string, unknown>> // the input's structure is the model's
  const written: Record<string, unknown> = {}
  for (const [member, { shape, queryName, locationName }] of Object.entries(described.members)) {
    const each = member === 'DryRun' ? undefined : queryForm(model, shape, members[member])
    const name = queryName ?? (locationName && upperFirst(locationName)) ?? member
    if (each !== undefined) written[name] = member === 'UserData' ? removed : each
  }
  return written
}

/** Returns a result as its XML reads: lists have an `item`, or several, and instants are text. */
export function xmlForm(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const described = model.shapes[shapeName]
  if (described === undefined || value === undefined || value === null) return undefined
  if (described.sensitive === true) return removed
  if (described.type === 'list') {
    const items = (Array.isArray(value) ? value : []).map((each) =>
      xmlForm(model, described.member.shape, each),
    )
    return items.length === 0 ? '' : { item: items.length === 1 ? items[0] : items }
  }
  if (described.type === 'timestamp') return `${new Date(Number(value)).toISOString().slice(0, 19)}.000Z`
  if (described.type !== 'structure') return value
  const members = value as Readonly<Record<string, unknown>> // the output's structure is the model's
  const written: Record<string, unknown> = {}
  for (const [member, { shape, locationName }] of Object.entries(described.members)) {
    const each = xmlForm(model, shape, members[member])
    const name = locationName ?? member
    if (each !== undefined) written[name] = member === 'UserData' ? removed : each
  }
  return written
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
