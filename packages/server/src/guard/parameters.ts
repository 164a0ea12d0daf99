import { perText } from '../base/index.ts'

/**
 * Members that an event may include: they name resources, and contain nothing of their content (behaviour GRD-94).
 */
const shownMembers =
  /^(?:rule|operations|endpoint|protocol|key|prefix|delimiter|versionId|uploadId|partNumber|max(?:Results|Items)|(?:name|arn|url|id|identifier|type|limit|status|version|qualifier)s?|.*(?:Name|Names|Arn|Arns|ARN|Url|Id|Ids|Identifier|Type|Types|Limit|MaxResults|MaxItems|Status|Version|Qualifier|Principal|Algorithms?|Spec|Usage))$/
const secret =
  /(?:password|secret(?!Id|Arn|Name)|token|credential|plaintext|private|authorization|signature)/i
/** Parameters that the trail writes with their default where the call leaves them out (behaviour TRL-110). */
const defaults: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {
  'kms CreateKey': { bypassPolicyLockoutSafetyCheck: false, keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
  'kms Decrypt': { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
  'kms Encrypt': { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
  'kms ReEncrypt': {
    sourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    destinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  },
}
const limits = { members: 50, text: 1_024, list: 20 } as const

/** Names and ids among a call's parameters, their first letters lowered as CloudTrail has them. */
export function eventParameters(
  service: string,
  input: Readonly<Record<string, unknown>>,
  operation = '',
): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = { ...defaults[`${service} ${operation}`] }
  let count = 0
  for (const [name, value] of Object.entries(input)) {
    const written = nameInTrail(service, name)
    const shown = shownOf(service, name, value)
    if (shown === undefined) continue
    if (++count > limits.members) break
    parameters[written] = shown
  }
  return service === 'kms' && operation === 'CreateKey' ? withBothSpecs(parameters) : parameters
}

/** The kind of a key, under its older name as well. */
function withBothSpecs(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { customerMasterKeySpec = 'SYMMETRIC_DEFAULT', keySpec = customerMasterKeySpec } = parameters
  return { ...parameters, customerMasterKeySpec: keySpec, keySpec }
}

/** A member's name with a small first letter, and whether it can contain a secret or may be shown. */
const memberNamed = perText((name) => {
  const lowered = name.charAt(0).toLowerCase() + name.slice(1)
  return { lowered, isSecret: secret.test(lowered), isShown: name === 'Bucket' || shownMembers.test(lowered) }
})

/** A parameter's name: S3's bucket and the parameters of Account Management are exceptions (behaviour GRD-94). */
function nameInTrail(service: string, name: string): string {
  if (name === 'Bucket') return 'bucketName'
  return service === 'account' ? name : memberNamed(name).lowered
}

/** The trail's text in place of the content of a message (behaviour GRD-94). */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

function shownOf(service: string, name: string, value: unknown): unknown {
  if (service === 'sns' && /^(?:Message|Subject|MessageAttributes)$/.test(name)) return hidden
  if (service === 'sns' && name === 'PublishBatchRequestEntries' && Array.isArray(value))
    return value.slice(0, limits.list).map((entry: { Id?: unknown } | null) => ({
      id: plain(entry?.Id),
      message: hidden,
    }))
  const { isSecret, isShown } = memberNamed(name)
  if (isSecret) return undefined
  // numbers and switches have no content
  const isSwitch = typeof value === 'number' || typeof value === 'boolean'
  return isSwitch || isShown ? plain(value) : undefined
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
