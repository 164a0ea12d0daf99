/** An API whose model is derived, and how much of it. */
export interface Service {
  /** Our name for it, which is botocore's folder as well. */
  readonly id: string
  /** The package of its client in the AWS SDK for JavaScript, where it is installed. */
  readonly sdk?: string
  readonly global: boolean
  /** The operations kept with their shapes; all of them where absent. The others keep only their names. */
  readonly only?: readonly string[]
  /** Whether no source has its model yet: then it stands in packages/server/models/written, with the reason. */
  readonly written?: boolean
}

export const services: readonly Service[] = [
  { id: 'iam', sdk: '@aws-sdk/client-iam', global: true },
  { id: 'sts', sdk: '@aws-sdk/client-sts', global: false },
  { id: 'cloudtrail', sdk: '@aws-sdk/client-cloudtrail', global: false },
  { id: 'organizations', sdk: '@aws-sdk/client-organizations', global: true },
  {
    id: 'ec2',
    sdk: '@aws-sdk/client-ec2',
    global: false,
    only: `
      RunInstances DescribeInstances StartInstances StopInstances RebootInstances TerminateInstances
      DescribeInstanceStatus DescribeInstanceAttribute ModifyInstanceAttribute ModifyInstanceMetadataOptions
      DescribeInstanceTypes DescribeInstanceTypeOfferings DescribeInstanceCreditSpecifications
      AssociateIamInstanceProfile DisassociateIamInstanceProfile ReplaceIamInstanceProfileAssociation
      DescribeIamInstanceProfileAssociations
      CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate
      DeleteLaunchTemplateVersions DescribeLaunchTemplates DescribeLaunchTemplateVersions GetLaunchTemplateData
      DescribeImages RegisterImage CreateImage DeregisterImage
      CreateVpc DeleteVpc DescribeVpcs CreateDefaultVpc DescribeVpcAttribute ModifyVpcAttribute
      CreateSubnet DeleteSubnet DescribeSubnets ModifySubnetAttribute
      DescribeRouteTables DescribeNetworkAcls DescribeAddresses
      CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups DescribeSecurityGroupRules
      AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress
      RevokeSecurityGroupIngress RevokeSecurityGroupEgress
      UpdateSecurityGroupRuleDescriptionsIngress UpdateSecurityGroupRuleDescriptionsEgress
      DescribeRegions DescribeAvailabilityZones DescribeAccountAttributes
      CreateKeyPair ImportKeyPair DeleteKeyPair DescribeKeyPairs
      CreateTags DeleteTags DescribeTags
      DescribeNetworkInterfaces DescribeVolumes
    `
      .trim()
      .split(/\s+/),
  },
  {
    id: 'lambda',
    sdk: '@aws-sdk/client-lambda',
    global: false,
    only: `
      CreateFunction UpdateFunctionCode UpdateFunctionConfiguration GetFunction GetFunctionConfiguration
      ListFunctions DeleteFunction Invoke AddPermission RemovePermission GetPolicy
      TagResource UntagResource ListTags
      PublishVersion ListVersionsByFunction CreateAlias UpdateAlias GetAlias DeleteAlias ListAliases
      GetFunctionCodeSigningConfig GetFunctionConcurrency PutFunctionConcurrency DeleteFunctionConcurrency
      GetProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig
      ListProvisionedConcurrencyConfigs
      GetAccountSettings
    `
      .trim()
      .split(/\s+/),
  },
  { id: 'signin', global: false },
  { id: 'sso-oidc', global: false },
  { id: 'sso', global: false },
  { id: 'identitystore', global: false },
  {
    id: 'sso-admin',
    global: false,
    only: `
      ListInstances DescribeInstance CreateInstance UpdateInstance DeleteInstance
      CreatePermissionSet DescribePermissionSet UpdatePermissionSet DeletePermissionSet ListPermissionSets
      PutInlinePolicyToPermissionSet GetInlinePolicyForPermissionSet DeleteInlinePolicyFromPermissionSet
      AttachManagedPolicyToPermissionSet DetachManagedPolicyFromPermissionSet
      ListManagedPoliciesInPermissionSet
      AttachCustomerManagedPolicyReferenceToPermissionSet
      DetachCustomerManagedPolicyReferenceFromPermissionSet
      ListCustomerManagedPolicyReferencesInPermissionSet
      PutPermissionsBoundaryToPermissionSet GetPermissionsBoundaryForPermissionSet
      DeletePermissionsBoundaryFromPermissionSet
      CreateAccountAssignment DeleteAccountAssignment ListAccountAssignments
      ListAccountAssignmentsForPrincipal
      DescribeAccountAssignmentCreationStatus DescribeAccountAssignmentDeletionStatus
      ListAccountAssignmentCreationStatus ListAccountAssignmentDeletionStatus
      ProvisionPermissionSet DescribePermissionSetProvisioningStatus ListPermissionSetProvisioningStatus
      ListAccountsForProvisionedPermissionSet ListPermissionSetsProvisionedToAccount
      TagResource UntagResource ListTagsForResource
      CreateInstanceAccessControlAttributeConfiguration
      DescribeInstanceAccessControlAttributeConfiguration
      UpdateInstanceAccessControlAttributeConfiguration
      DeleteInstanceAccessControlAttributeConfiguration
    `
      .trim()
      .split(/\s+/),
  },
  {
    id: 'eks',
    global: false,
    only: `
      CreatePodIdentityAssociation DescribePodIdentityAssociation ListPodIdentityAssociations
      UpdatePodIdentityAssociation DeletePodIdentityAssociation
      TagResource UntagResource ListTagsForResource
    `
      .trim()
      .split(/\s+/),
  },
  { id: 'eks-auth', global: false },
  { id: 'cognito-identity', global: false },
  {
    id: 'rolesanywhere',
    global: false,
    only: `
      CreateTrustAnchor GetTrustAnchor ListTrustAnchors UpdateTrustAnchor DeleteTrustAnchor
      EnableTrustAnchor DisableTrustAnchor
      CreateProfile GetProfile ListProfiles UpdateProfile DeleteProfile EnableProfile DisableProfile
      PutAttributeMapping DeleteAttributeMapping
      ImportCrl GetCrl ListCrls UpdateCrl DeleteCrl EnableCrl DisableCrl
      GetSubject ListSubjects
      TagResource UntagResource ListTagsForResource
    `
      .trim()
      .split(/\s+/),
  },
  { id: 'account-access', global: false, written: true },
  { id: 'account-access-runtime', global: false, written: true },
  { id: 'iam-toolbox', global: false, written: true },
  { id: 'omen', global: true, written: true },
]
