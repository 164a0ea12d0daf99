import type { JsonNode } from '@omen-iam/policy'
import { type Partition, parseAccountId } from '../../base/index.ts'
import { itemsOf, member, rowOf, textOf } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import type { PolicyReference, SetDraft } from './center.ts'
import { type Fields, NotTakeable } from './fields.ts'

/** The name of the inline policy of a reserved role (behaviour SSO-42). */
const inlineName = 'AwsSSOInlinePolicy'

type Maker = (fields: Fields, builder: ImageBuilder, arn: string | undefined) => void

/**
 * How resources of IAM Identity Center become roles. Sources: AWS CloudFormation resource reference; documentation of
 * Terraform's provider for AWS.
 */
const makers: Readonly<Record<string, Maker | undefined>> = {
  'AWS::SSO::PermissionSet': (fields, builder, arn) => {
    const inline = fields.node('InlinePolicy')
    const boundary = fields.node('PermissionsBoundary')
    const referred = itemsOf(fields.node('CustomerManagedPolicyReferences'))
    builder.center.set(arn ?? fields.declared.id, {
      ...setOf(fields, 'Name', 'InstanceArn'),
      ...inlineOf(fields, inline),
      managed: fields.texts('ManagedPolicies') ?? [],
      referred: referred.map((each) => referenceOf(fields, each, 'Name', 'Path')),
      ...(boundary !== undefined && {
        boundary:
          fields.textOf(member(boundary, 'ManagedPolicyArn'), 'ManagedPolicyArn') ??
          referenceOf(fields, member(boundary, 'CustomerManagedPolicyReference'), 'Name', 'Path'),
      }),
    })
  },
  'AWS::SSO::Assignment': (fields, builder) => {
    const names = ['PermissionSetArn', 'TargetId', 'PrincipalId', 'PrincipalType'] as const
    assign(fields, builder, names)
  },
  'AWS::SSO::InstanceAccessControlAttributeConfiguration': (fields, builder) => {
    const given =
      fields.node('AccessControlAttributes') ??
      member(fields.node('InstanceAccessControlAttributeConfiguration'), 'AccessControlAttributes')
    tag(fields, builder, fields.known('InstanceArn'), itemsOf(given), ['Key', 'Value', 'Source'])
  },
  'AWS::IdentityStore::Group': (fields, builder, id) => {
    const name = fields.known('DisplayName')
    if (id !== undefined && name !== undefined) builder.center.name(id, name)
  },
  'AWS::IdentityStore::GroupMembership': (fields, builder) => {
    const user = fields.textOf(member(fields.node('MemberId'), 'UserId'), 'UserId')
    if (user === undefined) throw new NotTakeable('it has no UserId')
    join(fields, builder, fields.text('GroupId'), user)
  },
  aws_ssoadmin_permission_set: (fields, builder) => {
    const set = { ...setOf(fields, 'name', 'instance_arn'), managed: [], referred: [] }
    builder.center.set(fields.known('arn') ?? madeSetArn(set.name, set.home.partition), set)
  },
  aws_ssoadmin_permission_set_inline_policy: (fields, builder) => {
    const inline = inlineOf(fields, fields.node('inline_policy'))
    part(fields, builder, inlineName, (set) => ({ ...set, ...inline }))
  },
  aws_ssoadmin_managed_policy_attachment: (fields, builder) => {
    const managed = fields.text('managed_policy_arn')
    part(fields, builder, managed, (set) => ({ ...set, managed: [...set.managed, managed] }))
  },
  aws_ssoadmin_managed_policy_attachments_exclusive: (fields, builder) => {
    const managed = fields.texts('managed_policy_arns') ?? []
    part(fields, builder, managed.join(', '), (set) => ({ ...set, managed }))
  },
  aws_ssoadmin_customer_managed_policy_attachment: (fields, builder) => {
    const reference = referenceOf(fields, blockOf(fields.node('customer_managed_policy_reference')))
    part(fields, builder, reference.name, (set) => ({ ...set, referred: [...set.referred, reference] }))
  },
  aws_ssoadmin_permissions_boundary_attachment: (fields, builder) => {
    const block = blockOf(fields.node('permissions_boundary'))
    const arn = fields.textOf(filled(member(block, 'managed_policy_arn')), 'managed_policy_arn')
    const boundary = arn ?? referenceOf(fields, blockOf(member(block, 'customer_managed_policy_reference')))
    part(fields, builder, 'the boundary', (set) => ({ ...set, boundary }))
  },
  aws_ssoadmin_account_assignment: (fields, builder) => {
    assign(fields, builder, ['permission_set_arn', 'target_id', 'principal_id', 'principal_type'])
  },
  aws_ssoadmin_instance_access_control_attributes: (fields, builder) => {
    tag(fields, builder, fields.known('instance_arn'), itemsOf(fields.node('attribute')), [
      'key',
      'value',
      'source',
    ])
  },
  aws_identitystore_group: (fields, builder) => named(fields, builder, 'group_id', 'display_name'),
  aws_identitystore_user: (fields, builder) => named(fields, builder, 'user_id', 'user_name'),
  aws_identitystore_group_membership: (fields, builder) => {
    join(fields, builder, fields.text('group_id'), fields.text('member_id'))
  },
}

/**
 * Takes a resource of IAM Identity Center. Returns whether its type is one that is taken: only where files are compared, for
 * what an import makes are no sets.
 */
export function takeCenter(fields: Fields, builder: ImageBuilder, arn?: string): boolean {
  if (!builder.isPlanned) return false
  const make = rowOf(makers, fields.declared.type)
  make?.(fields, builder, arn)
  return make !== undefined
}

/** The ARN that a permission set has until AWS makes it. */
function madeSetArn(name: string, partition: Partition): string {
  return `arn:${partition}:sso:::permissionSet/${name}`
}

function setOf(fields: Fields, name: string, instance: string) {
  const { home } = fields.declared
  return {
    at: fields.at,
    home,
    name: fields.text(name),
    instance: fields.known(instance) ?? 'instance',
  }
}

function inlineOf(fields: Fields, node: JsonNode | undefined): Pick<SetDraft, 'inline'> {
  const inline = node === undefined || textOf(node) === '' ? undefined : fields.inline(inlineName, node)
  return inline === undefined ? {} : { inline }
}

function part(fields: Fields, builder: ImageBuilder, what: string, add: (set: SetDraft) => SetDraft): void {
  const { home, type: kind } = fields.declared
  for (const set of fields.each('permission_set_arn'))
    builder.center.part({ at: fields.at, home, set, kind, what, add })
}

/** @throws NotTakeable if the account or the set is not known */
function assign(
  fields: Fields,
  builder: ImageBuilder,
  [set, target, principal, type]: readonly [string, string, string, string],
): void {
  const { home, type: kind, id } = fields.declared
  const account = parseAccountId(fields.text(target))
  if (account === undefined) throw new NotTakeable(`${target} is no account, or is known after apply`)
  const isGroup = fields.known(type) !== 'USER'
  const who =
    fields.known(principal) ??
    `a ${(fields.known(type) ?? 'principal').toLowerCase()} that is known after apply`
  for (const each of fields.each(set))
    builder.center.assign({ at: fields.at, home, set: each, account, kind, id, principal: who, isGroup })
}

/** Attributes for access control; a source that is not known is `*`. */
function tag(
  fields: Fields,
  builder: ImageBuilder,
  instance = 'instance',
  attributes: readonly JsonNode[],
  [key, value, source]: readonly [string, string, string],
): void {
  const { home } = fields.declared
  const tags = attributes.flatMap((each) => {
    const sources = itemsOf(member(blockOf(member(each, value)), source))
    const name = fields.textOf(member(each, key), key)
    return name === undefined ? [] : [`${name} from ${fields.textsOf(sources, source).join(', ') || '*'}`]
  })
  builder.center.tag({ at: fields.at, home, instance, tags })
}

function join(fields: Fields, builder: ImageBuilder, group: string, user: string): void {
  const { home, type: kind, id } = fields.declared
  builder.center.join(group, { at: fields.at, home, kind, id, user })
}

function named(fields: Fields, builder: ImageBuilder, id: string, name: string): void {
  const [given, text] = [fields.known(id), fields.known(name)]
  if (given !== undefined && text !== undefined) builder.center.name(given, text)
}

function referenceOf(
  fields: Fields,
  node: JsonNode | undefined,
  name = 'name',
  path = 'path',
): PolicyReference {
  const text = fields.textOf(member(node, name), name)
  if (text === undefined) throw new NotTakeable('it has no name of a policy')
  return { name: text, path: fields.textOf(filled(member(node, path)), path) ?? '/' }
}

/** The one block of a list. */
function blockOf(node: JsonNode | undefined): JsonNode | undefined {
  return node?.type === 'list' ? node.items[0] : node
}

function filled(node: JsonNode | undefined): JsonNode | undefined {
  const isEmpty = (node?.type === 'scalar' && node.value === null) || textOf(node) === ''
  return isEmpty ? undefined : node
}
