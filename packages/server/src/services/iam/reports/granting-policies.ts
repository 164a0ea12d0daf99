import type { PolicySource } from '@omen-iam/policy'
import { services } from '../../../authorization/catalogue/index.ts'
import { family, identitySources } from '../../../authorization/index.ts'
import type { Iam } from '../../../model/index.ts'
import { asksEntity, findNamedEntity, inlineName, type PolicyEntity, policyEntitiesOf } from '../entity.ts'
import { invalidInput } from '../faults.ts'
import { page } from '../page.ts'
import { reachesService } from './reach.ts'
import { checkReportArn, noSuchArn } from './report-arn.ts'

/** Entries of a page; the operation takes no MaxItems. */
const pageSize = 100

/** The policies of an entity that let it call a service. */
export const grantingPoliciesFamily = family<Iam.Operations>()({
  ListPoliciesGrantingServiceAccess: {
    requests(input, call) {
      checkReportArn(input.Arn, ['user', 'group', 'role'], call)
      return ofEntity.requests(input, call)
    },
    run(input, call) {
      const entity = findNamedEntity(call.account, input.Arn)
      if (entity === undefined) throw noSuchArn(input.Arn)
      checkNamespaces(input.ServiceNamespaces)
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
          Policies: listed(
            policies
              .filter(({ source }) => reachesService([source], namespace))
              .map(({ source, identity }) => policyOut(source, identity)),
          ),
        })),
        ...rest,
      }
    },
  },
})

const ofEntity = asksEntity((input: Iam.ListPoliciesGrantingServiceAccessRequest) => input.Arn)

/** @throws Fault InvalidInput with all names that no service has in small letters (behaviour RPT-37) */
function checkNamespaces(namespaces: readonly string[]): void {
  const unknown = namespaces.filter((each) => !services().has(each))
  if (unknown.length > 0) throw invalidInput(`Invalid service namespace: [${unknown.join(', ')}]`)
}

/** Returns managed policies first, each once though a user and its group have it (behaviour RPT-38). */
function listed(policies: readonly Iam.PolicyGrantingServiceAccess[]) {
  const managed = new Map(
    policies.flatMap((policy) =>
      policy.PolicyArn === undefined ? [] : [[policy.PolicyArn, policy] as const],
    ),
  )
  return [...managed.values(), ...policies.filter(({ PolicyArn }) => PolicyArn === undefined)]
}

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
