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
  /** When root last signed in with it; of a user the user's own record tells. */
  readonly rootUsedAt?: number
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

/** Kinds of characters, in the order in which AWS tells of them. */
const kinds = [
  { kind: 'uppercase', found: /[A-Z]/, wanted: 'Password should have at least one uppercase letter' },
  { kind: 'lowercase', found: /[a-z]/, wanted: 'Password should have at least one lowercase letter' },
  { kind: 'numbers', found: /[0-9]/, wanted: 'Password should have at least one number' },
  { kind: 'symbols', found: /[!@#$%^&*()_+\-=[\]{}|']/, wanted: 'Password should have at least one symbol' },
] as const

const defaultLength = 8
const defaultKinds = 3

/** What AWS says of a password that comes again too soon, or is the account's own name or address. */
export const unfitPassword = 'Password does not conform to the account password policy.'

/**
 * AWS's sentence on why a password is not what the policy, or without one AWS's default, asks for;
 * undefined where it is (behaviours CRED-10 and CRED-11).
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
