import { createHash } from 'node:crypto'
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
  const { key, digest } = read(marker)
  const at = firstAt(items, (item) => (digest === undefined ? keyOf(item) > key : keyOf(item) >= key))
  if (digest === undefined) return at
  for (let next = at; next < items.length; next++) {
    const found = keyOf(items.at(next)!)
    if (!found.startsWith(key)) break
    if (digestOf(found) === digest) return next + 1
  }
  return at // what the marker stood for is gone: some of its neighbours are told twice, none is left out
}

/** The index of the first item, in a sorted list, of which something is true as it is of all behind it. */
function firstAt<T>(items: Listing<T>, holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(items.at(middle)!)) high = middle
    else low = middle + 1
  }
  return low
}

const head = 'after:'
/** Before the digest of a key that is too long for a marker, and its beginning. */
const longHead = 'behind:'
/** The model lets no marker be longer. */
const longestMarker = 320
const beginningLength = 64
const digestLength = 16

function markerOf(key: string): string {
  const marker = encoded(head + key)
  if (marker.length <= longestMarker) return marker
  // half a surrogate pair would not come back
  const beginning = key.slice(0, beginningLength).replace(/[\ud800-\udbff]$/, '')
  return encoded(longHead + digestOf(key) + beginning)
}

/** @throws Fault ValidationError where the marker is none that a list handed out */
function read(marker: string): { readonly key: string; readonly digest?: string } {
  const text = Buffer.from(marker, 'base64').toString('utf8')
  if (encoded(text) === marker) {
    if (text.startsWith(head)) return { key: text.slice(head.length) }
    const rest = text.slice(longHead.length)
    if (text.startsWith(longHead) && rest.length >= digestLength) {
      return { digest: rest.slice(0, digestLength), key: rest.slice(digestLength) }
    }
  }
  throw validationError('Invalid Marker.')
}

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, digestLength)
}
