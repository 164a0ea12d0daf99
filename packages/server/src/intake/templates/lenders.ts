import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, rowOf, textOf } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import type { Fields } from './fields.ts'

/** A value that names roles, and who gets them. */
interface Loan {
  readonly roles: readonly (JsonNode | undefined)[]
  readonly who: string
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
  'AWS::RolesAnywhere::Profile': (fields) => ofProfile(fields, 'Name', 'RoleArns'),
  aws_cognito_identity_pool_roles_attachment: (fields) => {
    const mapped = itemsOf(fields.node('role_mapping')).flatMap((mapping) =>
      itemsOf(member(mapping, 'mapping_rule')).map((rule) => member(rule, 'role_arn')),
    )
    return ofPool(fields.known('identity_pool_id'), fields.node('roles'), mapped)
  },
  aws_eks_pod_identity_association: (fields) =>
    ofPods(fields, ['cluster_name', 'namespace', 'service_account', 'role_arn']),
  aws_rolesanywhere_profile: (fields) => ofProfile(fields, 'name', 'role_arns'),
}

/** Takes a resource that gives roles. Returns whether its type is one that is taken. */
export function takeLender(fields: Fields, builder: ImageBuilder): boolean {
  const read = rowOf(readers, fields.declared.type)
  if (read === undefined) return false
  for (const { roles, who } of read(fields)) {
    const known = fields.textsOf(
      roles.filter((node) => node !== undefined),
      'its roles',
    )
    for (const role of known) builder.lend({ at: fields.at, role, who })
  }
  return true
}

function ofPods(fields: Fields, names: readonly [string, string, string, string]): readonly Loan[] {
  const [cluster, namespace, account] = names.map((name) => fields.known(name) ?? '*')
  const roles = itemsOrOne(fields.node(names[3]))
  return [{ roles, who: `pods of ${namespace}/${account} in cluster ${cluster}` }]
}

function ofPool(
  pool = 'that is known after apply',
  roles: JsonNode | undefined,
  mapped: readonly (JsonNode | undefined)[],
): readonly Loan[] {
  return [
    { roles: [member(roles, 'authenticated'), ...mapped], who: `users of identity pool ${pool}` },
    { roles: [member(roles, 'unauthenticated')], who: `everyone, as guests of identity pool ${pool}` },
  ]
}

function ofProfile(fields: Fields, name: string, roles: string): readonly Loan[] {
  const who = `holders of certificates, by profile ${fields.known(name) ?? '*'} of IAM Roles Anywhere`
  return [{ roles: itemsOrOne(fields.node(roles)), who }]
}

function itemsOrOne(node: JsonNode | undefined): readonly JsonNode[] {
  if (node === undefined || textOf(node) === '') return []
  return node.type === 'list' ? itemsOf(node) : [node]
}
