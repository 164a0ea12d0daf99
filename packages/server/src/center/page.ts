import { fault } from '../base/index.ts'
import type { Table } from '../directory/index.ts'

interface Paged {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** Returns a page of a list in the order of its keys; the token is the last key. @throws Fault ValidationException */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  paged: Paged,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const sorted = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
  return pageBy(
    (after) => (after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after)),
    keyOf,
    paged,
  )
}

/** A page of some of many records, by an order of their table. */
export function pageIn<R>(
  table: Pick<Table<R>, 'range'>,
  order: { readonly name: string; readonly prefix: string; readonly textOf: (record: R) => string },
  paged: Paged,
): { readonly items: readonly R[]; readonly NextToken: string | undefined } {
  return pageBy((after, most) => table.range(order.name, order.prefix, after, most), order.textOf, paged)
}

/** @param found the items behind a key, in order; at least as many as are asked for, if there are so many */
function pageBy<T>(
  found: (after: string | undefined, most: number) => readonly T[],
  keyOf: (item: T) => string,
  { MaxResults: length = 100, NextToken: token }: Paged,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString('utf8')
  if (after !== undefined && Buffer.from(after, 'utf8').toString('base64url') !== token)
    throw fault('ValidationException', 'The NextToken is not valid.', 400)
  const some = found(after, length + 1)
  const items = some.slice(0, length)
  const last = some.length > length ? items.at(-1) : undefined
  return {
    items,
    NextToken: last === undefined ? undefined : Buffer.from(keyOf(last), 'utf8').toString('base64url'),
  }
}
