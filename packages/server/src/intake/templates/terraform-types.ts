import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, membersOf, textOf } from '../../sources/index.ts'
import { type PlannedResource, TerraformPlan } from './terraform-plan.ts'

/** Types that give access by other means than a policy document, and do not say to whom in an attribute of its own. */
const granting =
  /^aws_(?:iam|organizations|ssoadmin)_|_(?:permission|permissions|grant)$|_access_policy$|^aws_identitystore_group_membership$|^aws_quicksight_iam_policy_assignment$|^aws_lakeformation_data_lake_settings$|^aws_(?:serverlessapplicationrepository_)?cloudformation_stack(?:_set)?$|^aws_rolesanywhere_(?:profile|trust_anchor)$|^aws_ram_(?:principal|resource)_association$/

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

/** Attributes that name to whom a resource gives something. */
const receivers = /^(?:grantee_)?principal(?:s|_arn|_id)?$/

/** Lists of access that are open to more than one account. */
const openLists = /^(?:public-|authenticated-)/

/**
 * Whether a resource gives access to anything: by its type, by whom it names, or by a document in it or in one of its
 * blocks, known or not (behaviour TPL-181).
 */
export function grants({ type, values }: PlannedResource): boolean {
  if (granting.test(type)) return true
  return membersOf(values).some(({ key, value }) => {
    if (receivers.test(key.value)) return true
    const text = textOf(value)
    if (key.value === 'acl') return openLists.test(text ?? '')
    if (text === '${unknown}') return documents.includes(key.value)
    return hasDocument(value, key.value)
  })
}

/** Whether a value is a document, or has one in its blocks. */
function hasDocument(value: JsonNode, name: string, depth = 0): boolean {
  const text = textOf(value)
  if (text !== undefined) return documents.includes(name) && text.includes('"Statement"')
  if (depth > deepestBlock) return false
  return (
    itemsOf(value).some((each) => hasDocument(each, name, depth + 1)) ||
    membersOf(value).some((each) => hasDocument(each.value, each.key.value, depth + 1))
  )
}

const deepestBlock = 6

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
