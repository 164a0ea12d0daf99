import type { Call, PassedRole } from '../../../authorization/index.ts'
import { type Fault, fault, iamArn, parseArn } from '../../../base/index.ts'
import {
  type InstanceProfile,
  instanceProfiles,
  type ProfileAssociation,
  roles,
} from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { invalidCombination, invalidValue, missing } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { wholeSecond } from '../instant.ts'

const ec2Principal = 'ec2.amazonaws.com'

type Specification = Ec2.IamInstanceProfileSpecification

/** Returns the instance profile that a request names, if the account has it. */
export function findProfile(given: Specification | undefined, call: Call): InstanceProfile | undefined {
  const name = given?.Name ?? nameInArn(given?.Arn)
  const profile =
    name === undefined ? undefined : call.account.table(instanceProfiles).findBy('name', name.toLowerCase())
  if (profile === undefined || given?.Arn === undefined) return profile
  return profileArn(profile, call) === given.Arn ? profile : undefined
}

/**
 * Returns what giving a profile to an instance passes: the role in it, never the profile (behaviour EC2-10), to any
 * instance (PSR-7).
 */
export function passedBy(given: Specification | undefined, call: Call): readonly PassedRole[] {
  const roleArn = roleArnOf(findProfile(given, call), call)
  if (roleArn === undefined) return []
  const associatedResourceArn = ec2Arn(call, call.account.id, 'instance', '*')
  return [{ roleArn, service: ec2Principal, associatedResourceArn }]
}

/** Returns the profile with its role. @throws Fault in EC2's words (behaviours EC2-11 to EC2-13) */
export function getProfile(given: Specification, call: Call): InstanceProfile {
  if (given.Name !== undefined && given.Arn !== undefined) {
    throw invalidCombination(
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    )
  }
  if (given.Name === undefined && given.Arn === undefined) throw missing('iamInstanceProfile')
  const profile = findProfile(given, call)
  if (profile === undefined) {
    throw given.Arn === undefined
      ? invalidValue('iamInstanceProfile.name', given.Name ?? '', 'Invalid IAM Instance Profile name')
      : invalidValue('iamInstanceProfile.arn', given.Arn, 'Invalid IAM Instance Profile ARN')
  }
  if (roleArnOf(profile, call) === undefined) throw noRole(profile, call)
  return profile
}

export function profileArn(profile: InstanceProfile, call: Call): string {
  return iamArn(call.account, 'instance-profile', profile.path, profile.name)
}

/** Returns the association of an instance with the profile at its beginning. */
export function newAssociation(profile: InstanceProfile, call: Call): ProfileAssociation {
  return {
    id: newResourceId('iip-assoc', call.deps.random),
    profileId: profile.id,
    profileArn: profileArn(profile, call),
    at: wholeSecond(call.now),
  }
}

function roleArnOf(profile: InstanceProfile | undefined, call: Call): string | undefined {
  const role = profile?.roleId === undefined ? undefined : call.account.table(roles).find(profile.roleId)
  return role && iamArn(call.account, 'role', role.path, role.name)
}

function noRole(profile: InstanceProfile, call: Call): Fault {
  return fault(
    'InvalidParameterValue',
    `IAM Instance Profile "${profileArn(profile, call)}" has no associated IAM Roles`,
    400,
  )
}

function nameInArn(arn: string | undefined): string | undefined {
  const parts = arn === undefined ? undefined : parseArn(arn)
  if (parts?.service !== 'iam' || !parts.resource.startsWith('instance-profile/')) return undefined
  return parts.resource.slice(parts.resource.lastIndexOf('/') + 1)
}
