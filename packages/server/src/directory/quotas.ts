/**
 * The most that an account may hold, by the names in AWS's faults (`Cannot exceed quota for RolesPerAccount: 1000`),
 * and an organization, by names of our own. Sizes count characters without white space.
 */
export interface Quotas {
  readonly UsersPerAccount: number
  readonly GroupsPerAccount: number
  readonly RolesPerAccount: number
  readonly PoliciesPerAccount: number
  readonly InstanceProfilesPerAccount: number
  readonly ServerCertificatesPerAccount: number
  readonly OpenIdConnectProvidersPerAccount: number
  readonly SAMLProvidersPerAccount: number
  readonly GroupsPerUser: number
  readonly AccessKeysPerUser: number
  readonly MFADevicesPerUser: number
  readonly SSHPublicKeysPerUser: number
  readonly CertificatesPerUser: number
  readonly PoliciesPerUser: number
  readonly PoliciesPerGroup: number
  readonly PoliciesPerRole: number
  readonly VersionsPerPolicy: number
  readonly PolicyVersionsInUse: number
  readonly TagsPerUser: number
  readonly TagsPerRole: number
  readonly TagsPerPolicy: number
  readonly TagsPerInstanceProfile: number
  readonly TagsPerMFADevice: number
  readonly TagsPerServerCertificate: number
  readonly TagsPerOpenIdConnectProvider: number
  readonly TagsPerSAMLProvider: number
  readonly ClientIdsPerOpenIdConnectProvider: number
  readonly PolicySize: number
  readonly ACLSizePerRole: number
  readonly UserPolicySize: number
  readonly GroupPolicySize: number
  readonly RolePolicySize: number
  /**
   * Includes closed accounts and open invitations. If this is more than 20, it also limits the invitations of a day.
   */
  readonly AccountsPerOrganization: number
  readonly OrganizationalUnitsPerOrganization: number
}

/** AWS's defaults (behaviours IAM-30 and ORG-70). */
export const defaultQuotas: Quotas = {
  UsersPerAccount: 5_000,
  GroupsPerAccount: 300,
  RolesPerAccount: 1_000,
  PoliciesPerAccount: 1_500,
  InstanceProfilesPerAccount: 1_000,
  ServerCertificatesPerAccount: 20,
  OpenIdConnectProvidersPerAccount: 100,
  SAMLProvidersPerAccount: 100,
  GroupsPerUser: 10,
  AccessKeysPerUser: 2,
  MFADevicesPerUser: 8,
  SSHPublicKeysPerUser: 5,
  CertificatesPerUser: 2,
  PoliciesPerUser: 10,
  PoliciesPerGroup: 10,
  PoliciesPerRole: 10,
  VersionsPerPolicy: 5,
  PolicyVersionsInUse: 10_000,
  TagsPerUser: 50,
  TagsPerRole: 50,
  TagsPerPolicy: 50,
  TagsPerInstanceProfile: 50,
  TagsPerMFADevice: 50,
  TagsPerServerCertificate: 50,
  TagsPerOpenIdConnectProvider: 50,
  TagsPerSAMLProvider: 50,
  ClientIdsPerOpenIdConnectProvider: 100,
  PolicySize: 6_144,
  ACLSizePerRole: 2_048,
  UserPolicySize: 2_048,
  GroupPolicySize: 5_120,
  RolePolicySize: 10_240,
  AccountsPerOrganization: 10,
  OrganizationalUnitsPerOrganization: 2_000,
}
