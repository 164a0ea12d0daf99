import { effectivePolicy, parsedDocument } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import type { SessionPolicies } from '../../session/index.ts'

const maximumCharacters = 2_048
const maximumArns = 10

/**
 * Returns the session policies of a call in the token's form; undefined if there are none. @throws Fault
 * MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError if they cannot be used
 */
export function sessionPolicies(
  inline: string | undefined,
  arns: readonly Sts.PolicyDescriptorType[] = [],
  account: Account,
): SessionPolicies | undefined {
  if (arns.length > maximumArns) {
    throw fault(
      'ValidationError',
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${maximumArns}`,
      400,
    )
  }
  if (inline !== undefined) checkDocument(inline)
  const managed = arns.map(({ arn }) => checkedArn(arn, account))
  const characters = managed.reduce((sum, arn) => sum + arn.length, inline?.length ?? 0)
  if (characters > maximumCharacters) {
    const percent = Math.ceil((characters * 100) / maximumCharacters)
    throw fault(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
      400,
    )
  }
  if (inline === undefined && managed.length === 0) return undefined
  return { ...(inline === undefined ? {} : { inline }), arns: managed }
}

/** @throws Fault MalformedPolicyDocument if the text is not a policy for a session (behaviour STS-23) */
export function checkDocument(text: string): void {
  if (!text.trimStart().startsWith('{')) throw malformed('The policy is not in the valid JSON format.')
  const parsed = parsedDocument(text, 'session')
  if (!parsed.ok) throw malformed(parsed.message)
}

function malformed(message: string) {
  return fault('MalformedPolicyDocument', message, 400)
}

/** AWS's or the account's own (behaviour POL-054). */
function checkedArn(arn: string | undefined, account: Account): string {
  if (arn !== undefined && effectivePolicy(account, arn) !== undefined) return arn
  throw fault('ValidationError', `PolicyArn ${arn} does not exist or is not attachable.`, 400)
}
