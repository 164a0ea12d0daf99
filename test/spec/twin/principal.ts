import type { PrincipalElement, Statement, World } from '../case.ts'
import { type Answer, list, yesIf } from './answer.ts'
import { type Caller, hasIdentity, roleName } from './caller.ts'

/** In which way an element names the caller. */
type Naming = 'itself' | 'role' | 'account' | 'everyone'

export function matchesPrincipal(statement: Statement, caller: Caller, world: World): Answer {
  if (statement.NotPrincipal !== undefined) {
    if (statement.Effect === 'Allow') return 'unknown' // POL-033: not supported
    if (hasIdentity(caller) && world.policies.boundary !== undefined) return 'yes' // POL-034
    return yesIf(!isExempt(statement.NotPrincipal, caller))
  }
  return yesIf(namingsOf(statement.Principal, caller).length > 0)
}

/** POL-035: the account, then the role, then the principal itself must each be listed. */
function isExempt(element: PrincipalElement, caller: Caller): boolean {
  const namings = namingsOf(element, caller)
  if (namings.includes('everyone')) return true
  if (!namings.includes('itself')) return false
  if (['service', 'provider', 'root'].includes(caller.kind)) return true
  if (caller.kind === 'session' && !namings.includes('role')) return false
  return namings.includes('account')
}

export function namingsOf(element: PrincipalElement | undefined, caller: Caller): Naming[] {
  if (element === undefined) return []
  if (typeof element === 'string') return element === '*' ? ['everyone'] : []
  return Object.entries(element).flatMap(([type, names]) =>
    list(names).flatMap((name): Naming[] => {
      if (type === 'AWS') return awsNaming(name, caller)
      if (type === 'Service') return caller.kind === 'service' && caller.name === name ? ['itself'] : [] // POL-032
      if (type === 'Federated') return caller.kind === 'provider' && caller.name === name ? ['itself'] : [] // POL-066
      return []
    }),
  )
}

function awsNaming(name: string, caller: Caller): Naming[] {
  if (name === '*') return ['everyone'] // POL-028
  if (caller.account === undefined) return []
  const account = `arn:${caller.partition}:iam::${caller.account}:root`
  if (name === caller.account || name === account) {
    return caller.kind === 'root' ? ['itself', 'account'] : ['account'] // POL-026
  }
  if (caller.kind === 'role') return name === caller.name ? ['role'] : []
  if (name === caller.name) return ['itself'] // POL-029: never a part of a name
  if (caller.kind === 'session' && name.startsWith(`arn:${caller.partition}:iam::${caller.account}:role/`)) {
    return roleName(name) === roleName(caller.name) ? ['role'] : []
  }
  return []
}
