import { fault } from '../base/index.ts'

interface Paged {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** Returns a page of a list in the order of its keys; the token is the last key. @throws Fault ValidationException */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { MaxResults: length = 100, NextToken: token }: Paged,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString('utf8')
  if (after !== undefined && Buffer.from(after, 'utf8').toString('base64url') !== token)
    throw fault('ValidationException', 'The NextToken is not valid.', 400)
  const keyed = [...items].map((item) => [keyOf(item), item] as const)
  const rest = after === undefined ? keyed : keyed.filter(([key]) => key > after)
  rest.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const taken = rest.slice(0, length)
  const last = rest.length > length ? taken.at(-1)?.[0] : undefined
  return {
    items: taken.map(([, item]) => item),
    NextToken: last === undefined ? undefined : Buffer.from(last, 'utf8').toString('base64url'),
  }
}
