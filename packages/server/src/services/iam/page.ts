import { createHash } from 'node:crypto'
import type { Fault } from '../../base/index.ts'
import { validationError } from './faults.ts'

/** The members of an input that choose a page. */
export interface Paging {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** A page of a list, and the members at the end of every list's answer. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string }
}

/** A sorted list from which a page reads only what it needs. An array is one. */
export interface Listing<T> {
  readonly length: number
  at(index: number): T | undefined
}

const defaultItems = 100

/**
 * Returns the page of a sorted list that a caller asks for. A marker holds the key of the last returned item, so it
 * stays valid whatever is added or deleted in between (behaviours IAM-40 to IAM-42). @param items sorted by `keyOf`,
 * ascending; keys are unique @param keep leaves items out without counting them
 */
export function page<T>(
  items: Listing<T>,
  keyOf: (item: T) => string,
  paging: Paging,
  keep: (item: T) => boolean = () => true,
  invalidMarker: () => Fault = () => validationError('Invalid Marker.'),
): Page<T> {
  const most = paging.MaxItems ?? defaultItems
  const page: T[] = []
  for (let at = start(items, keyOf, paging.Marker, invalidMarker); at < items.length; at++) {
    const item = items.at(at)! // below the length
    if (!keep(item)) continue
    if (page.length === most) {
      const last = page.at(-1)! // MaxItems is at least 1
      return { items: page, rest: { IsTruncated: true, Marker: markerOf(keyOf(last)) } }
    }
    page.push(item)
  }
  return { items: page, rest: { IsTruncated: false } }
}

/** The items as entries of a longer list; they are made on access. */
export function seenAs<T, Entry>(items: readonly T[], entryOf: (item: T) => Entry): Listing<Entry> {
  return {
    length: items.length,
    at: (index) => entryOf(items[index]!), // a page reads below the length
  }
}

/** Concatenates lists. */
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

/** Sorts by key; each key is computed once. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): readonly T[] {
  const keyed: { readonly key: string; readonly item: T }[] = []
  for (const item of items) keyed.push({ key: keyOf(item), item })
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ item }) => item)
}

/** Returns the index of the first item after the marker. */
function start<T>(
  items: Listing<T>,
  keyOf: (item: T) => string,
  marker: string | undefined,
  invalid: () => Fault,
): number {
  if (marker === undefined) return 0
  const place = read(marker)
  if (place === undefined) throw invalid()
  const { key, digest } = place
  const at = firstAt(items, (item) => (digest === undefined ? keyOf(item) > key : keyOf(item) >= key))
  if (digest === undefined) return at
  for (let next = at; next < items.length; next++) {
    const itemKey = keyOf(items.at(next)!)
    if (!itemKey.startsWith(key)) break
    if (digestOf(itemKey) === digest) return next + 1
  }
  return at // the marker's item is gone: some of its neighbours are returned twice, none is skipped
}

/**
 * Returns the index of the first item of a sorted list for which a condition holds; it must hold for all later items
 * too.
 */
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
/** The prefix of a marker with the digest of a key that is too long, and the key's beginning. */
const longHead = 'behind:'
/** The longest marker that the model permits. */
const longestMarker = 320
const beginningLength = 64
const digestLength = 16

function markerOf(key: string): string {
  const marker = encoded(head + key)
  if (marker.length <= longestMarker) return marker
  // half of a surrogate pair would be lost
  const beginning = key.slice(0, beginningLength).replace(/[\ud800-\udbff]$/, '')
  return encoded(longHead + digestOf(key) + beginning)
}

/** Reads a marker; undefined if no list returned it. */
function read(marker: string): { readonly key: string; readonly digest?: string } | undefined {
  const text = Buffer.from(marker, 'base64').toString('utf8')
  if (encoded(text) === marker) {
    if (text.startsWith(head)) return { key: text.slice(head.length) }
    const rest = text.slice(longHead.length)
    if (text.startsWith(longHead) && rest.length >= digestLength) {
      return { digest: rest.slice(0, digestLength), key: rest.slice(digestLength) }
    }
  }
  return undefined
}

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, digestLength)
}
