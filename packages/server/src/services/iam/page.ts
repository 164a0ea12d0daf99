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

/** A sorted list of which a page reads no more than it needs. An array is one. */
export interface Listing<T> {
  readonly length: number
  at(index: number): T | undefined
}

const defaultItems = 100

/**
 * The stretch of a sorted list that a caller asks for. A marker holds the key of the last item handed
 * out, so it stays good whatever is added or deleted in between (behaviours IAM-40 to IAM-42).
 * @param items sorted by `keyOf`, ascending; keys are unique
 * @param keep leaves items out without counting them
 */
export function page<T>(
  items: Listing<T>,
  keyOf: (item: T) => string,
  paging: Paging,
  keep: (item: T) => boolean = () => true,
): Page<T> {
  const most = paging.MaxItems ?? defaultItems
  const found: T[] = []
  for (let at = start(items, keyOf, paging.Marker); at < items.length; at++) {
    const item = items.at(at)! // below the length
    if (!keep(item)) continue
    if (found.length === most) {
      const last = found.at(-1)! // MaxItems is at least 1
      return { items: found, rest: { IsTruncated: true, Marker: markerOf(keyOf(last)) } }
    }
    found.push(item)
  }
  return { items: found, rest: { IsTruncated: false } }
}

/** The items as entries of a longer list; they are made when they are read. */
export function seenAs<T, Entry>(items: readonly T[], entryOf: (item: T) => Entry): Listing<Entry> {
  return {
    length: items.length,
    at: (index) => entryOf(items[index]!), // a page reads below the length
  }
}

/** Lists one behind the other. */
export function chained<T>(lists: readonly Listing<T>[]): Listing<T> {
  return {
    length: lists.reduce((length, list) => length + list.length, 0),
    at(index) {
      let first = 0
      for (const list of lists) {
        if (index < first + list.length) return list.at(index - first)
        first += list.length
      }
      return undefined
    },
  }
}

/** Sorts by key; each key is made once. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): readonly T[] {
  const keyed: { readonly key: string; readonly item: T }[] = []
  for (const item of items) keyed.push({ key: keyOf(item), item })
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ item }) => item)
}

/** The index of the first item behind the marker. */
function start<T>(items: Listing<T>, keyOf: (item: T) => string, marker: string | undefined): number {
  if (marker === undefined) return 0
  const after = keyIn(marker)
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keyOf(items.at(middle)!) > after) high = middle
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
