/**
 * Members that an event may include: they name resources, and contain nothing of their content (behaviour GRD-94).
 */
const shownMembers =
  /^(?:key|prefix|delimiter|versionId|uploadId|partNumber|max(?:Results|Items)|(?:name|arn|url|id|identifier|type|limit|status|version|qualifier)s?|.*(?:Name|Names|Arn|Arns|ARN|Url|Id|Ids|Identifier|Type|Types|Limit|MaxResults|MaxItems|Status|Version|Qualifier))$/
const secret =
  /(?:password|secret(?!Id|Arn|Name)|token|credential|plaintext|private|authorization|signature)/i
const limits = { members: 50, text: 1_024, list: 20 } as const

/** Names and ids among a call's parameters, their first letters lowered as CloudTrail has them. */
export function eventParameters(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {}
  let count = 0
  for (const [name, value] of Object.entries(input)) {
    // S3's bucket is the one parameter that has another name in the trail (behaviour GRD-94)
    const written = name === 'Bucket' ? 'bucketName' : name.charAt(0).toLowerCase() + name.slice(1)
    if (!shownMembers.test(written) || secret.test(written)) continue
    const shown = plain(value)
    if (shown === undefined) continue
    if (++count > limits.members) break
    parameters[written] = shown
  }
  return parameters
}

function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > limits.text ? `${value.slice(0, limits.text - 3)}...` : value
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    return value.slice(0, limits.list).map(plain)
  }
  return undefined
}
