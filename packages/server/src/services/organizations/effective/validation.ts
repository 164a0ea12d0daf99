import { perObject } from '../../../base/index.ts'
import type { ManagementPolicyType } from '../../../directory/index.ts'
import type { Organizations } from '../../../model/index.ts'
import type { Value } from './document.ts'
import { contributorsOf, type Merged } from './merge.ts'

type Problem = Organizations.EffectivePolicyValidationError
type Code = NonNullable<Problem['ErrorCode']>

/** AWS Backup permits ten rules in a plan. */
const rulesPerPlan = 10
/** Tags that one resource type must have. */
const tagsPerType = 50
/** Keys that an error names. */
const keysNamed = 5

/** The types whose effective policies are checked. */
export const checkedTypes: readonly ManagementPolicyType[] = ['BACKUP_POLICY', 'TAG_POLICY']

/** Returns what is wrong with an effective policy although each of its policies is valid (behaviour ORG-96). */
export function validationErrors(effective: Merged, type: ManagementPolicyType): readonly Problem[] {
  if (type === 'BACKUP_POLICY') return backupErrors(effective)
  return type === 'TAG_POLICY' ? tagErrors(effective) : []
}

const backupErrors = perObject((effective: Merged): readonly Problem[] =>
  [...(effective.children.get('plans')?.children ?? [])].flatMap(([name, plan]) =>
    planErrors(plan, `plans/${name}`),
  ),
)

/** An empty plan is valid; any other needs rules, regions and selections. */
function planErrors(plan: Merged, path: string): readonly Problem[] {
  if (plan.children.size === 0) return []
  const rules = [...(plan.children.get('rules')?.children ?? [])]
  const selections = plan.children.get('selections')?.children.get('tags')?.children ?? []
  return [
    ...missing(plan, path, ['regions', 'rules', 'selections']),
    ...emptyLists(plan, path),
    ...rules.flatMap(([name, rule]) => missing(rule, `${path}/rules/${name}`, ['target_backup_vault_name'])),
    ...[...selections].flatMap(([name, selection]) =>
      missing(selection, `${path}/selections/tags/${name}`, ['iam_role_arn', 'tag_key', 'tag_value']),
    ),
    ...rules.slice(rulesPerPlan).map(([name, rule]) => {
      const text = `'${name}' exceeds the allowed maximum limit ${rulesPerPlan}`
      return problem('ELEMENTS_TOO_MANY', text, `${path}/rules/${name}`, rule)
    }),
  ]
}

function missing(merged: Merged, path: string, names: readonly string[]): readonly Problem[] {
  return names
    .filter((name) => !isThere(merged.children.get(name)))
    .map((name) => problem('KEY_REQUIRED', `'${name}' is missing`, path, merged))
}

function isThere(merged: Merged | undefined): boolean {
  return merged !== undefined && !merged.isEmptied && (merged.value !== undefined || merged.children.size > 0)
}

/** A list that was assigned without elements. */
function emptyLists(merged: Merged, path: string): readonly Problem[] {
  return [...merged.children].flatMap(([name, child]) => {
    const place = `${path}/${name}`
    if (!isEmpty(child.value) || child.isEmptied) return emptyLists(child, place)
    const text = `'${name}' is less than the allowed minimum limit 1`
    return [problem('ELEMENTS_TOO_FEW', text, place, child)]
  })
}

const tagErrors = perObject((effective: Merged): readonly Problem[] => {
  const tags = effective.children.get('tags')
  const byType = new Map<string, string[]>()
  for (const [key, { children }] of tags?.children ?? []) {
    for (const type of textsOf(children.get('report_required_tag_for')?.value)) {
      const keys = byType.get(type)
      if (keys === undefined) byType.set(type, [key])
      else keys.push(key)
    }
  }
  return [...byType].flatMap(([type, keys]) => {
    if (tags === undefined || keys.length <= tagsPerType) return []
    const keysText = `${keys.slice(0, keysNamed).join(', ')} and ${keys.length - keysNamed} more`
    const text = `Resource type '${type}' has ${keys.length} tags for 'report_required_tag_for', which exceeds the maximum limit of ${tagsPerType}. Contributing tag keys include: ${keysText}`
    return [problem('ELEMENTS_TOO_MANY', text, 'tags', tags)]
  })
})

function problem(ErrorCode: Code, ErrorMessage: string, PathToError: string, merged: Merged): Problem {
  return { ErrorCode, ErrorMessage, PathToError, ContributingPolicies: contributorsOf(merged) }
}

function isEmpty(value: Value | undefined): boolean {
  return Array.isArray(value) && value.length === 0
}

function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
