import { type Call, family } from '../../../authorization/index.ts'
import { type PasswordPolicy, passwordPolicies, passwordPolicyOf } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { noSuchEntity } from '../faults.ts'
import { actionOf } from '../target.ts'
import { grantedByAccount } from './change-password.ts'

/** The account's own password policy. */
export const passwordPolicyFamily = family<Iam.Operations>()({
  GetAccountPasswordPolicy: {
    requests(_input, call) {
      return [{ action: actionOf(call), resource: '*', ...grantedByAccount(call, '*') }]
    },
    run: (_input, call) => ({ PasswordPolicy: policyOut(getPolicy(call)) }),
  },
  UpdateAccountPasswordPolicy: {
    run(input, call) {
      // an omitted member returns to its default (behaviour CRED-12)
      call.account.table(passwordPolicies).put({
        id: 'password-policy',
        minimumLength: input.MinimumPasswordLength ?? 6,
        symbols: input.RequireSymbols ?? false,
        numbers: input.RequireNumbers ?? false,
        uppercase: input.RequireUppercaseCharacters ?? false,
        lowercase: input.RequireLowercaseCharacters ?? false,
        usersMayChange: input.AllowUsersToChangePassword ?? false,
        ...(input.MaxPasswordAge === undefined ? {} : { maximumAge: input.MaxPasswordAge }),
        ...(input.PasswordReusePrevention === undefined
          ? {}
          : { reusePrevention: input.PasswordReusePrevention }),
        ...(input.HardExpiry === undefined ? {} : { hardExpiry: input.HardExpiry }),
      })
    },
  },
  DeleteAccountPasswordPolicy: {
    run(_input, call) {
      const policy = passwordPolicyOf(call.account)
      if (policy === undefined) {
        throw noSuchEntity('The account policy with name PasswordPolicy cannot be found.')
      }
      call.account.table(passwordPolicies).delete(policy.id)
    },
  },
})

function getPolicy(call: Call): PasswordPolicy {
  const policy = passwordPolicyOf(call.account)
  if (policy === undefined) {
    throw noSuchEntity(`The Password Policy with domain name ${call.account.id} cannot be found.`)
  }
  return policy
}

function policyOut(policy: PasswordPolicy): Iam.PasswordPolicy {
  return {
    MinimumPasswordLength: policy.minimumLength,
    RequireSymbols: policy.symbols,
    RequireNumbers: policy.numbers,
    RequireUppercaseCharacters: policy.uppercase,
    RequireLowercaseCharacters: policy.lowercase,
    AllowUsersToChangePassword: policy.usersMayChange,
    ExpirePasswords: policy.maximumAge !== undefined,
    MaxPasswordAge: policy.maximumAge,
    PasswordReusePrevention: policy.reusePrevention,
    HardExpiry: policy.hardExpiry,
  }
}
