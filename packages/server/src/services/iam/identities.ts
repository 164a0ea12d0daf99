import { type Call, family } from '../../authorization/index.ts'
import type { Iam } from '../../model/index.ts'
import { getOwnPolicy, getPolicy } from './policies.ts'
import { checkUnlinked } from './roles.ts'
import { theGroup, thePolicy, theProfile, theRole, theUser } from './targets.ts'
import { attachments } from './traits/attachments.ts'
import { boundaries } from './traits/boundaries.ts'
import { inlinePolicies } from './traits/inline-policies.ts'
import { tagging } from './traits/tags.ts'

const userInline = inlinePolicies(theUser, {
  sizeQuota: 'UserPolicySize',
  nameOut: (user) => ({ UserName: user.name }),
  boundaryOf: (user) => user.boundaryArn,
})
const groupInline = inlinePolicies(theGroup, {
  sizeQuota: 'GroupPolicySize',
  nameOut: (group) => ({ GroupName: group.name }),
})
const roleInline = inlinePolicies(theRole, {
  sizeQuota: 'RolePolicySize',
  nameOut: (role) => ({ RoleName: role.name }),
  boundaryOf: (role) => role.boundaryArn,
  checkChangeable: checkUnlinked,
})

/** Inline policies of users, groups and roles. */
export const inlinePolicyFamily = family<Iam.Operations>()({
  PutUserPolicy: userInline.put,
  GetUserPolicy: userInline.get,
  DeleteUserPolicy: userInline.delete,
  ListUserPolicies: userInline.list,
  PutGroupPolicy: groupInline.put,
  GetGroupPolicy: groupInline.get,
  DeleteGroupPolicy: groupInline.delete,
  ListGroupPolicies: groupInline.list,
  PutRolePolicy: roleInline.put,
  GetRolePolicy: roleInline.get,
  DeleteRolePolicy: roleInline.delete,
  ListRolePolicies: roleInline.list,
})

const userAttached = attachments(theUser, {
  countQuota: 'PoliciesPerUser',
  boundaryOf: (user) => user.boundaryArn,
})
const groupAttached = attachments(theGroup, { countQuota: 'PoliciesPerGroup' })
const roleAttached = attachments(theRole, {
  countQuota: 'PoliciesPerRole',
  boundaryOf: (role) => role.boundaryArn,
  checkChangeable: checkUnlinked,
})

/** Managed policies attached to users, groups and roles. */
export const attachmentFamily = family<Iam.Operations>()({
  AttachUserPolicy: userAttached.attach,
  DetachUserPolicy: userAttached.detach,
  ListAttachedUserPolicies: userAttached.list,
  AttachGroupPolicy: groupAttached.attach,
  DetachGroupPolicy: groupAttached.detach,
  ListAttachedGroupPolicies: groupAttached.list,
  AttachRolePolicy: roleAttached.attach,
  DetachRolePolicy: roleAttached.detach,
  ListAttachedRolePolicies: roleAttached.list,
})

const userBoundary = boundaries(theUser)
const roleBoundary = boundaries(theRole, { checkChangeable: checkUnlinked })

/** Permissions boundaries of users and roles. */
export const boundaryFamily = family<Iam.Operations>()({
  PutUserPermissionsBoundary: userBoundary.put,
  DeleteUserPermissionsBoundary: userBoundary.delete,
  PutRolePermissionsBoundary: roleBoundary.put,
  DeleteRolePermissionsBoundary: roleBoundary.delete,
})

const userTags = tagging(theUser)
const roleTags = tagging(theRole)
const policyTags = tagging(thePolicy)
const profileTags = tagging(theProfile)

/** Tags of resources whose own files do not handle tags. */
export const tagFamily = family<Iam.Operations>()({
  TagUser: userTags.tag,
  UntagUser: userTags.untag,
  ListUserTags: userTags.list,
  TagRole: roleTags.tag,
  UntagRole: roleTags.untag,
  ListRoleTags: roleTags.list,
  TagPolicy: {
    ...policyTags.tag,
    run: (input, call, prepared) => policyTags.tag.run(ownOnly(input, call), call, prepared),
  },
  UntagPolicy: {
    ...policyTags.untag,
    run: (input, call, prepared) => policyTags.untag.run(ownOnly(input, call), call, prepared),
  },
  ListPolicyTags: {
    ...policyTags.list,
    run: (input, call, prepared) =>
      getPolicy(input.PolicyArn, call).awsManaged
        ? { Tags: [], IsTruncated: false }
        : policyTags.list.run(input, call, prepared),
  },
  TagInstanceProfile: profileTags.tag,
  UntagInstanceProfile: profileTags.untag,
  ListInstanceProfileTags: profileTags.list,
})

/** AWS's own policies have no tags and accept none (behaviour IAM-97). */
function ownOnly<I extends { readonly PolicyArn: string }>(input: I, call: Call): I {
  getOwnPolicy(input.PolicyArn, call)
  return input
}
