import type { JsonNode, PolicyKind } from '@omen-iam/policy'
import { organizationKinds } from './cloudformation-types.ts'
import { Collector } from './collect.ts'
import { member, membersOf, rowOf, textOf } from './nodes.ts'
import type { PolicyOwner, SourceOptions, WrittenPolicy } from './source.ts'

/** The members with which answers of AWS that contain policies begin. */
const answers: readonly string[] = [
  'UserDetailList',
  'GroupDetailList',
  'RoleDetailList',
  'Policies',
  'Roles',
  'Role',
  'PolicyVersion',
  'PolicyDocument',
  'Policy',
]

/** Members that contain documents, and the use of these. */
const documents: Readonly<Record<string, PolicyKind | 'guess' | undefined>> = {
  AssumeRolePolicyDocument: 'trust',
  PolicyDocument: 'identity',
  Document: 'identity',
  Policy: 'guess',
  Content: 'guess',
}

/** Members with the name of a document's owner, the nearest first. */
const names: readonly (readonly [member: string, type: string])[] = [
  ['RoleName', 'Role'],
  ['UserName', 'User'],
  ['GroupName', 'Group'],
  ['PolicyName', 'Policy'],
]

/** Returns whether it may be output of the AWS CLI: get-account-authorization-details, get-role, get-role-policy … */
export function isAccount(root: JsonNode): boolean {
  return membersOf(root).some(({ key }) => answers.includes(key.value))
}

/** The policies in an answer of AWS; of a managed policy's versions the one that is in effect. */
export function policiesOfAccount(
  root: JsonNode,
  text: string,
  options: SourceOptions,
): readonly WrittenPolicy[] {
  const collector = new Collector(text, 'account', options)
  walk(root, { property: '', isAwsManaged: false })

  function walk(node: JsonNode, place: Place): void {
    if (node.type === 'list') {
      for (const [index, item] of node.items.entries())
        walk(item, { ...place, property: `${place.property}[${index}]` })
      return
    }
    if (node.type !== 'object' || isOld(node)) return
    const own = ownerOf(node)
    // an inline policy belongs to its role, user or group
    const owner = own?.type === 'Policy' ? (place.owner ?? own) : (own ?? place.owner)
    const arn = textOf(member(node, 'Arn'))
    const isAwsManaged = place.isAwsManaged || (arn !== undefined && /^arn:[\w-]+:iam::aws:/.test(arn))
    const kindOfOrganization = rowOf(
      organizationKinds,
      textOf(member(member(node, 'PolicySummary'), 'Type')) ?? '',
    )
    for (const { key, value } of node.members) {
      const property = place.property === '' ? key.value : `${place.property}.${key.value}`
      const kind = rowOf(documents, key.value)
      const found = {
        property,
        isAwsManaged,
        kind: kind === 'guess' ? kindOfOrganization : kind,
        ...(owner === undefined ? {} : { owner }),
      }
      if (kind === undefined || !collector.add(value, found))
        walk(value, { property, isAwsManaged, ...(owner === undefined ? {} : { owner }) })
    }
  }
  return collector.policies
}

interface Place {
  readonly property: string
  readonly isAwsManaged: boolean
  readonly owner?: PolicyOwner
}

/** A version that is not the default one has no effect. */
function isOld(node: JsonNode): boolean {
  const current = member(node, 'IsDefaultVersion')
  return member(node, 'Document') !== undefined && current?.type === 'scalar' && current.value === false
}

function ownerOf(node: JsonNode): PolicyOwner | undefined {
  for (const [name, type] of names) {
    const id = textOf(member(node, name))
    if (id !== undefined) return { type, id }
  }
  return undefined
}
