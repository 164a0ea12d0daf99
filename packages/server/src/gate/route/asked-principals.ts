import { type Dependencies, hypotheticalCaller } from '../../authorization/index.ts'
import { type AccountId, Fault, iamArn } from '../../base/index.ts'
import { findRoleNamed } from '../../directory/index.ts'
import type { RoutePermission } from './admin-route.ts'

/** The most roles in the chain of a question. */
export const longestChain = 16

/**
 * A caller that may simulate a principal's policies may ask what the principal could do: `who` of a body, and each
 * role of its `chain`. The permission is checked on the ARN of the principal that the name refers to, with its path
 * and in its own spelling. A name may be written in many ways, and a Deny must hold for all of them.
 */
export function asksWhatIf(deps: Dependencies): RoutePermission {
  return {
    action: 'iam:SimulatePrincipalPolicy',
    resource: ({ who, chain }, _groups, { account }) => [
      arnOfPrincipal(typeof who === 'string' ? who : '', account, deps),
      ...(Array.isArray(chain)
        ? chain.slice(0, longestChain).map((name) => arnOfRole(String(name), account, deps))
        : []),
    ],
  }
}

/** The ARN of the user or role of the account that a name refers to; if there is none, the name as a user's. */
function arnOfPrincipal(who: string, id: AccountId, deps: Dependencies): string {
  const otherwise = who.startsWith('arn:') ? who : iamArn({ id, partition: deps.partition }, 'user', '/', who)
  const account = deps.directory.loaded(id)
  if (account === undefined) return otherwise
  try {
    const caller = hypotheticalCaller(who, account, deps.clock.now())
    return caller.kind === 'role' ? caller.roleArn : caller.arn
  } catch (error) {
    if (error instanceof Fault) return otherwise
    throw error
  }
}

/** The ARN of the role of the account that a name leads to; of no role's, the name as that of a role. */
export function arnOfRole(name: string, id: AccountId, deps: Dependencies): string {
  const account = deps.directory.loaded(id)
  const role = account && findRoleNamed(account, name)
  if (account !== undefined && role !== undefined) return iamArn(account, 'role', role.path, role.name)
  return name.startsWith('arn:') ? name : iamArn({ id, partition: deps.partition }, 'role', '/', name)
}
