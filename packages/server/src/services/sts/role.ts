import { type AccountId, type ArnParts, fault, iamArn, parseAccountId, parseArn } from '../../base/index.ts'
import { type Account, type Role, roles } from '../../directory/index.ts'

type RoleArn = ArnParts & { readonly account: AccountId }

/** @throws Fault ValidationError where the text is no role's ARN (behaviour STS-3) */
export function parseRoleArn(text: string): RoleArn {
  const parts = parseArn(text)
  const account = parts && parseAccountId(parts.account)
  const role = parts?.service === 'iam' && parts.resource.startsWith('role/')
  if (!role || account === undefined) throw fault('ValidationError', `${text} is invalid`, 400)
  return { ...parts, account }
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
