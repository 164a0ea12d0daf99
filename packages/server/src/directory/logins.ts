import type { Account } from './account.ts'
import type { KeptPasswords } from './passwords.ts'
import { defineTable } from './table.ts'

/** The console password of a user, or of root. */
export interface LoginProfile {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly createdAt: number
  readonly resetRequired: boolean
  readonly passwordSetAt: number
  readonly passwords: KeptPasswords
  /** The time of root's last sign-in with it; for a user, the user's record has it. */
  readonly rootUsedAt?: number
}

/** An account's password policy. */
export interface PasswordPolicy {
  readonly id: 'password-policy'
  readonly minimumLength: number
  readonly symbols: boolean
  readonly numbers: boolean
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly usersMayChange: boolean
  /** Days until a password expires; undefined if it never does. */
  readonly maximumAge?: number
  /** The number of a user's passwords that must not be reused, the current one included. */
  readonly reusePrevention?: number
  readonly hardExpiry?: boolean
}

export const loginProfiles = defineTable<LoginProfile>({ kind: 'iam/login-profile', key: (r) => r.owner })
export const passwordPolicies = defineTable<PasswordPolicy>({ kind: 'iam/password-policy', key: (r) => r.id })

/** The number of passwords that are remembered for a user: the most that a policy can require. */
export const passwordsRemembered = 24

const day = 86_400_000

/** Returns the account's own policy, or undefined if AWS's default applies. */
export function passwordPolicyOf(account: Account): PasswordPolicy | undefined {
  return account.table(passwordPolicies).find('password-policy')
}

/** Returns when a password expires, in milliseconds since the epoch, or undefined if never. */
export function passwordExpiry(
  profile: LoginProfile,
  policy: PasswordPolicy | undefined,
): number | undefined {
  return policy?.maximumAge === undefined ? undefined : profile.passwordSetAt + policy.maximumAge * day
}

/** Kinds of characters, in the order of AWS's message. */
const kinds = [
  { kind: 'uppercase', found: /[A-Z]/, wanted: 'Password should have at least one uppercase letter' },
  { kind: 'lowercase', found: /[a-z]/, wanted: 'Password should have at least one lowercase letter' },
  { kind: 'numbers', found: /[0-9]/, wanted: 'Password should have at least one number' },
  { kind: 'symbols', found: /[!@#$%^&*()_+\-=[\]{}|']/, wanted: 'Password should have at least one symbol' },
] as const

const defaultLength = 8
const defaultKinds = 3

/** AWS's messages for a password that is reused too soon, or equals the account's name or address. */
export const unfitPassword = 'Password does not conform to the account password policy.'

/**
 * Returns AWS's message on why a password does not meet the policy, or AWS's default if there is no policy; undefined
 * if it meets it (behaviours CRED-10 and CRED-11).
 */
export function passwordViolation(
  password: string,
  policy: PasswordPolicy | undefined,
  account: Account,
): string | undefined {
  const reasons: string[] = []
  const length = policy?.minimumLength ?? defaultLength
  if (password.length < length) reasons.push(`Password should have a minimum length of ${length}`)
  const missing = kinds.filter(({ found }) => !found.test(password))
  if (policy !== undefined) {
    for (const { kind, wanted } of missing) if (policy[kind]) reasons.push(wanted)
  } else {
    const more = missing.length - (kinds.length - defaultKinds)
    if (more > 0) {
      const wanted = missing.map((each) => each.wanted).join(', ')
      reasons.push(`Password should meet ${more} more of the following requirements: ${wanted}`)
    }
  }
  if (reasons.length > 0) return reasons.join(', ')
  const { name, email } = account.settings
  return policy === undefined && (password === name || password === email) ? unfitPassword : undefined
}
