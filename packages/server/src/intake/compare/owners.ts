import { accessKeys, instanceProfiles, loginProfiles, mfaDevices, users } from '../../directory/index.ts'
import type { AccountPlan } from './plan.ts'

/** Moves what belongs to a user, group or role to its new unique id. */
export function replaceOwner(
  plan: AccountPlan,
  kind: 'user' | 'group' | 'role',
  old: string,
  id: string,
): void {
  const { before } = plan
  if (before === undefined) return
  if (kind === 'role') {
    for (const profile of before.table(instanceProfiles).values())
      if (profile.roleId === old) plan.put(instanceProfiles, { ...profile, roleId: id })
    return
  }
  if (kind === 'group') {
    for (const user of before.table(users).values())
      if (user.groups.includes(old))
        plan.put(users, { ...user, groups: user.groups.map((each) => (each === old ? id : each)) })
    return
  }
  for (const key of before.table(accessKeys).values())
    if (key.owner === old) plan.put(accessKeys, { ...key, owner: id })
  const profile = before.table(loginProfiles).find(old)
  if (profile !== undefined) {
    plan.remove(loginProfiles, old)
    plan.put(loginProfiles, { ...profile, owner: id })
  }
  for (const device of before.table(mfaDevices).values())
    if (device.use?.owner === old) plan.put(mfaDevices, { ...device, use: { ...device.use, owner: id } })
}
