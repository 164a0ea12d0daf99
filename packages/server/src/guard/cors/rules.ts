import { parseXml, type XmlElement } from '../../wire/index.ts'

/** A rule of a bucket's CORS configuration: which origins may send what, and read which headers. */
export interface CorsRule {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  /** In lower case. */
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly maxAge?: string
}

/** A browser's question on behalf of a page. */
export interface CorsQuestion {
  readonly origin: string
  /** The method that it wants to use. */
  readonly method: string
  /** Names of headers that it wants to send, in lower case. */
  readonly headers: readonly string[]
}

/** S3 keeps a hundred rules at most. */
const mostRules = 100

/** The rules in an answer of GetBucketCors; empty if it is not a CORS configuration. */
export function corsRulesIn(text: string): readonly CorsRule[] {
  const root = parseXml(text)
  if (root?.name !== 'CORSConfiguration') return []
  return root.children
    .filter(({ name }) => name === 'CORSRule')
    .slice(0, mostRules)
    .map(readRule)
}

function readRule({ children }: XmlElement): CorsRule {
  const texts = (wanted: string) => children.filter(({ name }) => name === wanted).map(({ text }) => text)
  const [maxAge] = texts('MaxAgeSeconds')
  return {
    origins: texts('AllowedOrigin'),
    methods: texts('AllowedMethod'),
    headers: texts('AllowedHeader').map((header) => header.toLowerCase()),
    exposed: texts('ExposeHeader'),
    ...(maxAge !== undefined && /^\d{1,10}$/.test(maxAge) && { maxAge }),
  }
}

/**
 * The headers by which a browser lets the page read the answer: those of the first matching rule. Undefined if none
 * matches (behaviour GRD-107).
 */
export function corsHeaders(
  rules: readonly CorsRule[],
  { origin, method, headers }: CorsQuestion,
): Record<string, string> | undefined {
  for (const rule of rules) {
    const allowed = rule.origins.find((pattern) => covers(pattern, origin))
    if (allowed === undefined || !rule.methods.includes(method)) continue
    if (!headers.every((header) => rule.headers.some((pattern) => covers(pattern, header)))) continue
    return {
      'access-control-allow-origin': allowed === '*' ? '*' : origin,
      'access-control-allow-methods': rule.methods.join(', '),
      ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(', ') }),
      ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
      ...(rule.maxAge !== undefined && { 'access-control-max-age': rule.maxAge }),
      ...(allowed !== '*' && { 'access-control-allow-credentials': 'true' }),
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    }
  }
  return undefined
}

/** Returns whether a pattern with one wildcard at most covers a text. */
function covers(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
