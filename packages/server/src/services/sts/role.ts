import { type AccountId, type ArnParts, fault, parseAccountId, parseArn } from '../../base/index.ts'
import type { Role } from '../../directory/index.ts'

type RoleArn = ArnParts & { readonly account: AccountId }

/**
 * AssumeRole only checks that it is an ARN of an account: an ARN that is not a role's is trusted by no one. @throws
 * Fault ValidationError (behaviour STS-3)
 */
export function parseRoleArn(text: string): RoleArn {
  const arn = accountArn(text)
  if (arn === undefined) throw fault('ValidationError', `${text} is invalid`, 400)
  return arn
}

/** Bearers of assertions must name a role. @throws Fault ValidationError in AWS's words for them (behaviour STS-4) */
export function parseBearersRoleArn(text: string): RoleArn {
  const arn = accountArn(text)
  if (arn?.service === 'iam' && arn.resource.startsWith('role/')) return arn
  throw fault('ValidationError', 'Request ARN is invalid', 400)
}

function accountArn(text: string): RoleArn | undefined {
  const parts = parseArn(text)
  const account = parts && parseAccountId(parts.account)
  return parts === undefined || account === undefined ? undefined : { ...parts, account }
}

const defaultSeconds = 3_600

/**
 * Returns the duration of a role's session. @throws Fault ValidationError beyond the role's own limit (behaviour
 * STS-30)
 */
export function roleSeconds(asked: number | undefined, role: Role): number {
  const seconds = asked ?? defaultSeconds
  if (seconds > role.maxSessionSeconds) {
    throw fault(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      400,
    )
  }
  return seconds
}
