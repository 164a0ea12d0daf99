import { fault } from '../../base/index.ts'
import { invalidCombination } from './faults.ts'
import { limits } from './limits.ts'

export interface Paged {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface Placed {
  readonly id: string
  readonly createdAt: number
}

/** Returns a page of records, oldest first, and the token of the next: it names the last record shown. */
export function pageOf<R extends Placed>(
  records: readonly R[],
  { MaxResults: asked, NextToken: token }: Paged,
  smallest = 5,
): { readonly page: readonly R[]; readonly next: string | undefined } {
  const sorted = [...records].sort((a, b) => compare(placeOf(a), placeOf(b)))
  const after = token === undefined ? undefined : openToken(token)
  const start = after === undefined ? 0 : sorted.findIndex((record) => compare(placeOf(record), after) > 0)
  if (start < 0) return { page: [], next: undefined }
  const size = Math.min(pageSize(asked, smallest), limits.pageSize)
  const page = sorted.slice(start, start + size)
  const last = page.at(-1)
  const more = last !== undefined && start + size < sorted.length
  return { page, next: more ? Buffer.from(placeOf(last)).toString('base64url') : undefined }
}

/** Ids and a page size are mutually exclusive. */
export function checkNoIdsWithPage(
  ids: readonly string[] | undefined,
  asked: number | undefined,
  set: string,
): void {
  if (asked !== undefined && (ids?.length ?? 0) > 0)
    throw invalidCombination(`The parameter ${set} cannot be used with the parameter maxResults`)
}

function pageSize(asked: number | undefined, smallest: number): number {
  if (asked === undefined || asked >= smallest) return asked ?? limits.pageSize
  throw fault(
    'InvalidParameterValue',
    `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value greater than ${smallest}.`,
    400,
  )
}

function placeOf({ createdAt, id }: Placed): string {
  return `${String(createdAt).padStart(15, '0')} ${id}`
}

function openToken(token: string): string {
  const place = Buffer.from(token, 'base64url').toString('latin1')
  if (!/^\d{15} [\w-]{1,64}$/.test(place))
    throw fault('InvalidNextToken', `The token '${token.slice(0, 256)}' is invalid`, 400)
  return place
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
