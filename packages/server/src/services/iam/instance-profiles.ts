import { type Call, family } from '../../authorization/index.ts'
import { iamArn, newId } from '../../base/index.ts'
import { type InstanceProfile, instanceProfiles, roles } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { byName, nameKey, pageBelow } from './by-name.ts'
import { alreadyExists, checkQuota, deleteConflict, limitExceeded, noSuchEntity } from './faults.ts'
import { page } from './page.ts'
import { checkUnlinked, roleBrief, trustedAccounts } from './roles.ts'
import { asks, creates, get, lists } from './target.ts'
import { findNamed, profileArn, roleArn, theProfile, theRole } from './targets.ts'
import { newTags, tagsOut } from './traits/tags.ts'

/** Instance profiles, through which EC2 finds the role of an instance. */
export const instanceProfileFamily = family<Iam.Operations>()({
  CreateInstanceProfile: {
    ...creates(theProfile, (input: Iam.CreateInstanceProfileRequest, call) =>
      iamArn(call.account, 'instance-profile', input.Path ?? '/', input.InstanceProfileName),
    ),
    run(input, call) {
      const { account } = call
      if (findNamed(instanceProfiles, account, input.InstanceProfileName) !== undefined) {
        throw alreadyExists(`Instance Profile ${input.InstanceProfileName} already exists.`)
      }
      checkQuota(call, 'InstanceProfilesPerAccount', account.table(instanceProfiles).size + 1)
      const profile: InstanceProfile = {
        id: newId('AIPA', account.id, call.deps.random),
        name: input.InstanceProfileName,
        path: input.Path ?? '/',
        createdAt: call.now,
        tags: newTags(theProfile, input.Tags, call),
      }
      account.table(instanceProfiles).put(profile)
      return { InstanceProfile: { ...profileOut(profile, call), ...tagsOut(profile.tags) } }
    },
  },
  GetInstanceProfile: {
    accounts: (_input, call) => trustedAccounts(call.account),
    ...asks(theProfile),
    run(input, call) {
      const profile = get(theProfile, input, call)
      return { InstanceProfile: { ...profileOut(profile, call), Tags: profile.tags } }
    },
  },
  ListInstanceProfiles: {
    accounts: (_input, call) => trustedAccounts(call.account),
    ...lists('instance-profile'),
    run(input, call) {
      const { items, rest } = pageBelow(instanceProfiles, input, call)
      return { InstanceProfiles: items.map((profile) => profileOut(profile, call)), ...rest }
    },
  },
  ListInstanceProfilesForRole: {
    accounts: (_input, call) => trustedAccounts(call.account),
    ...asks(theRole),
    run(input, call) {
      const role = get(theRole, input, call)
      const { items, rest } = page(
        byName(call.account, instanceProfiles),
        nameKey,
        input,
        (profile) => profile.roleId === role.id,
      )
      return { InstanceProfiles: items.map((profile) => profileOut(profile, call)), ...rest }
    },
  },
  DeleteInstanceProfile: {
    ...asks(theProfile),
    run(input, call) {
      const profile = get(theProfile, input, call)
      if (profile.roleId !== undefined) {
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
      }
      call.account.table(instanceProfiles).delete(profile.id)
    },
  },
  AddRoleToInstanceProfile: {
    ...asks(theProfile),
    // adding a role to a profile passes it to EC2 (behaviour POL-079)
    passes(input, call) {
      const role = theRole.find(input, call)
      if (role === undefined) return []
      // the instances and their location are not known yet (behaviour PSR-7)
      const associatedResourceArn = `arn:${call.account.partition}:ec2:*:${call.account.id}:instance/*`
      return [{ roleArn: roleArn(call, role), service: 'ec2.amazonaws.com', associatedResourceArn }]
    },
    run(input, call) {
      const profile = get(theProfile, input, call)
      const role = get(theRole, input, call)
      checkUnlinked(role)
      if (profile.roleId !== undefined) {
        // AWS raises this quota for no one, so it is not configurable here (behaviour IAM-30)
        throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
      }
      call.account.table(instanceProfiles).put({ ...profile, roleId: role.id })
    },
  },
  RemoveRoleFromInstanceProfile: {
    ...asks(theProfile),
    run(input, call) {
      const profile = get(theProfile, input, call)
      const role = get(theRole, input, call)
      if (profile.roleId !== role.id) {
        throw noSuchEntity(`The role with name ${role.name} cannot be found.`)
      }
      const { roleId: _, ...rest } = profile
      call.account.table(instanceProfiles).put(rest)
    },
  },
})

/** Returns a profile with its role, without tags. */
export function profileOut(profile: InstanceProfile, call: Call): Iam.InstanceProfile {
  const role = profile.roleId === undefined ? undefined : call.account.table(roles).find(profile.roleId)
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profileArn(call, profile),
    CreateDate: profile.createdAt,
    Roles: role === undefined ? [] : [roleBrief(role, call)],
  }
}
