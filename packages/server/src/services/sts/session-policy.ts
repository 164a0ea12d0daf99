import { effectivePolicy, parsedDocument } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Account, Tag } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import type { SessionPolicies } from '../../session/index.ts'

const maximumCharacters = 2_048
const maximumArns = 10
/** What AWS's packed form may hold is not published; this reproduces its percentages closely (behaviour STS-20, assumed). */
const packedBytes = 2_048

/** @throws Fault MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError where a session policy cannot be used */
export function checkSessionPolicies(
  inline: string | undefined,
  arns: readonly Sts.PolicyDescriptorType[],
  account: Account,
): void {
  if (arns.length > maximumArns) {
    throw fault(
      'ValidationError',
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${maximumArns}`,
      400,
    )
  }
  if (inline !== undefined) {
    const parsed = parsedDocument(inline, 'session')
    if (!parsed.ok) throw fault('MalformedPolicyDocument', parsed.message, 400)
  }
  let characters = inline?.length ?? 0
  for (const { arn } of arns) {
    const policy = arn === undefined ? undefined : effectivePolicy(account, arn)
    if (policy === undefined)
      throw fault('ValidationError', `PolicyArn ${arn} does not exist or is not attachable.`, 400)
    characters += arn!.length
  }
  if (characters > maximumCharacters) {
    const percent = Math.ceil((characters * 100) / maximumCharacters)
    throw fault(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
      400,
    )
  }
}

/** The session policies as the token carries them; undefined where there are none. */
export function sessionPolicies(
  inline: string | undefined,
  arns: readonly Sts.PolicyDescriptorType[],
): SessionPolicies | undefined {
  if (inline === undefined && arns.length === 0) return undefined
  return {
    ...(inline === undefined ? {} : { inline }),
    arns: arns.flatMap(({ arn }) => (arn === undefined ? [] : [arn])),
  }
}

/** PackedPolicySize in percent; undefined where nothing was packed. */
export function packedPercent(
  inline: string | undefined,
  arns: readonly Sts.PolicyDescriptorType[],
  tags: readonly Tag[],
): number | undefined {
  if (inline === undefined && arns.length === 0 && tags.length === 0) return undefined
  let bytes = inline === undefined ? 0 : Math.ceil(inline.length * 0.75)
  for (const { arn } of arns) bytes += arn?.length ?? 0
  for (const tag of tags) bytes += tag.Key.length + tag.Value.length
  return Math.min(100, Math.max(1, Math.ceil((bytes * 100) / packedBytes)))
}
