import { iamArn } from '../base/index.ts'
import type { Account } from './account.ts'
import { type Named, type Role, roles } from './records.ts'
import type { TableDefinition } from './table.ts'

/** The beginning of an ARN's resource for each kind that is found by its ARN. */
type ArnKind = 'user' | 'role' | 'policy' | 'saml-provider'

/**
 * Returns the account's record of an ARN. The ARN is compared exactly, though names are unique ignoring case
 * (behaviour POL-031).
 */
export function findByArn<R extends Named>(
  account: Account,
  definition: TableDefinition<R, 'name'>,
  kind: ArnKind,
  arn: string,
): R | undefined {
  const record = account.table(definition).findBy('name', lastName(arn))
  return record && iamArn(account, kind, record.path, record.name) === arn ? record : undefined
}

/** Returns the account's role of an ARN. */
export function findRole(account: Account, arn: string): Role | undefined {
  return findByArn(account, roles, 'role', arn)
}

/** Returns the account's role of a name or an ARN. */
export function findRoleNamed(account: Account, text: string): Role | undefined {
  return text.startsWith('arn:')
    ? findRole(account, text)
    : account.table(roles).findBy('name', lastName(text))
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}
