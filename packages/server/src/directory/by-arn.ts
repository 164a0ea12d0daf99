import { iamArn } from '../base/index.ts'
import type { Account } from './account.ts'
import { type Named, type Role, roles } from './records.ts'
import type { TableDefinition } from './table.ts'

/** What an ARN's resource begins with, of each kind that is found by its ARN. */
type ArnKind = 'user' | 'role' | 'policy' | 'saml-provider'

/** The account's record of an ARN, which is compared to the letter, though names are unique ignoring case (behaviour POL-031). */
export function findByArn<R extends Named>(
  account: Account,
  definition: TableDefinition<R, 'name'>,
  kind: ArnKind,
  arn: string,
): R | undefined {
  const record = account.table(definition).findBy('name', lastName(arn))
  return record && iamArn(account, kind, record.path, record.name) === arn ? record : undefined
}

/** The account's role of an ARN. */
export function findRole(account: Account, arn: string): Role | undefined {
  return findByArn(account, roles, 'role', arn)
}

/** The account's role of a name, or of an ARN. */
export function findRoleNamed(account: Account, text: string): Role | undefined {
  return text.startsWith('arn:')
    ? findRole(account, text)
    : account.table(roles).findBy('name', lastName(text))
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}
