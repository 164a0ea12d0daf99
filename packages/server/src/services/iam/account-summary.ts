import { type Call, family } from '../../authorization/index.ts'
import {
  groups,
  instanceProfiles,
  loginProfiles,
  mfaDevices,
  mfaDevicesOf,
  oidcProviders,
  policies,
  type Quotas,
  roles,
  samlProviders,
  settings,
  users,
} from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { keysOf } from './access-keys.ts'
import { allAttachments } from './attachment-counts.ts'
import { ownedBy } from './credentials/owned.ts'
import { serverCertificates, signingCertificates } from './credentials/records.ts'
import { quotaOf } from './faults.ts'

/** The summary of the account, and its setting for STS. */
export const accountSummaryFamily = family<Iam.Operations>()({
  GetAccountSummary: {
    run(_input, call) {
      const summary: Record<string, number> = {}
      for (const [key, count] of Object.entries(counts)) summary[key] = count(call)
      for (const [key, quota] of Object.entries(quotas)) summary[key] = quotaOf(call, quota)
      return { SummaryMap: summary }
    },
  },
  SetSecurityTokenServicePreferences: {
    run(input, call) {
      const globalTokenVersion = input.GlobalEndpointTokenVersion === 'v2Token' ? 2 : 1
      call.account.table(settings).put({ ...call.account.settings, globalTokenVersion })
    },
  },
})

type SummaryKey = Iam.SummaryKeyType
type QuotaKey = Extract<SummaryKey, `${string}Quota`>

/** The members of the summary, one row for each key. */
const counts: Readonly<Record<Exclude<SummaryKey, QuotaKey>, (call: Call) => number>> = {
  Users: ({ account }) => account.table(users).size,
  Groups: ({ account }) => account.table(groups).size,
  Roles: ({ account }) => account.table(roles).size,
  Policies: ({ account }) => account.table(policies).size,
  PolicyVersionsInUse: ({ account }) => allAttachments(account).size,
  InstanceProfiles: ({ account }) => account.table(instanceProfiles).size,
  AccountAccessKeysPresent: ({ account }) => (keysOf('root', account).length > 0 ? 1 : 0),
  GlobalEndpointTokenVersion: ({ account }) => account.settings.globalTokenVersion ?? 1,
  ServerCertificates: ({ account }) => account.table(serverCertificates).size,
  Providers: ({ account }) => account.table(samlProviders).size + account.table(oidcProviders).size,
  MFADevices: ({ account }) => account.table(mfaDevices).size,
  MFADevicesInUse: ({ account }) => {
    let used = 0
    for (const { use } of account.table(mfaDevices).values()) if (use !== undefined) used++
    return used
  },
  AccountMFAEnabled: ({ account }) => (mfaDevicesOf('root', account).length > 0 ? 1 : 0),
  AccountPasswordPresent: ({ account }) => (account.table(loginProfiles).find('root') === undefined ? 0 : 1),
  AccountSigningCertificatesPresent: ({ account }) =>
    ownedBy('root', signingCertificates, account).length > 0 ? 1 : 0,
}

const quotas: Readonly<Record<QuotaKey, keyof Quotas>> = {
  UsersQuota: 'UsersPerAccount',
  GroupsQuota: 'GroupsPerAccount',
  RolesQuota: 'RolesPerAccount',
  PoliciesQuota: 'PoliciesPerAccount',
  InstanceProfilesQuota: 'InstanceProfilesPerAccount',
  ServerCertificatesQuota: 'ServerCertificatesPerAccount',
  GroupsPerUserQuota: 'GroupsPerUser',
  AccessKeysPerUserQuota: 'AccessKeysPerUser',
  SigningCertificatesPerUserQuota: 'CertificatesPerUser',
  AttachedPoliciesPerUserQuota: 'PoliciesPerUser',
  AttachedPoliciesPerGroupQuota: 'PoliciesPerGroup',
  AttachedPoliciesPerRoleQuota: 'PoliciesPerRole',
  VersionsPerPolicyQuota: 'VersionsPerPolicy',
  PolicyVersionsInUseQuota: 'PolicyVersionsInUse',
  PolicySizeQuota: 'PolicySize',
  AssumeRolePolicySizeQuota: 'ACLSizePerRole',
  UserPolicySizeQuota: 'UserPolicySize',
  GroupPolicySizeQuota: 'GroupPolicySize',
  RolePolicySizeQuota: 'RolePolicySize',
}
