import type { Account } from './account.ts'
import type { KeptPasswords } from './passwords.ts'
import { defineTable } from './table.ts'

/** A user's password for the console, or root's. */
export interface LoginProfile {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly createdAt: number
  readonly resetRequired: boolean
  readonly passwordSetAt: number
  readonly passwords: KeptPasswords
}

/** What an account's passwords must be like. */
export interface PasswordPolicy {
  readonly id: 'password-policy'
  readonly minimumLength: number
  readonly symbols: boolean
  readonly numbers: boolean
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly usersMayChange: boolean
  /** Days that a password is good for; undefined: for ever. */
  readonly maximumAge?: number
  /** How many of a user's passwords must not come again, the present one counted. */
  readonly reusePrevention?: number
  readonly hardExpiry?: boolean
}

export const loginProfiles = defineTable<LoginProfile>({ kind: 'iam/login-profile', key: (r) => r.owner })
export const passwordPolicies = defineTable<PasswordPolicy>({ kind: 'iam/password-policy', key: (r) => r.id })

/** How many passwords of a user are remembered: as many as a policy can ask for. */
export const passwordsRemembered = 24

const day = 86_400_000

/** The account's own policy; undefined where AWS's default one holds. */
export function passwordPolicyOf(account: Account): PasswordPolicy | undefined {
  return account.table(passwordPolicies).find('password-policy')
}

/** When a password is no longer good for signing in, in milliseconds since the epoch; undefined: never. */
export function passwordExpiry(
  profile: LoginProfile,
  policy: PasswordPolicy | undefined,
): number | undefined {
  return policy?.maximumAge === undefined ? undefined : profile.passwordSetAt + policy.maximumAge * day
}

const symbol = /[!@#$%^&*()_+\-=[\]{}|']/

/** Whether a password is what the policy, or without one AWS's default, asks for (behaviours CRED-10 and CRED-11). */
export function conforms(password: string, policy: PasswordPolicy | undefined, account: Account): boolean {
  const has = {
    uppercase: /[A-Z]/.test(password),
    lowercase: /[a-z]/.test(password),
    numbers: /[0-9]/.test(password),
    symbols: symbol.test(password),
  }
  if (policy !== undefined) {
    return (
      password.length >= policy.minimumLength &&
      (has.uppercase || !policy.uppercase) &&
      (has.lowercase || !policy.lowercase) &&
      (has.numbers || !policy.numbers) &&
      (has.symbols || !policy.symbols)
    )
  }
  const kinds = Object.values(has).filter(Boolean).length
  const { name, email } = account.settings
  return password.length >= 8 && kinds >= 3 && password !== name && password !== email
}
