import type { JsonNode } from '@omen-iam/policy'
import { member, membersOf, textOf } from '../../sources/index.ts'
import { type PlannedResource, TerraformPlan } from './terraform-plan.ts'

/** Types that give access by other means than a policy document. */
const granting =
  /^aws_(?:iam|organizations|ssoadmin)_|_(?:permission|permissions|grant)$|^aws_eks_access_policy_association$|^aws_(?:serverlessapplicationrepository_)?cloudformation_stack(?:_set)?$|^aws_rolesanywhere_(?:profile|trust_anchor)$|^aws_ram_(?:principal|resource)_association$/

/** Attributes that hold a policy document, by the types that have them. */
const documents: readonly string[] = [
  'access_policies',
  'access_policy',
  'assume_role_policy',
  'file_system_policy',
  'inline_policy',
  'policy',
  'policy_document',
  'policy_text',
  'registry_policy',
  'repository_policy',
  'resource_policy',
]

/** Whether a resource gives access to anything: by its type, or by a document in it, known or not. */
export function grants({ type, values }: PlannedResource): boolean {
  if (granting.test(type)) return true
  return membersOf(values).some(({ key, value }) => {
    const text = textOf(value)
    if (text === undefined || !documents.includes(key.value)) return false
    return text.includes('"Statement"') || (text === '${unknown}' && member(values, key.value) === value)
  })
}

/** The policy documents of a plan that are known only after apply: the resources, and why. */
export function unreadDocuments(
  root: JsonNode,
): readonly { readonly type: string; readonly address: string; readonly reason: string }[] {
  const plan = new TerraformPlan(root)
  return plan.resources().flatMap((resource) => {
    const { type, address, values } = resource
    const inferred = plan.inferredOf(resource)
    if (inferred !== undefined) return [{ type, address, reason: inferred }]
    return membersOf(values).flatMap(({ key, value }) => {
      const reason = documents.includes(key.value) ? plan.unknown.get(value) : undefined
      return reason === undefined ? [] : [{ type, address, reason }]
    })
  })
}
