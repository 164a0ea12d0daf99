import { evaluate } from '@omen-iam/policy'
import { iamArn, namesOfPrincipal } from '../base/index.ts'
import type { Role } from '../directory/index.ts'
import type { ContextKeys } from './access.ts'
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
  const caller = {
    kind: 'service',
    account: call.account.id,
    name: service,
    names: namesOfPrincipal(call.account.partition, service),
  } as const
  const principal = principalOf(caller)
  const keys = globalContext({ ...call, caller }, principal)
  // as recorded where Amazon API Gateway assumes a role (behaviour GRD-209)
  keys.set('aws:PrincipalType', 'AssumedRole')
  addKeys(keys, context)
  const resource = iamArn(call.account, 'role', role.path, role.name)
  const { directory } = call.house
  addOrganizationKeys(keys, 'Resource', call.account, directory)
  if (context['aws:SourceAccount'] === call.account.id) {
    addOrganizationKeys(keys, 'Source', call.account, directory)
  }
  const trust = { document: role.trust, grant: 'trust' } as const
  return actions.every((action) => {
    const request = { principal, action, resource, resourceAccount: call.account.id, context: keys }
    const layers = resourceLayers(trust, call.account, directory, action)
    // no RCP applies to a service and its own linked role (behaviour POL-016)
    const bound = role.linkedService === undefined ? layers : { ...layers, rcp: undefined }
    return evaluate(request, bound).outcome === 'allowed'
  })
}
