import type { HttpRequest } from '../../base/index.ts'
import { decodePercent } from '../../wire/index.ts'

/** A query string's parameters, decoded; a name may have several values. */
export type RequestQuery = ReadonlyMap<string, readonly string[]>

/** More parameters than this are read by no operation's model. */
const mostParameters = 2000

/** The last result: the parameters of one request are asked for many times in a row. */
let last: { readonly rawQuery: string; readonly query: RequestQuery | undefined } = {
  rawQuery: '',
  query: new Map(),
}

/** The parameters of a query string; undefined if its encoding is malformed or it has too many. */
export function queryOf(rawQuery: string): RequestQuery | undefined {
  if (last.rawQuery !== rawQuery) last = { rawQuery, query: readQuery(rawQuery) }
  return last.query
}

function readQuery(rawQuery: string): RequestQuery | undefined {
  const query = new Map<string, string[]>()
  const pairs = rawQuery.split('&')
  if (pairs.length > mostParameters) return undefined
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodePercent((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '))
    const value = decodePercent(equals < 0 ? '' : pair.slice(equals + 1).replaceAll('+', ' '))
    if (name === undefined || value === undefined) return undefined
    const values = query.get(name)
    if (values === undefined) query.set(name, [value])
    else values.push(value)
  }
  return query
}

/** The headers of an S3 request, with those that a presigned URL carries as parameters. */
export function headersWith({
  headers,
  rawQuery,
}: Pick<HttpRequest, 'headers' | 'rawQuery'>): Readonly<Record<string, string>> {
  if (!/x-amz-/i.test(rawQuery)) return headers
  const carried = [...(queryOf(rawQuery) ?? [])].flatMap(([name, [value]]) =>
    /^x-amz-/i.test(name) && value !== undefined ? [[name.toLowerCase(), value] as const] : [],
  )
  return { ...Object.fromEntries(carried), ...headers }
}

/** A header that a presigned URL carries among its parameters. */
export function hoisted(header: string, query: RequestQuery): string | undefined {
  for (const [name, [value]] of query) if (name.toLowerCase() === header) return value
  return undefined
}
