import type { HttpRequest } from '../../base/index.ts'
import { decodePercent } from '../../wire/index.ts'
import { queryOf } from './query.ts'

/** Longer paths are no operation's. */
const longestPath = 8192

/**
 * Returns whether every reader understands a request's target in the same way. Servers drop what follows `#` and `;`,
 * take the path out of a whole URL, resolve dots before or after decoding, and read non-ASCII bytes in an encoding of
 * their own. The decision must be about what the upstream does (behaviours GRD-6, GRD-20).
 */
export function hasPlainTarget({ rawPath, rawQuery }: HttpRequest): boolean {
  if (rawPath.length > longestPath || !/^\/[\x21-\x7e]*$/.test(rawPath) || !/^[\x21-\x7e]*$/.test(rawQuery))
    return false
  if (/[#;\\]|%00|%5c/i.test(rawPath) || rawQuery.includes('#')) return false
  return !hasDots(rawPath)
}

/** Returns whether a path, also after its slashes are decoded, has segments that some readers resolve. */
export function hasDots(path: string): boolean {
  return /(?:^|\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)/i.test(path)
}

/**
 * Returns whether a request removes headers by naming them in Connection: they would not be forwarded, although the
 * decision used them (behaviour GRD-34).
 */
export function takesHeadersBack({ headers }: HttpRequest): boolean {
  const { connection } = headers
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return false
  return /(?:^|[\s,])(?:x-amz-|content-|range|host|smithy-|authorization|if-|origin)/i.test(connection)
}

/** Returns whether a request brings a body, by its head. */
export function bringsBody({ headers }: HttpRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** The media types that a request names, without parameters: one, unless the header came twice. */
export function mediaTypesOf({ headers }: HttpRequest): readonly string[] {
  const type = headers['content-type']
  if (type === undefined) return []
  return type.split(',').map((each) => each.split(';', 1)[0]!.trim().toLowerCase())
}

const formType = 'application/x-www-form-urlencoded'
const formTypes: ReadonlySet<string> = new Set([formType, 'multipart/form-data'])

/** Returns whether the body is a form. */
export function isForm(request: HttpRequest): boolean {
  if (request.method !== 'POST') return false
  const [type, ...others] = mediaTypesOf(request)
  return type === formType && others.length === 0
}

/** Returns whether a reader could take the body for a form: one of its content types says so. */
export function mayBeForm(request: HttpRequest): boolean {
  return mediaTypesOf(request).some((type) => formTypes.has(type))
}

/** Returns whether a text is in another encoding than UTF-8, by the request's own word. */
export function isOtherCharset({ headers }: HttpRequest): boolean {
  const charset = /charset\s*=\s*"?([^\s";,]+)/i.exec(headers['content-type'] ?? '')?.[1]
  return charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)
}

/** Names of the query string's parameters that are no part of a signature. */
export function ownParameters({ rawQuery }: HttpRequest): readonly string[] {
  if (rawQuery === '') return []
  return [...(queryOf(rawQuery)?.keys() ?? [''])].filter((name) => !/^x-amz-/i.test(name))
}

/**
 * Names in a query string as a careless reader may see them: separated by semicolons as well, without regard to
 * case and blanks.
 */
export function carelessNames(rawQuery: string): readonly string[] {
  if (rawQuery === '') return []
  return rawQuery.split(/[&;]/).map((pair) => {
    const name = pair.split('=', 1)[0]!.replaceAll('+', ' ')
    return (decodePercent(name) ?? name).replace(/[\0\s]/g, '').toLowerCase()
  })
}
