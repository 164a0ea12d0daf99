import type { Family } from '../../authorization/index.ts'
import { type Organization, organizations } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attach, detachType, isPolicyType, targets } from './attachment.ts'
import { scpFullAccess } from './aws-policies.ts'
import { refuse } from './faults.ts'
import { within } from './operation.ts'
import type { Place } from './place.ts'
import { checkAvailable } from './policies.ts'
import { rootView } from './view.ts'

/** Which types of policies the root has. */
export const policyTypes: Family<
  Organizations.Operations,
  'EnablePolicyType' | 'DisablePolicyType' | 'DescribeEffectivePolicy'
> = {
  EnablePolicyType: within('policyAdministrators', {
    on: (input) => input.RootId,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { RootId: rootId, PolicyType: type } = input
      checkRoot(place, rootId)
      checkAvailable(place, type)
      const { enabledPolicyTypes: enabled } = place.organization
      if (enabled.includes(type)) throw refuse('PolicyTypeAlreadyEnabledException')
      const organization = change(place, { enabledPolicyTypes: [...enabled, type] })
      if (type === 'SERVICE_CONTROL_POLICY') {
        for (const target of targets(place)) attach(place, target, scpFullAccess.id)
      }
      return { Root: rootView(organization) }
    },
  }),

  DisablePolicyType: within('policyAdministrators', {
    on: (input) => input.RootId,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { RootId: rootId, PolicyType: type } = input
      checkRoot(place, rootId)
      const { enabledPolicyTypes: enabled } = place.organization
      if (!isPolicyType(type) || !enabled.includes(type)) throw refuse('PolicyTypeNotEnabledException')
      detachType(place, type)
      const organization = change(place, { enabledPolicyTypes: enabled.filter((each) => each !== type) })
      return { Root: rootView(organization) }
    },
  }),

  DescribeEffectivePolicy: within('members', {
    on: (input, place) => input.TargetId ?? place.management.id,
    run() {
      throw refuse('EffectivePolicyNotFoundException')
    },
  }),
}

function checkRoot({ organization }: Place, id: string): void {
  if (id !== organization.rootId) throw refuse('RootNotFoundException')
}

function change({ management, organization }: Place, changes: Partial<Organization>): Organization {
  const changed = { ...organization, ...changes }
  management.table(organizations).put(changed)
  return changed
}
