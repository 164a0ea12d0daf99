import type { PolicySource } from '@omen-iam/policy'
import { bearerSources, family } from '../../../authorization/index.ts'
import type { Iam } from '../../../model/index.ts'
import { asksEntity, bearersOf, getEntity, inlineName, type PolicyBearer } from '../entity.ts'
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
      const policies = bearersOf(entity, call.account).flatMap((bearer) =>
        bearerSources(bearer.record, bearer.type, call.account).map((source) => ({ source, bearer })),
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
            .map(({ source, bearer }) => policyOut(source, bearer)),
        })),
        ...rest,
      }
    },
  },
})

const entityTypes = { user: 'USER', group: 'GROUP', role: 'ROLE' } as const

function policyOut({ source }: PolicySource, bearer: PolicyBearer): Iam.PolicyGrantingServiceAccess {
  const { name = '', arn } = source
  if (arn !== undefined) return { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn }
  return {
    PolicyName: name.slice(inlineName(bearer, '').length),
    PolicyType: 'INLINE',
    EntityType: entityTypes[bearer.type],
    EntityName: bearer.record.name,
  }
}
