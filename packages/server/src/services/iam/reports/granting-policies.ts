import type { PolicySource } from '@omen-iam/policy'
import { family, identitySources } from '../../../authorization/index.ts'
import type { Iam } from '../../../model/index.ts'
import { asksEntity, getEntity, inlineName, type PolicyEntity, policyEntitiesOf } from '../entity.ts'
import { page } from '../page.ts'
import { reachesService } from './reach.ts'

/** Entries of a page; the operation takes no MaxItems. */
const pageSize = 100

/** The policies of an entity that let it call a service. */
export const grantingPoliciesFamily = family<Iam.Operations>()({
  ListPoliciesGrantingServiceAccess: {
    ...asksEntity((input: Iam.ListPoliciesGrantingServiceAccessRequest) => input.Arn),
    run(input, call) {
      const entity = getEntity(input.Arn, call)
      const policies = policyEntitiesOf(entity, call.account).flatMap((identity) =>
        identitySources(identity.record, identity.type, call.account).map((source) => ({ source, identity })),
      )
      const namespaces = [...new Set(input.ServiceNamespaces)]
      const numbered = namespaces.map((namespace, index) => ({
        namespace,
        key: String(index).padStart(3, '0'),
      }))
      const { items, rest } = page(numbered, ({ key }) => key, { Marker: input.Marker, MaxItems: pageSize })
      return {
        PoliciesGrantingServiceAccess: items.map(({ namespace }) => ({
          ServiceNamespace: namespace,
          Policies: policies
            .filter(({ source }) => reachesService([source], namespace))
            .map(({ source, identity }) => policyOut(source, identity)),
        })),
        ...rest,
      }
    },
  },
})

const entityTypes = { user: 'USER', group: 'GROUP', role: 'ROLE' } as const

function policyOut({ source }: PolicySource, identity: PolicyEntity): Iam.PolicyGrantingServiceAccess {
  const { name = '', arn } = source
  if (arn !== undefined) return { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn }
  return {
    PolicyName: name.slice(inlineName(identity, '').length),
    PolicyType: 'INLINE',
    EntityType: entityTypes[identity.type],
    EntityName: identity.record.name,
  }
}
