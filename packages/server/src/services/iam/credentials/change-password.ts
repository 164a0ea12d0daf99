import {
  type Call,
  type Dependencies,
  family,
  prepared,
  type ResourcePolicy,
} from '../../../authorization/index.ts'
import { fault, perObject } from '../../../base/index.ts'
import {
  Guesses,
  isPassword,
  type LoginProfile,
  loginProfiles,
  passwordPolicyOf,
  type User,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { access, actionOf, resourceTags } from '../target.ts'
import { theUser, userArn } from '../targets.ts'
import { checkConforms, getProfile, hashed, withNew } from './login-profiles.ts'

/** A user's change of their own password. */
export const changePasswordFamily = family<Iam.Operations>()({
  ChangePassword: prepared({
    requests(_input, call) {
      const { caller } = call
      if (caller.kind !== 'user') return [{ action: actionOf(call), resource: '*' }]
      const request = access(
        theUser,
        { UserName: caller.user.name },
        call,
        caller.user,
        resourceTags(theUser, caller.user),
      )
      return [{ ...request, ...grantedByAccount(call, request.resource) }]
    },
    async prepare(input, call) {
      const profile = profileOf(caller(call), call)
      if (!(await isOld(input.OldPassword, profile, call))) throw wrongPassword()
      checkConforms(input.NewPassword, call)
      return hashed(input.NewPassword, profile.passwords, call)
    },
    run(input, call, made) {
      const profile = profileOf(caller(call), call)
      checkConforms(input.NewPassword, call)
      call.account.table(loginProfiles).put({ ...withNew(made, profile, call), resetRequired: false })
    },
  }),
})

/** The guesses at a user's password that are checked within a window in milliseconds (behaviour CRED-91). */
const limits = { most: 5, window: 300_000, kept: 10_000 } as const

const guessesIn = perObject(({ directory }: Dependencies) => new Guesses(directory.store, limits))

/**
 * Returns whether it is the user's password. It counts as a wrong guess until it proves right, because many may arrive
 * at once.
 */
async function isOld(password: string, { owner, passwords }: LoginProfile, call: Call): Promise<boolean> {
  const { deps, account, now, id } = call
  const guesses = guessesIn(deps)
  const name = `password ${account.id} ${owner}`
  if (!(await guesses.take(name, now, id))) return false
  if (!(await isPassword(password, passwords, deps.vault))) return false
  await guesses.forget(name)
  return true
}

/**
 * The permission that AllowUsersToChangePassword gives: not a policy of the user's, but one of the account for each
 * user. It is evaluated as a resource's policy, which a Deny still overrides (behaviour CRED-14).
 */
export function grantedByAccount(call: Call, resource: string): { readonly resourcePolicy?: ResourcePolicy } {
  const { caller, account } = call
  if (caller.kind !== 'user' || passwordPolicyOf(account)?.usersMayChange !== true) return {}
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: userArn(call, caller.user) },
    Action: actionOf(call),
    Resource: resource,
  }
  return {
    resourcePolicy: { document: JSON.stringify({ Version: '2012-10-17', Statement }), grant: 'either' },
  }
}

/** @throws Fault InvalidUserType for root and sessions of roles (behaviour CRED-15) */
function caller({ caller }: Call): User {
  if (caller.kind === 'user') return caller.user
  throw fault('InvalidUserType', 'Only IAM Users can change their own password', 400)
}

function profileOf(user: User, call: Call) {
  return getProfile({ id: user.id, name: user.name, user }, call)
}

function wrongPassword() {
  return fault('AccessDenied', 'The old password was incorrect.', 403)
}
