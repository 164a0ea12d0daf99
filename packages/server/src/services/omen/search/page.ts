import { invalid } from '../index.ts'

/** A part of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextToken: string | undefined
}

/** A page of a list. A token is of one revision. @throws Fault if it is of another, or none of these */
export function pageOf<Item>(
  all: readonly Item[],
  most: number,
  token: string | undefined,
  revision: string,
): Page<Item> {
  const from = token === undefined ? 0 : offsetOf(token, revision)
  const next = from + most
  return {
    items: all.slice(from, next),
    nextToken: next < all.length ? Buffer.from(`${next} ${revision}`).toString('base64url') : undefined,
  }
}

function offsetOf(token: string, revision: string): number {
  const [offset = '', of] = Buffer.from(token, 'base64url').toString('utf8').split(' ')
  if (!/^\d{1,9}$/.test(offset)) throw invalid('The nextToken is not valid.')
  if (of !== revision) throw invalid('The account has changed since the nextToken was returned.')
  return Number(offset)
}
