/** The forms of a key's values that fix the callers (behaviour GRD-86). */
const narrowing: Readonly<Record<string, (value: string, operator: string) => boolean>> = {
  'aws:principalorgid': isPlain,
  'aws:principalorgpaths': isPlain,
  'aws:principalaccount': isPlain,
  'aws:principalarn': isArnOfOne,
  'aws:sourceaccount': isPlain,
  'aws:sourcearn': isArnOfOne,
  'aws:sourceip': (value) => isPlain(value, '') && isNarrowRange(value),
  'aws:sourceorgid': isPlain,
  'aws:sourcevpc': isPlain,
  'aws:sourcevpce': isPlain,
  'aws:userid': (value, operator) => isPlain(value.replace(/^(A[A-Z]{3}\w{12,}:)\*$/, '$1'), operator),
  's3:dataaccesspointaccount': isPlain,
  's3:dataaccesspointarn': (value) => accessPointsOfOne.test(value),
  's3:x-amz-server-side-encryption-aws-kms-key-id': isPlain,
}

/** Operators that need the key: with `ForAllValues:` or `IfExists` a condition holds also without it. */
const positive =
  /^(?:ForAnyValue:)?(?:StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike|IpAddress)$/i
/** The same operators where another condition says that the key is there. */
const positiveIfThere =
  /^(?:For(?:Any|All)Values?:)?(?:StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike|IpAddress)(?:IfExists)?$/i

/**
 * Returns whether S3 calls a bucket policy public: it allows every caller something, nothing narrows down the callers, and
 * no Deny takes it from the callers that are left.
 */
export function isPublicPolicy(document: string): boolean {
  let parsed: unknown
  try {
    parsed = JSON.parse(document)
  } catch {
    return true // what cannot be read is not said to be private
  }
  const { Statement } = asObject(parsed)
  const statements = (Array.isArray(Statement) ? Statement : [Statement]).map(asObject)
  return statements.some(
    (statement) => isPublicStatement(statement) && !statements.some((other) => takesAway(other, statement)),
  )
}

function isPublicStatement({
  Effect,
  Principal,
  NotPrincipal,
  Condition,
}: Readonly<Record<string, unknown>>): boolean {
  if (Effect !== 'Allow') return false
  if (NotPrincipal !== undefined) return true
  if (!isAnybody(Principal)) return false
  return !isNarrowed(Condition)
}

function isNarrowed(condition: unknown): boolean {
  const entries = Object.entries(asObject(condition))
  const present = new Set(
    entries.flatMap(([operator, keys]) =>
      /^Null$/i.test(operator)
        ? Object.entries(asObject(keys)).flatMap(([key, value]) =>
            String(value) === 'false' ? [key.toLowerCase()] : [],
          )
        : [],
    ),
  )
  return entries.some(([operator, keys]) =>
    Object.entries(asObject(keys)).some(([key, values]) => {
      const lowered = key.toLowerCase()
      const needs = present.has(lowered) ? positiveIfThere : positive
      return needs.test(operator) && areFixed(lowered, operator, values)
    }),
  )
}

/** A Deny takes a public Allow away if it covers it whole, or leaves only callers that are fixed. */
function takesAway(
  { Effect, Principal, Action, Resource, Condition }: Readonly<Record<string, unknown>>,
  allow: Readonly<Record<string, unknown>>,
): boolean {
  if (Effect !== 'Deny' || !isAnybody(Principal)) return false
  if (!covers(Action, allow.Action) || !covers(Resource, allow.Resource)) return false
  const [only, ...more] = Object.entries(asObject(Condition))
  if (only === undefined) return true
  if (isDeepEqual(Condition, allow.Condition)) return true
  const keys = Object.entries(asObject(only[1]))
  const [operator, negated] = /^StringNot(Equals|Like)$/i.exec(only[0]) ?? []
  return (
    more.length === 0 &&
    keys.length === 1 &&
    operator !== undefined &&
    areFixed(keys[0]![0].toLowerCase(), `String${negated}`, keys[0]![1])
  )
}

/** Every value of one list is in the other, or the other is everything. */
function covers(list: unknown, other: unknown): boolean {
  const given = [list].flat().map(String)
  return given.includes('*') || [other].flat().every((each) => given.includes(String(each)))
}

function isDeepEqual(one: unknown, other: unknown): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other)
}

/** Every caller, or every caller of an identity provider: S3's own example of a public policy. */
function isAnybody(principal: unknown): boolean {
  const kinds = asObject(principal)
  const named = typeof principal === 'string' ? [principal] : Object.values(kinds).flat()
  return named.includes('*') || Object.hasOwn(kinds, 'Federated')
}

/** No values at all are fixed, too: nobody meets them. */
function areFixed(key: string, operator: string, values: unknown): boolean {
  if (!Object.hasOwn(narrowing, key)) return false
  const list: readonly unknown[] = Array.isArray(values) ? values : [values]
  return list.every((each) => typeof each === 'string' && narrowing[key]!(each, operator))
}

/** A value without a variable; a wildcard is a character for StringEquals. */
function isPlain(value: string, operator: string): boolean {
  if (value === '' || value.includes('${')) return false
  return /StringEquals/i.test(operator) || !/[*?]/.test(value)
}

/** Access points of any name, of one account. */
const accessPointsOfOne = /^arn:[\w-]+:s3:[\w*?-]*:\d{12}:accesspoint\/[\w*?-]+$/

/** An ARN whose account is written out: any region and any name of one account. */
function isArnOfOne(value: string): boolean {
  return /^arn:[\w-]+:[\w-]+:[\w*?-]*:\d{12}:.+$/.test(value) && !value.includes('${')
}

/** Returns whether a range of addresses is /8 of IPv4 or /32 of IPv6, or narrower; private ranges are not public. */
function isNarrowRange(range: string): boolean {
  const [address = '', length] = range.split('/')
  if (length === undefined) return true
  if (!/^\d{1,3}$/.test(length)) return false
  // of the private ranges of RFC 1918, which AWS leaves out, the widest is a /8
  return Number(length) >= (address.includes(':') ? 32 : 8)
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {} // an object, by the test before
}
