import { type Call, family } from '../../authorization/index.ts'
import {
  type ManagementPolicyType,
  type OrganizationAccount,
  organizationAccounts,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { type Effective, effectivePolicy, effectiveTest } from './effective/effective.ts'
import { contentOf } from './effective/merge.ts'
import { validationErrors } from './effective/validation.ts'
import { invalid, refuse } from './faults.ts'
import { isAdministrator, within } from './operation.ts'
import { page } from './page.ts'
import { getMember, type Place } from './place.ts'
import { accountView } from './view.ts'
import { where } from './where.ts'

/** The effective management policies of an account, and their errors. */
export const effectivePolicies = family<Organizations.Operations>()({
  DescribeEffectivePolicy: within('members', {
    on: (input, _place, call) => input.TargetId ?? call.account.id,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place, call) {
      const account = getTarget(place, input.TargetId ?? call.account.id, call)
      const { merged, updatedAt } = getEffective(place, account, input.PolicyType)
      return {
        EffectivePolicy: {
          PolicyContent: contentOf(merged),
          LastUpdatedTimestamp: updatedAt,
          TargetId: account.id,
          PolicyType: input.PolicyType,
        },
      }
    },
  }),

  ListAccountsWithInvalidEffectivePolicy: within('administrators', {
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { PolicyType: type } = input
      if (!place.organization.enabledPolicyTypes.includes(type))
        throw refuse('EffectivePolicyNotFoundException')
      const all = place.management.table(organizationAccounts).values()
      const wrong = where(
        all,
        effectiveTest(place, type, (effective) => validationErrors(effective, type).length > 0),
      )
      const { items, NextToken } = page(wrong, (account) => account.id, input)
      return { Accounts: items.map((account) => accountView(place, account)), PolicyType: type, NextToken }
    },
  }),

  ListEffectivePolicyValidationErrors: within('administrators', {
    on: (input) => input.AccountId,
    context: (input) => ({ 'organizations:PolicyType': input.PolicyType }),
    run(input, place) {
      const { PolicyType: type } = input
      const account = getMember(place, input.AccountId)
      const { merged, updatedAt } = getEffective(place, account, type)
      const errors = validationErrors(merged, type)
      const { items, NextToken } = page(errors, (error) => error.PathToError ?? '', input)
      return {
        AccountId: account.id,
        PolicyType: type,
        Path: accountView(place, account).Paths?.[0],
        EvaluationTimestamp: updatedAt,
        NextToken,
        EffectivePolicyValidationErrors: items,
      }
    },
  }),
})

/** The account of a question: members may ask about themselves only (behaviour ORG-95). */
function getTarget(place: Place, id: string, call: Call): OrganizationAccount {
  if (id !== call.account.id && place.management !== call.account && !isAdministrator(place, call)) {
    throw refuse('AccessDeniedException')
  }
  if (!/^\d{12}$/.test(id)) {
    throw invalid('TARGET_NOT_SUPPORTED', "You can't perform the specified operation on that target entity.")
  }
  const account = place.management.table(organizationAccounts).find(id)
  if (account === undefined) throw refuse('TargetNotFoundException')
  return account
}

function getEffective(place: Place, account: OrganizationAccount, type: ManagementPolicyType): Effective {
  const effective = effectivePolicy(place, account, type)
  if (effective === undefined) throw refuse('EffectivePolicyNotFoundException')
  return effective
}
