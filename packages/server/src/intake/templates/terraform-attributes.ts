/** Attributes that name another resource and nothing else, and the types that they name; without types, any. */
export const naming: Readonly<Record<string, readonly string[] | undefined>> = {
  role: ['aws_iam_role'],
  roles: ['aws_iam_role'],
  user: ['aws_iam_user'],
  users: ['aws_iam_user'],
  group: ['aws_iam_group'],
  groups: ['aws_iam_group'],
  role_name: ['aws_iam_role'],
  user_name: ['aws_iam_user'],
  group_name: ['aws_iam_group'],
  policy_arn: ['aws_iam_policy'],
  policy_arns: ['aws_iam_policy'],
  managed_policy_arns: ['aws_iam_policy'],
  permissions_boundary: ['aws_iam_policy'],
  iam_instance_profile: ['aws_iam_instance_profile'],
  bucket: ['aws_s3_bucket'],
  policy_id: ['aws_organizations_policy'],
  target_id: ['aws_organizations_organizational_unit'],
  parent_id: ['aws_organizations_organizational_unit'],
  permission_set_arn: ['aws_ssoadmin_permission_set'],
  principal_id: ['aws_identitystore_group', 'aws_identitystore_user'],
  group_id: ['aws_identitystore_group'],
  member_id: ['aws_identitystore_user'],
  managed_policy_arn: ['aws_iam_policy'],
  arn: [],
  access_point_arn: [],
  cluster_arn: [],
  function_name: [],
  identity_pool_id: [],
  key_id: [],
  kms_key_id: ['aws_kms_key'],
  kms_key_identifier: ['aws_kms_key'],
  kms_master_key_id: ['aws_kms_key'],
  queue_url: [],
  repository: [],
  resource_arn: [],
  role_arn: [],
  role_arns: ['aws_iam_role'],
  secret_arn: [],
  source_arn: [],
  target_key_id: ['aws_kms_key'],
}

/** Attributes that the provider computes if no expression sets them: then they say nothing that matters. */
const computed: readonly string[] = [
  'access_policies',
  'access_policy',
  'description',
  'hard_expiry',
  'inline_policy',
  'managed_policy_arns',
  'name_prefix',
  'path',
  'permissions_boundary',
  'policy',
]

/** Whether an attribute that no expression sets is one that the provider computes. */
export function isComputed(name: string, type: string): boolean {
  // a resource that is a policy has its document from nowhere else
  const isDocument = name === 'policy' || name === 'access_policy' || name === 'access_policies'
  return computed.includes(name) && !(isDocument && /_policy$/.test(type))
}

/** Whether an attribute takes an ARN where its expression names the whole resource. */
export function wantsArn(name: string, type: string): boolean {
  if (/_arns?$|^arn$|^permissions_boundary$/.test(name)) return true
  return name === 'role' && !/^aws_iam_/.test(type)
}
