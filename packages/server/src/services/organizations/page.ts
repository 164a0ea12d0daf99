import { invalid } from './faults.ts'

/** The input of every List* operation. */
interface Paged {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

const defaultLength = 20

/**
 * Returns a page of a list, in the order of the keys. The token is the last returned key, so that nothing is skipped
 * or repeated when the list changes between two pages.
 */
export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { NextToken: token, MaxResults: length = defaultLength }: Paged,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const after = token === undefined ? undefined : open(token)
  const keyed: [key: string, item: T][] = []
  for (const item of items) {
    const key = keyOf(item)
    if (after === undefined || key > after) keyed.push([key, item])
  }
  keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const pageItems = keyed.slice(0, length)
  const last = keyed.length > length ? pageItems.at(-1) : undefined
  return { items: pageItems.map(([, item]) => item), NextToken: last && seal(last[0]) }
}

function seal(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url')
}

function open(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8')
  if (key === '' || seal(key) !== token) {
    throw invalid(
      'INVALID_NEXT_TOKEN',
      'You specified an invalid value for nextToken. You must get the value from the response to a previous call to the API.',
    )
  }
  return key
}
