import { family } from '../../authorization/index.ts'
import {
  type Organization,
  type OrganizationPolicyType,
  organizations,
  trustsService,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attach, detachType, targets } from './attachment.ts'
import { scpFullAccess } from './aws-policies.ts'
import { isManagementType, managementTypes } from './effective/types.ts'
import { refuse, violates } from './faults.ts'
import { within } from './operation.ts'
import type { Place } from './place.ts'
import { checkAvailable } from './policies.ts'
import { rootView } from './view.ts'

/** The policy types of the root. */
export const policyTypes = family<Organizations.Operations>()({
  EnablePolicyType: within('policyAdministrators', {
    on: (input) => input.RootId,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { RootId: rootId, PolicyType: type } = input
      checkRoot(place, rootId)
      checkAvailable(place)
      const { enabledPolicyTypes: enabled } = place.organization
      if (enabled.includes(type)) throw refuse('PolicyTypeAlreadyEnabledException')
      checkService(place, type)
      const organization = change(place, { enabledPolicyTypes: [...enabled, type] })
      if (type === 'SERVICE_CONTROL_POLICY') {
        for (const target of targets(place)) attach(place, target, scpFullAccess.id)
      }
      return { Root: pendingView(organization, type) }
    },
  }),

  DisablePolicyType: within('policyAdministrators', {
    movesPolicies: true,
    on: (input) => input.RootId,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { RootId: rootId, PolicyType: type } = input
      checkRoot(place, rootId)
      const { enabledPolicyTypes: enabled } = place.organization
      if (!enabled.includes(type)) throw refuse('PolicyTypeNotEnabledException')
      detachType(place, type)
      const organization = change(place, { enabledPolicyTypes: enabled.filter((each) => each !== type) })
      return { Root: rootView(organization) }
    },
  }),
})

function checkRoot({ organization }: Place, id: string): void {
  if (id !== organization.rootId) throw refuse('RootNotFoundException')
}

/** Some types belong to a service, which needs trusted access first (behaviour ORG-97). */
function checkService({ organization }: Place, type: OrganizationPolicyType): void {
  const service = isManagementType(type) ? managementTypes[type].service : undefined
  if (service === undefined || trustsService(organization, service)) return
  throw violates(
    'SERVICE_ACCESS_NOT_ENABLED',
    'You attempted to enable a policy type before you enabled service access. Call the EnableAWSServiceAccess API first.',
  )
}

/** SCPs and RCPs are being enabled in the answer that enables them (behaviour ORG-31). */
function pendingView(organization: Organization, type: OrganizationPolicyType): Organizations.Root {
  const view = rootView(organization)
  if (isManagementType(type)) return view
  const pending = (each: Organizations.PolicyTypeSummary) =>
    each.Type === type ? { ...each, Status: 'PENDING_ENABLE' as const } : each
  return { ...view, PolicyTypes: view.PolicyTypes?.map(pending) }
}

function change({ management, organization }: Place, changes: Partial<Organization>): Organization {
  const changed = { ...organization, ...changes }
  management.table(organizations).put(changed)
  return changed
}
