import { type Call, family } from '../../authorization/index.ts'
import {
  type Account,
  type Group,
  groups,
  type InstanceProfile,
  instanceProfiles,
  type Role,
  roles,
  type User,
  users,
} from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { type AnyPolicy, findPolicy } from './any-policy.ts'
import { allAttachments } from './attachment-counts.ts'
import { byName, nameKey } from './by-name.ts'
import { ofPermissions, ofTable } from './derived.ts'
import { encodeDocument } from './document.ts'
import { validationError } from './faults.ts'
import { groupsOf } from './groups.ts'
import { profileOut } from './instance-profiles.ts'
import { chained, type Listing, type Paging, page, seenAs, sortedBy } from './page.ts'
import { ownPolicies, policyKey, policySummary } from './policies.ts'
import { versionOut } from './policy-versions.ts'
import { lastUsedOut, roleBrief, trustedAccounts } from './roles.ts'
import { groupArn, userArn } from './targets.ts'
import { attachedPolicy } from './traits/attachments.ts'
import { boundaryOut } from './traits/boundaries.ts'

type Entry =
  | { readonly type: 'User'; readonly key: string; readonly user: User }
  | { readonly type: 'Group'; readonly key: string; readonly group: Group }
  | { readonly type: 'Role'; readonly key: string; readonly role: Role }
  | { readonly type: 'Policy'; readonly key: string; readonly found: AnyPolicy }

/** All permissions of the account, page by page. */
export const authorizationDetailsFamily = family<Iam.Operations>()({
  GetAccountAuthorizationDetails: {
    accounts: (_input, call) => trustedAccounts(call.account),
    run(input, call) {
      const { items, rest } = detailsPage(new Set(input.Filter), input, call)
      const profiles = profilesByRole(call.account)
      return {
        UserDetailList: items.flatMap((item) => (item.type === 'User' ? userOut(item.user, call) : [])),
        RoleDetailList: items.flatMap((item) =>
          item.type === 'Role' ? roleOut(item.role, profiles.get(item.role.id) ?? [], call) : [],
        ),
        GroupDetailList: items.flatMap((item) => (item.type === 'Group' ? groupOut(item.group, call) : [])),
        Policies: items.flatMap((item) => (item.type === 'Policy' ? policyOut(item.found, call) : [])),
        ...rest,
      }
    },
  },
})

/** A marker belongs to its filter (behaviour IAM-242). */
function detailsPage(filter: ReadonlySet<Iam.EntityType>, input: Paging, call: Call) {
  const filterMark = `filter=${[...filter].sort().join('+')};` // no name has these signs
  const isOwn = (marker: string) => Buffer.from(marker, 'base64').toString('utf8').includes(filterMark)
  if (input.Marker !== undefined && !isOwn(input.Marker))
    throw validationError('Marker and Filter do not match')
  return page(entries(filter, call), ({ key }) => filterMark + key, input)
}

/**
 * Returns everything that the filter names, kind by kind, each sorted by name; AWS's policies only if they are in use.
 */
function entries(filter: ReadonlySet<Iam.EntityType>, { account }: Call): Listing<Entry> {
  const isListed = (type: Iam.EntityType) => filter.size === 0 || filter.has(type)
  const policies = shownPolicies(isListed('LocalManagedPolicy'), isListed('AWSManagedPolicy'), account)
  return chained<Entry>([
    seenAs(isListed('User') ? byName(account, users) : [], (user) => {
      return { type: 'User', key: `1 ${nameKey(user)}`, user }
    }),
    seenAs(isListed('Group') ? byName(account, groups) : [], (group) => {
      return { type: 'Group', key: `2 ${nameKey(group)}`, group }
    }),
    seenAs(isListed('Role') ? byName(account, roles) : [], (role) => {
      return { type: 'Role', key: `3 ${nameKey(role)}`, role }
    }),
    seenAs(policies, (found) => {
      return { type: 'Policy', key: `4 ${policyKey(found)}`, found }
    }),
  ])
}

function shownPolicies(own: boolean, aws: boolean, account: Account): readonly AnyPolicy[] {
  if (own && aws) return ownAndUsed(account)
  if (own) return ownPolicies(account)
  return aws ? usedOfAws(account) : []
}

const usedOfAws = ofPermissions((account): readonly AnyPolicy[] => {
  const used: AnyPolicy[] = []
  for (const arn of allAttachments(account).keys()) {
    const policy = findPolicy(account, arn)
    if (policy?.awsManaged === true) used.push(policy)
  }
  return sortedBy(used, policyKey)
})

const ownAndUsed = ofPermissions((account) =>
  sortedBy([...ownPolicies(account), ...usedOfAws(account)], policyKey),
)

const profilesByRole = ofTable(
  instanceProfiles,
  (profiles): ReadonlyMap<string, readonly InstanceProfile[]> =>
    Map.groupBy(
      profiles.ordered('name').filter(({ roleId }) => roleId !== undefined),
      ({ roleId }) => roleId!, // the filter left those that have one
    ),
)

function inlineOut(inline: Readonly<Record<string, string>>): readonly Iam.PolicyDetail[] {
  return Object.entries(inline).map(([name, text]) => ({
    PolicyName: name,
    PolicyDocument: encodeDocument(text),
  }))
}

function userOut(user: User, call: Call): Iam.UserDetail {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: userArn(call, user),
    CreateDate: user.createdAt,
    // a user without inline policies lacks the list, a group and a role have an empty one (behaviour IAM-104)
    ...(Object.keys(user.inline).length === 0 ? {} : { UserPolicyList: inlineOut(user.inline) }),
    GroupList: groupsOf(user, call.account).map((group) => group.name),
    AttachedManagedPolicies: user.attached.map(attachedPolicy),
    ...boundaryOut(user.boundaryArn),
    Tags: user.tags,
  }
}

function groupOut(group: Group, call: Call): Iam.GroupDetail {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: groupArn(call, group),
    CreateDate: group.createdAt,
    GroupPolicyList: inlineOut(group.inline),
    AttachedManagedPolicies: group.attached.map(attachedPolicy),
  }
}

function roleOut(role: Role, profiles: readonly InstanceProfile[], call: Call): Iam.RoleDetail {
  return {
    ...roleBrief(role, call),
    InstanceProfileList: profiles.map((profile) => profileOut(profile, call)),
    RolePolicyList: inlineOut(role.inline),
    AttachedManagedPolicies: role.attached.map(attachedPolicy),
    ...boundaryOut(role.boundaryArn),
    Tags: role.tags,
    RoleLastUsed: lastUsedOut(role, call),
  }
}

function policyOut(found: AnyPolicy, call: Call): Iam.ManagedPolicyDetail {
  const { policy } = found
  return {
    ...policySummary(found, call), // without its description (behaviour IAM-105)
    PolicyVersionList: policy.versions.toReversed().map((version) => ({
      Document: encodeDocument(version.document),
      ...versionOut(version, policy),
    })),
  }
}
