import { validationError } from './faults.ts'

/** The part of an input that says which stretch of a list is wanted. */
export interface Paging {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** One stretch of a list, and the members that every list's answer ends with. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string }
}

const defaultItems = 100

/**
 * The stretch of a sorted list that a caller asks for. A marker holds the key of the last item handed
 * out, so it stays good whatever is added or deleted in between (behaviours IAM-40 to IAM-42).
 * @param items sorted by `keyOf`, ascending; keys are unique
 * @param keep leaves items out without counting them
 */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  paging: Paging,
  keep: (item: T) => boolean = () => true,
): Page<T> {
  const most = paging.MaxItems ?? defaultItems
  const found: T[] = []
  let last: string | undefined
  for (let at = start(items, keyOf, paging.Marker); at < items.length; at++) {
    const item = items[at]! // below the length
    if (!keep(item)) continue
    if (found.length === most) return { items: found, rest: { IsTruncated: true, Marker: markerOf(last!) } } // at least one item came before
    found.push(item)
    last = keyOf(item)
  }
  return { items: found, rest: { IsTruncated: false } }
}

/** Sorts by key; each key is made once. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): readonly T[] {
  const keyed: { readonly key: string; readonly item: T }[] = []
  for (const item of items) keyed.push({ key: keyOf(item), item })
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ item }) => item)
}

/** The index of the first item behind the marker. */
function start<T>(items: readonly T[], keyOf: (item: T) => string, marker: string | undefined): number {
  if (marker === undefined) return 0
  const after = keyIn(marker)
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keyOf(items[middle]!) > after) high = middle
    else low = middle + 1
  }
  return low
}

const head = 'after:'

function markerOf(key: string): string {
  return Buffer.from(head + key, 'utf8').toString('base64')
}

/** @throws Fault ValidationError where the marker is none that a list handed out */
function keyIn(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString('utf8')
  if (!text.startsWith(head) || markerOf(text.slice(head.length)) !== marker) {
    throw validationError('Invalid Marker.')
  }
  return text.slice(head.length)
}
