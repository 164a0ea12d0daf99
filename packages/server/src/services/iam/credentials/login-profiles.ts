import { type Call, family, prepared } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import {
  hashPassword,
  isAmong,
  type KeptPasswords,
  type LoginProfile,
  loginProfiles,
  passwordPolicyOf,
  passwordsRemembered,
  passwordViolation,
  saltOf,
  unfitPassword,
  users,
  withPassword,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { alreadyExists, noSuchEntity, validationError } from '../faults.ts'
import { asksOwner, asksUser, getOwner, getUser, type Owner } from './owner.ts'

const saltLength = 16

/** A password's hash, and its salt. */
export interface Hashed {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
  /** The sealed hash that was the newest when this one was made. */
  readonly after: string | undefined
}

/** Console passwords of users. AssumeRoot's sessions manage root's (behaviour CRED-4). */
export const loginProfileFamily = family<Iam.Operations>()({
  CreateLoginProfile: prepared({
    ...asksOwner('assumedRoot'),
    async prepare(input, call) {
      checkNew(input, call)
      return input.Password === undefined ? undefined : hashed(input.Password, undefined, call)
    },
    run(input, call, made) {
      const owner = checkNew(input, call)
      const profile: LoginProfile = {
        owner: owner.id,
        createdAt: call.now,
        resetRequired: input.PasswordResetRequired ?? false,
        passwordSetAt: call.now,
        passwords: made === undefined ? { salt: '', sealedHashes: [] } : keep(made, [], call),
      }
      call.account.table(loginProfiles).put(profile)
      return { LoginProfile: profileOut(profile, owner) }
    },
  }),
  GetLoginProfile: {
    ...asksOwner('assumedRoot'),
    run(input, call) {
      const owner = getOwner(input, call, 'assumedRoot')
      return { LoginProfile: profileOut(getProfile(owner, call), owner) }
    },
  },
  UpdateLoginProfile: prepared({
    ...asksUser(),
    async prepare(input, call) {
      const profile = profileOf(input, call)
      if (input.Password === undefined) return undefined
      checkConforms(input.Password, call)
      return hashed(input.Password, profile.passwords, call)
    },
    run(input, call, made) {
      const profile = profileOf(input, call)
      const changed = made === undefined ? profile : withNew(made, profile, call)
      const resetRequired = input.PasswordResetRequired ?? profile.resetRequired
      call.account.table(loginProfiles).put({ ...changed, resetRequired })
    },
  }),
  DeleteLoginProfile: {
    ...asksOwner('assumedRoot'),
    run(input, call) {
      const profile = getProfile(getOwner(input, call, 'assumedRoot'), call)
      call.account.table(loginProfiles).delete(profile.owner)
    },
  },
})

function checkNew(input: Iam.CreateLoginProfileRequest, call: Call): Owner {
  const owner = getOwner(input, call, 'assumedRoot')
  if (call.account.table(loginProfiles).find(owner.id) !== undefined) {
    throw alreadyExists(`Login Profile for user ${owner.name ?? call.account.id} already exists.`)
  }
  if (input.Password !== undefined) checkConforms(input.Password, call)
  else if (owner.user !== undefined) {
    throw validationError(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
    )
  }
  return owner
}

function profileOf(input: Iam.UpdateLoginProfileRequest, call: Call): LoginProfile {
  const user = getUser(input, call)
  return getProfile({ id: user.id, name: user.name, user }, call)
}

/** @throws Fault NoSuchEntity */
export function getProfile(owner: Owner, call: Call): LoginProfile {
  const profile = call.account.table(loginProfiles).find(owner.id)
  if (profile === undefined) {
    throw noSuchEntity(`Login Profile for User ${owner.name ?? call.account.id} cannot be found.`)
  }
  return profile
}

/** @throws Fault PasswordPolicyViolation */
export function checkConforms(password: string, call: Call): void {
  const violation = passwordViolation(password, passwordPolicyOf(call.account), call.account)
  if (violation !== undefined) throw violates(violation)
}

function violates(message: string) {
  return fault('PasswordPolicyViolation', message, 400)
}

/** Hashes a password with the salt of the earlier ones, or with a new one. */
export async function hashed(
  password: string,
  before: KeptPasswords | undefined,
  call: Call,
): Promise<Hashed> {
  const first = before === undefined || before.sealedHashes.length === 0
  const salt = first ? call.deps.random.bytes(saltLength) : saltOf(before)
  return { salt, hash: await hashPassword(password, salt), after: before?.sealedHashes[0] }
}

/**
 * Returns the profile with a further password. @throws Fault PasswordPolicyViolation if the password is reused too
 * soon (behaviour CRED-13), EntityTemporarilyUnmodifiable if another call set one while this one was hashed
 */
export function withNew(made: Hashed, profile: LoginProfile, call: Call): LoginProfile {
  const { passwords } = profile
  if (passwords.sealedHashes[0] !== made.after) {
    const name = call.account.table(users).find(profile.owner)?.name ?? call.account.id
    throw fault(
      'EntityTemporarilyUnmodifiable',
      `Login Profile for User ${name} cannot be modified while login profile is being created.`, // AWS's only words
      409,
    )
  }
  const count = passwordPolicyOf(call.account)?.reusePrevention ?? 0
  if (isAmong(made.hash, passwords, count, call.deps.vault)) throw violates(unfitPassword)
  return { ...profile, passwordSetAt: call.now, passwords: keep(made, passwords.sealedHashes, call) }
}

function keep(made: Hashed, before: readonly string[], call: Call): KeptPasswords {
  return withPassword(made.hash, made.salt, before, passwordsRemembered, call.deps.vault)
}

function profileOut(profile: LoginProfile, owner: Owner): Iam.LoginProfile {
  const view = {
    UserName: owner.name,
    CreateDate: profile.createdAt,
    PasswordResetRequired: profile.resetRequired,
  }
  return view as Iam.LoginProfile // the name is absent for root's, whatever the model says
}
