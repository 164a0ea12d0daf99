import { query } from './aws.ts'
import { everyPage } from './iam.ts'

/** An instance profile, and the role in it. */
export interface InstanceProfile {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** ISO 8601. */
  readonly created: string
  readonly role?: { readonly name: string; readonly id: string }
}

/** All instance profiles of the account. */
export async function listProfiles(signal?: AbortSignal): Promise<readonly InstanceProfile[]> {
  return (await everyPage('ListInstanceProfiles', 'InstanceProfiles', {}, signal)).map((profile) => {
    const [role] = profile.list('Roles')
    return {
      name: profile.text('InstanceProfileName'),
      path: profile.text('Path'),
      arn: profile.text('Arn'),
      created: profile.text('CreateDate'),
      ...(role === undefined ? {} : { role: { name: role.text('RoleName'), id: role.text('RoleId') } }),
    }
  })
}

/** Puts a role into a profile in the place of the one in it; an empty name takes it out. */
export async function setProfileRole({ name, role }: InstanceProfile, wanted: string): Promise<void> {
  const InstanceProfileName = name
  if (role !== undefined)
    await query('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: role.name })
  if (wanted !== '') await query('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName: wanted })
}

/** Deletes a profile. */
export async function deleteProfile(profile: InstanceProfile): Promise<void> {
  await setProfileRole(profile, '')
  await query('iam', 'DeleteInstanceProfile', { InstanceProfileName: profile.name })
}
