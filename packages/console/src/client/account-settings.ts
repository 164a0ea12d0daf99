import { AwsError, query } from './aws.ts'

/** A password policy, in IAM's own names. */
export interface PasswordPolicy {
  readonly MinimumPasswordLength: number
  readonly RequireSymbols: boolean
  readonly RequireNumbers: boolean
  readonly RequireUppercaseCharacters: boolean
  readonly RequireLowercaseCharacters: boolean
  readonly AllowUsersToChangePassword: boolean
  /** Days; 0 if passwords never expire. */
  readonly MaxPasswordAge: number
  /** 0 if every password can be used again. */
  readonly PasswordReusePrevention: number
  readonly HardExpiry: boolean
}

/** AWS's default password policy. Source: IAM User Guide, Set an account password policy. */
export const defaultPasswordPolicy: PasswordPolicy = {
  MinimumPasswordLength: 8,
  RequireSymbols: false,
  RequireNumbers: false,
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: false,
  AllowUsersToChangePassword: false,
  MaxPasswordAge: 0,
  PasswordReusePrevention: 0,
  HardExpiry: false,
}

/** The account's own password policy; undefined if it has none. */
export async function passwordPolicy(signal?: AbortSignal): Promise<PasswordPolicy | undefined> {
  try {
    const policy = (await query('iam', 'GetAccountPasswordPolicy', {}, { signal })).child('PasswordPolicy')
    const isSet = (name: string) => policy.text(name) === 'true'
    const count = (name: string) => Number(policy.text(name))
    return {
      MinimumPasswordLength: count('MinimumPasswordLength'),
      RequireSymbols: isSet('RequireSymbols'),
      RequireNumbers: isSet('RequireNumbers'),
      RequireUppercaseCharacters: isSet('RequireUppercaseCharacters'),
      RequireLowercaseCharacters: isSet('RequireLowercaseCharacters'),
      AllowUsersToChangePassword: isSet('AllowUsersToChangePassword'),
      MaxPasswordAge: count('MaxPasswordAge'),
      PasswordReusePrevention: count('PasswordReusePrevention'),
      HardExpiry: isSet('HardExpiry'),
    }
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchEntity') return undefined
    throw error
  }
}

/** Makes the policy the account's own. */
export async function savePasswordPolicy(policy: PasswordPolicy): Promise<void> {
  const { MaxPasswordAge, PasswordReusePrevention, ...rest } = policy
  await query('iam', 'UpdateAccountPasswordPolicy', {
    ...rest,
    ...(MaxPasswordAge > 0 ? { MaxPasswordAge } : {}),
    ...(PasswordReusePrevention > 0 ? { PasswordReusePrevention } : {}),
  })
}

/** The account's alias; undefined if it has none. */
export async function accountAlias(signal?: AbortSignal): Promise<string | undefined> {
  const answer = await query('iam', 'ListAccountAliases', {}, { signal })
  return answer.list('AccountAliases')[0]?.own
}
