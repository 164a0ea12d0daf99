import type { ManagementPolicyType } from '../../../directory/index.ts'
import type { Organizations } from '../../../model/index.ts'
import { contributorsUnder, type Merged } from './merge.ts'

/** AWS Backup permits ten rules in a plan. */
const rulesPerPlan = 10

/**
 * Returns what is wrong with an effective policy although each of its policies is valid. AWS documents the error of
 * too many rules in a backup plan, and no other (behaviour ORG-96).
 */
export function validationErrors(
  effective: Merged,
  type: ManagementPolicyType,
): readonly Organizations.EffectivePolicyValidationError[] {
  return type === 'BACKUP_POLICY' ? backupErrors(effective) : []
}

function backupErrors(effective: Merged): readonly Organizations.EffectivePolicyValidationError[] {
  const errors: Organizations.EffectivePolicyValidationError[] = []
  for (const [plan, { children }] of effective.children.get('plans')?.children ?? []) {
    const rules = [...(children.get('rules')?.children ?? [])]
    for (const [rule, merged] of rules.slice(rulesPerPlan)) {
      errors.push({
        ErrorCode: 'ELEMENTS_TOO_MANY',
        ErrorMessage: `'${rule}' exceeds the allowed maximum limit ${rulesPerPlan}`,
        PathToError: `plans/${plan}/rules/${rule}`,
        ContributingPolicies: contributorsUnder(merged),
      })
    }
  }
  return errors
}
