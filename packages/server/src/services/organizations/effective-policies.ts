import { type Call, family } from '../../authorization/index.ts'
import {
  type ManagementPolicyType,
  type OrganizationAccount,
  organizationAccounts,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import {
  type Effective,
  effectiveContent,
  effectivePolicy,
  effectivePolicies as mergedPolicies,
} from './effective/effective.ts'
import type { Merged } from './effective/merge.ts'
import { validationErrors } from './effective/validation.ts'
import { notSupported, refuse } from './faults.ts'
import { isAdministrator, within } from './operation.ts'
import { page } from './page.ts'
import { getMember, type Place } from './place.ts'
import { lastValidPolicies } from './records.ts'
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
          PolicyContent: validContent(place, account, input.PolicyType, merged),
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
      const mergedOf = mergedPolicies(place, type)
      const wrong = where(all, (account) => validationErrors(mergedOf(account), type).length > 0)
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
      const { items, NextToken } = page(
        errors,
        (error) => `${error.PathToError} ${error.ErrorCode} ${error.ErrorMessage}`,
        input,
      )
      return {
        AccountId: account.id,
        PolicyType: type,
        ...(errors.length > 0 && {
          Path: accountView(place, account).Paths?.[0],
          EvaluationTimestamp: updatedAt,
        }),
        NextToken,
        EffectivePolicyValidationErrors: items,
      }
    },
  }),
})

/** Returns the policy, or the last valid one where it is invalid (behaviour ORG-131). */
function validContent(
  { management }: Place,
  { id }: OrganizationAccount,
  type: ManagementPolicyType,
  merged: Merged,
): string {
  if (validationErrors(merged, type).length === 0) return effectiveContent(merged, type)
  return management.table(lastValidPolicies).find(`${id}\n${type}`)?.content ?? '{}'
}

/** The account of a question: members may ask about themselves only (behaviour ORG-95). */
function getTarget(place: Place, id: string, call: Call): OrganizationAccount {
  if (id !== call.account.id && place.management !== call.account && !isAdministrator(place, call)) {
    throw refuse('AccessDeniedException')
  }
  if (!/^\d{12}$/.test(id)) {
    throw notSupported()
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
