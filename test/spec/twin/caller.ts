import type { CasePrincipal, World } from '../case.ts'

export type Caller = {
  readonly kind: 'user' | 'role' | 'session' | 'federated' | 'root' | 'service' | 'provider' | 'anonymous'
  /** The principal's ARN, the service's name, or the provider whose token is shown. */
  readonly name: string
  readonly account?: string
  readonly partition?: string
}

export function readCaller(principal: CasePrincipal): Caller {
  if (typeof principal !== 'string') return { kind: 'service', name: principal.service }
  if (principal === '*') return { kind: 'anonymous', name: '*' }
  const [, partition, service, , account, ...rest] = principal.split(':')
  const path = rest.join(':')
  if (/^(saml|oidc)-provider\//.test(path)) return { kind: 'provider', name: principal }
  const kind =
    service === 'iam' && path === 'root'
      ? 'root'
      : service === 'iam' && path.startsWith('user/')
        ? 'user'
        : service === 'iam' && path.startsWith('role/')
          ? 'role'
          : service === 'sts' && path.startsWith('assumed-role/')
            ? 'session'
            : 'federated'
  return { kind, name: principal, account: account ?? '', partition: partition ?? '' }
}

export function hasIdentity(caller: Caller): boolean {
  return ['user', 'role', 'session', 'federated'].includes(caller.kind) // POL-020
}

export function bindsScp(caller: Caller): boolean {
  return hasIdentity(caller) || caller.kind === 'root' // POL-011
}

export function isServiceLinked(caller: Caller): boolean {
  const path = caller.name.split(':').slice(5).join(':')
  return path.startsWith('role/aws-service-role/') || path.startsWith('assumed-role/AWSServiceRoleFor')
}

/** The name of the role a role ARN or a session ARN speaks of: names are unique in an account, paths aside. */
export function roleName(arn: string): string | undefined {
  const path = arn.split(':').slice(5).join(':').split('/')
  return path[0] === 'role' ? path[path.length - 1] : path[0] === 'assumed-role' ? path[1] : undefined
}

export function accountOfResource(world: World, caller: Caller): string | undefined {
  const written = world.request.resource.split(':')[4]
  return world.request.resourceAccount ?? (/^\d{12}$/.test(written ?? '') ? written : caller.account)
}

export function isRoleAssumption(action: string, resource: string): boolean {
  return action.toLowerCase().startsWith('sts:') && /^arn:[^:]*:iam::[^:]*:role\//.test(resource)
}

export function mustTrust(action: string, resource: string): boolean {
  return isRoleAssumption(action, resource) || /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)
}
