import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, rowOf, textOf } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import type { Certified } from './certificates.ts'
import type { Fields } from './fields.ts'

/** A value that names roles, and who gets them. */
interface Loan {
  readonly roles: readonly (JsonNode | undefined)[]
  readonly who: string
  readonly to?: string | undefined
}

type Reader = (fields: Fields) => readonly Loan[]

/**
 * Resources that give a role to who is no principal of IAM, by type (behaviour TPL-186). Sources: AWS CloudFormation
 * resource reference; documentation of Terraform's provider for AWS.
 */
const readers: Readonly<Record<string, Reader | undefined>> = {
  'AWS::Cognito::IdentityPoolRoleAttachment': (fields) => {
    const mapped = membersOf(fields.node('RoleMappings')).flatMap(({ value }) =>
      itemsOf(member(member(value, 'RulesConfiguration'), 'Rules')).map((rule) => member(rule, 'RoleARN')),
    )
    return ofPool(fields.known('IdentityPoolId'), fields.node('Roles'), mapped)
  },
  'AWS::EKS::PodIdentityAssociation': (fields) =>
    ofPods(fields, ['ClusterName', 'Namespace', 'ServiceAccount', 'RoleArn']),
  aws_cognito_identity_pool_roles_attachment: (fields) => {
    const mapped = itemsOf(fields.node('role_mapping')).flatMap((mapping) =>
      itemsOf(member(mapping, 'mapping_rule')).map((rule) => member(rule, 'role_arn')),
    )
    return ofPool(fields.known('identity_pool_id'), fields.node('roles'), mapped)
  },
  aws_eks_pod_identity_association: (fields) =>
    ofPods(fields, ['cluster_name', 'namespace', 'service_account', 'role_arn']),
}

/** Profiles and trust anchors of IAM Roles Anywhere: name, roles of a profile, and whether it is enabled. */
const certified: Readonly<Record<string, readonly [string, string | undefined, string] | undefined>> = {
  'AWS::RolesAnywhere::Profile': ['Name', 'RoleArns', 'Enabled'],
  'AWS::RolesAnywhere::TrustAnchor': ['Name', undefined, 'Enabled'],
  aws_rolesanywhere_profile: ['name', 'role_arns', 'enabled'],
  aws_rolesanywhere_trust_anchor: ['name', undefined, 'enabled'],
}

/** Takes a resource that gives roles. Returns whether its type is one that is taken. */
export function takeLender(fields: Fields, builder: ImageBuilder): boolean {
  const names = rowOf(certified, fields.declared.type)
  if (names !== undefined) {
    takeCertified(fields, builder, names)
    return true
  }
  const read = rowOf(readers, fields.declared.type)
  if (read === undefined) return false
  for (const { roles, who, to } of read(fields)) {
    const lentRoles = fields.textsOf(
      roles.filter((node) => node !== undefined),
      'its roles',
    )
    for (const role of lentRoles) builder.lend({ at: fields.at, role, who, to })
  }
  return true
}

function ofPods(fields: Fields, names: readonly [string, string, string, string]): readonly Loan[] {
  const [cluster, namespace, account] = names.map((name) => fields.known(name) ?? '*')
  const roles = itemsOrOne(fields.node(names[3]))
  const isKnown = ![cluster, namespace, account].includes('*')
  const to = isKnown ? `pod/${cluster}/${namespace}/${account}` : undefined
  return [{ roles, who: `pods of ${namespace}/${account} in cluster ${cluster}`, to }]
}

function ofPool(
  pool = 'that is known after apply',
  roles: JsonNode | undefined,
  mapped: readonly (JsonNode | undefined)[],
): readonly Loan[] {
  return [
    {
      roles: [member(roles, 'authenticated'), ...mapped],
      who: `users of identity pool ${pool}`,
      to: `pool/${pool}`,
    },
    { roles: [member(roles, 'unauthenticated')], who: `everyone, as guests of identity pool ${pool}` },
  ]
}

function takeCertified(
  fields: Fields,
  { certificates }: ImageBuilder,
  [name, roles, enabled]: readonly [string, string | undefined, string],
): void {
  const flag = fields.node(enabled)
  if ((flag?.type === 'scalar' && flag.value === false) || textOf(flag) === 'false') return
  const certified: Certified = { at: fields.at, home: fields.declared.home, name: fields.known(name) ?? '*' }
  if (roles === undefined) certificates.anchor(certified)
  else
    certificates.profile({ ...certified, roles: fields.textsOf(itemsOrOne(fields.node(roles)), 'its roles') })
}

function itemsOrOne(node: JsonNode | undefined): readonly JsonNode[] {
  if (node === undefined || textOf(node) === '') return []
  return node.type === 'list' ? itemsOf(node) : [node]
}
