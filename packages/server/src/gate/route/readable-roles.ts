import { endOfTurn, iamArn } from '../../base/index.ts'
import type { Account, Role } from '../../directory/index.ts'
import type { May } from '../view/reader.ts'

/** Roles that are asked about before other requests have their turn. */
const atOnce = 50

/** The roles on which the caller has a permission, in their order. */
export async function rolesThatMay(
  action: string,
  all: readonly Role[],
  account: Account,
  may: May,
): Promise<readonly Role[]> {
  const readable: Role[] = []
  for (const [at, role] of all.entries()) {
    if (at % atOnce === atOnce - 1) await endOfTurn()
    if (await may(action, iamArn(account, 'role', role.path, role.name))) readable.push(role)
  }
  return readable
}
