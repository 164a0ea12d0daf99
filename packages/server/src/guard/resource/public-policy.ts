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
])

const positive =
  /^(?:ForAllValues:|ForAnyValue:)?(?:StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike|IpAddress)$/i

/** Whether S3 calls a bucket policy public: it allows anybody something, and nothing narrows down who. */
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
  const named =
    typeof Principal === 'object' && Principal !== null ? Object.values(Principal).flat() : [Principal]
  if (!named.some((each) => each === '*')) return false
  return !Object.entries(asObject(Condition)).some(
    ([operator, keys]) =>
      positive.test(operator) &&
      Object.entries(asObject(keys)).some(
        ([key, values]) => narrowing.has(key.toLowerCase()) && areFixed(values),
      ),
  )
}

/** A value with a wildcard or a variable is none that is fixed; nor is the address of everybody. */
function areFixed(values: unknown): boolean {
  const list = Array.isArray(values) ? values : [values]
  return (
    list.length > 0 &&
    list.every((each) => typeof each === 'string' && !/[*?]|\$\{/.test(each) && !/\/0$/.test(each))
  )
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {} // an object, by the test before
}
