import { type AccountId, type ArnParts, fault, iamArn, parseAccountId, parseArn } from '../../base/index.ts'
import { type Account, type Role, roles } from '../../directory/index.ts'

type RoleArn = ArnParts & { readonly account: AccountId }

/**
 * AssumeRole looks no further than that it is an account's ARN: what is no role there is trusted by nobody.
 * @throws Fault ValidationError where it is none (behaviour STS-3)
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

/** The role of this ARN, compared to the letter with its path, in the account. */
export function findRole(account: Account | undefined, arn: string): Role | undefined {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const role = account?.table(roles).findBy('name', name.toLowerCase())
  if (account === undefined || role === undefined) return undefined
  return iamArn(account.id, 'role', role.path, role.name) === arn ? role : undefined
}

const defaultSeconds = 3_600

/** How long a role's session lives. @throws Fault ValidationError past the role's own limit (behaviour STS-30) */
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
