import { evaluate } from '@omen-iam/policy'
import { iamArn, namesOfPrincipal } from '../base/index.ts'
import type { Role } from '../directory/index.ts'
import type { ContextKeys, ResourcePolicy } from './access.ts'
import type { Call } from './call.ts'
import { addKeys, globalContext, principalOf } from './context.ts'
import { resourceLayers } from './gather.ts'
import { addOrganizationKeys } from './organization.ts'

const assumeOnly = ['sts:AssumeRole'] as const

/**
 * Returns whether the role's trust policy lets the service assume it, by the same evaluation as for a person. A service that
 * gives tags or a source identity asks further actions.
 */
export function trustsService(
  role: Role,
  service: string,
  call: Call,
  context: ContextKeys = {},
  actions: readonly string[] = assumeOnly,
): boolean {
  // as recorded where Amazon API Gateway assumes a role (behaviour GRD-209)
  const keys = { 'aws:PrincipalType': 'AssumedRole', ...context }
  const resource = iamArn(call.account, 'role', role.path, role.name)
  const trust = { document: role.trust, grant: 'trust' } as const
  // no RCP applies to a service and its own linked role (behaviour POL-016)
  const isLinked = role.linkedService !== undefined
  return actions.every((action) =>
    allowsService({ action, resource, policy: trust, keys, isLinked }, service, call),
  )
}

/** A question of a service that acts on its own about a resource of the call's account. */
interface ServiceQuestion {
  readonly action: string
  readonly resource: string
  readonly policy: ResourcePolicy
  readonly keys: ContextKeys
  /** Whether the resource is the service's own linked role. */
  readonly isLinked?: boolean
}

/** Returns whether the policy of a resource lets a service act on it. */
export function allowsService(
  { action, resource, policy, keys, isLinked = false }: ServiceQuestion,
  service: string,
  call: Call,
): boolean {
  const { account } = call
  const { directory } = call.deps
  const names = namesOfPrincipal(account.partition, service)
  const caller = { kind: 'service', account: account.id, name: service, names } as const
  const principal = principalOf(caller)
  const context = globalContext({ ...call, caller }, principal)
  addKeys(context, keys)
  addOrganizationKeys(context, 'Resource', account, directory)
  if (keys['aws:SourceAccount'] === account.id) addOrganizationKeys(context, 'Source', account, directory)
  const request = { principal, action, resource, resourceAccount: account.id, context }
  const layers = resourceLayers(policy, account, directory, action)
  return evaluate(request, isLinked ? { ...layers, rcp: undefined } : layers).outcome === 'allowed'
}
