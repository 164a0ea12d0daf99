/** Keys that, compared with fixed values, keep a policy from being public (behaviour GRD-86). */
const narrowing: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])

/** Operators that need the key: with `ForAllValues:` or `IfExists` a condition holds also without it. */
const positive =
  /^(?:ForAnyValue:)?(?:StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike|IpAddress)$/i

/**
 * Returns whether S3 calls a bucket policy public: it allows every caller something, and nothing narrows down the
 * callers.
 */
export function isPublicPolicy(document: string): boolean {
  let parsed: unknown
  try {
    parsed = JSON.parse(document)
  } catch {
    return true // what cannot be read is not said to be private
  }
  const { Statement } = asObject(parsed)
  const statements = Array.isArray(Statement) ? Statement : [Statement]
  return statements.some((statement) => isPublicStatement(asObject(statement)))
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
  return !Object.entries(asObject(Condition)).some(
    ([operator, keys]) =>
      positive.test(operator) &&
      Object.entries(asObject(keys)).some(
        ([key, values]) => narrowing.has(key.toLowerCase()) && areFixed(key.toLowerCase(), values),
      ),
  )
}

/** Every caller, or every caller of an identity provider: S3's own example of a public policy. */
function isAnybody(principal: unknown): boolean {
  const kinds = asObject(principal)
  const named = typeof principal === 'string' ? [principal] : Object.values(kinds).flat()
  return named.includes('*') || Object.hasOwn(kinds, 'Federated')
}

function areFixed(key: string, values: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(values) ? values : [values]
  return list.length > 0 && list.every((each) => typeof each === 'string' && isFixed(key, each))
}

/** A value with a wildcard or a variable is not fixed; nor are very many addresses. */
function isFixed(key: string, value: string): boolean {
  if (key === 's3:dataaccesspointarn' && accessPointsOfOne.test(value)) return true
  if (value === '' || /[*?]|\$\{/.test(value)) return false
  return key !== 'aws:sourceip' || isNarrowRange(value)
}

/** Access points of any name, of one account. */
const accessPointsOfOne = /^arn:[\w-]+:s3:[\w*?-]*:\d{12}:accesspoint\/[\w*?-]+$/

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
