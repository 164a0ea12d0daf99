import {
  type AccessKey,
  accessKeys,
  type LoginProfile,
  loginProfiles,
  type MfaDevice,
  mfaDevices,
  newMfaDevice,
  type PasswordPolicy,
  passwordPolicies,
  passwordPolicyOf,
} from '../../directory/index.ts'
import type {
  AccessKeyImage,
  LoginProfileImage,
  MfaDeviceImage,
  PasswordPolicyImage,
} from '../../image/index.ts'
import { accessKeyPurpose, newSecretKey } from '../../session/index.ts'
import { lastUse } from './identities.ts'
import { type AccountPlan, Changes, sameSecond, sameTags } from './plan.ts'

/** Bytes of a virtual device's seed. */
const seedLength = 40

/** Compares an access key. A new one gets a random secret that is never shown. */
export function compareKey(plan: AccountPlan, image: AccessKeyImage): void {
  const owner = ownerOf(plan, image.user)
  if (owner === undefined) {
    plan.notTake(image.at, 'access key', image.id, `there is no user ${image.user}`)
    return
  }
  const { deps } = plan
  const before = plan.before?.table(accessKeys).find(image.id)
  const changes = new Changes()
  const base: AccessKey = before ?? {
    id: image.id,
    owner,
    active: image.active,
    createdAt: image.createdAt ?? plan.now,
    sealedSecret: deps.vault.sealText(accessKeyPurpose, newSecretKey(deps.random)),
  }
  const key: AccessKey = {
    ...base,
    owner: changes.of('owner', base.owner, owner),
    active: changes.of('status', base.active, image.active),
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
  }
  const changed = changes.names.length
  lastUse(plan, key.id, image.lastUsed, changes)
  plan.recordChange('access key', image.id, image.at, before !== undefined, changes)
  if (before === undefined || changed > 0) plan.put(accessKeys, key)
}

/** Compares a user's password. A new profile gets a random one that is never shown. */
export function compareLoginProfile(plan: AccountPlan, image: LoginProfileImage): void {
  const owner = ownerOf(plan, image.user)
  if (owner === undefined) {
    plan.notTake(image.at, 'login profile', image.user, `there is no user ${image.user}`)
    return
  }
  const before = plan.before?.table(loginProfiles).find(owner)
  const changes = new Changes()
  const createdAt = image.createdAt ?? image.passwordSetAt ?? plan.now
  const base: LoginProfile = before ?? {
    owner,
    createdAt,
    resetRequired: image.resetRequired ?? false,
    passwordSetAt: image.passwordSetAt ?? createdAt,
    passwords: { salt: '', sealedHashes: [] },
  }
  const profile: LoginProfile = {
    ...base,
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
    resetRequired: changes.of('whether a new password is required', base.resetRequired, image.resetRequired),
    passwordSetAt: changes.instant('date of the password', base.passwordSetAt, image.passwordSetAt),
  }
  if (plan.recordChange('login profile', image.user, image.at, before !== undefined, changes))
    plan.put(loginProfiles, profile)
}

/** Compares an MFA device. A new one gets a random seed that is never shown. */
export function compareDevice(plan: AccountPlan, image: MfaDeviceImage): void {
  const { deps } = plan
  const owner = image.user === undefined ? undefined : ownerOf(plan, image.user)
  if (image.user !== undefined && owner === undefined) {
    plan.notTake(image.at, 'MFA device', image.serial, `there is no user ${image.user}`)
    return
  }
  const table = plan.before?.table(mfaDevices)
  const before = table?.find(image.serial)
  const changes = new Changes()
  const createdAt = image.enabledAt ?? plan.now
  const base = before ?? newMfaDevice(image.serial, deps.random.bytes(seedLength), [], createdAt, deps.vault)
  const enabledAt = image.enabledAt ?? base.use?.enabledAt ?? createdAt
  const isSame =
    base.use?.owner === owner && (owner === undefined || sameSecond(base.use?.enabledAt, enabledAt))
  if (!isSame) changes.names.push('owner')
  const { use: _, ...rest } = base
  const use = isSame ? base.use : owner === undefined ? undefined : { owner, enabledAt }
  const device: MfaDevice = {
    ...rest,
    tags: changes.of('tags', base.tags, image.tags, sameTags),
    ...(use === undefined ? {} : { use }),
  }
  if (plan.recordChange('MFA device', image.serial, image.at, before !== undefined, changes))
    plan.put(mfaDevices, device)
}

/** Compares the password policy. */
export function comparePasswordPolicy(plan: AccountPlan, image: PasswordPolicyImage | null): void {
  const before = plan.before && passwordPolicyOf(plan.before)
  if (image === null) {
    if (before === undefined) return
    plan.record('changed', 'password policy', 'of the account', plan.at, ['removed'])
    plan.remove(passwordPolicies, 'password-policy')
    return
  }
  const { at, ...rules } = image
  const policy: PasswordPolicy = { id: 'password-policy', ...rules }
  const kept = new Map<string, unknown>(Object.entries(before ?? {}))
  const given = new Map<string, unknown>(Object.entries(policy))
  const names = [...new Set([...kept.keys(), ...given.keys()])].filter(
    (name) => kept.get(name) !== given.get(name),
  )
  const changes = new Changes()
  changes.names.push(...names)
  if (plan.recordChange('password policy', 'of the account', at, before !== undefined, changes))
    plan.put(passwordPolicies, policy)
}

function ownerOf(plan: AccountPlan, user: string | null): string | undefined {
  return user === null ? 'root' : plan.ids.user.get(user.toLowerCase())
}
