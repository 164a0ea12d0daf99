import { type Call, family } from '../../authorization/index.ts'
import { iamArn, newId } from '../../base/index.ts'
import { loginProfiles, type User, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { move, pageBelow } from './by-name.ts'
import { asksOwner, getOwner } from './credentials/owner.ts'
import { shown } from './derived.ts'
import { alreadyExists, checkQuota, deleteConflict } from './faults.ts'
import { asks, asksMoved, boundaryKey, creates, get, lists } from './target.ts'
import { findNamed, theUser, userArn } from './targets.ts'
import { boundaryOut, checkedBoundary } from './traits/boundaries.ts'
import { newTags, tagsOut } from './traits/tags.ts'
import { hangsOnUser } from './user-dependents.ts'

/** Users themselves. */
export const userFamily = family<Iam.Operations>()({
  CreateUser: {
    ...creates(
      theUser,
      (input: Iam.CreateUserRequest, call) => iamArn(call.account, 'user', input.Path ?? '/', input.UserName),
      (input) => boundaryKey(input.PermissionsBoundary),
    ),
    run(input, call) {
      const { account } = call
      checkFree(input.UserName, call)
      checkQuota(call, 'UsersPerAccount', account.table(users).size + 1)
      const user: User = {
        id: newId('AIDA', account.id, call.deps.random),
        name: input.UserName,
        path: input.Path ?? '/',
        createdAt: call.now,
        inline: {},
        attached: [],
        groups: [],
        tags: newTags(theUser, input.Tags, call),
        ...(input.PermissionsBoundary === undefined
          ? {}
          : { boundaryArn: checkedBoundary(input.PermissionsBoundary, call) }),
      }
      account.table(users).put(user)
      return { User: userDetail(user, call) }
    },
  },
  GetUser: {
    ...asksOwner('root', 'assumedRoot'),
    run(input, call) {
      const { user } = getOwner(input, call, 'root', 'assumedRoot')
      return { User: user === undefined ? rootUser(call) : userDetail(user, call) }
    },
  },
  ListUsers: {
    ...lists('user'),
    run(input, call) {
      const { items, rest } = pageBelow(users, input, call)
      return { Users: items.map((user) => userSummary(user, call)), ...rest }
    },
  },
  UpdateUser: {
    ...asksMoved(theUser, 'user', (input: Iam.UpdateUserRequest) => ({
      before: input.UserName,
      after: input.NewUserName,
    })),
    run(input, call) {
      const user = get(theUser, input, call)
      move(users, user, { name: input.NewUserName, path: input.NewPath }, checkFree, call)
    },
  },
  DeleteUser: {
    ...asks(theUser),
    run(input, call) {
      const user = get(theUser, input, call)
      const conflict = hangsOnUser(user, call.account)
      if (conflict !== undefined) throw deleteConflict(conflict)
      call.account.table(users).delete(user.id)
    },
  },
})

function checkFree(name: string, call: Call): void {
  if (findNamed(users, call.account, name) !== undefined) {
    throw alreadyExists(`User with name ${name} already exists.`)
  }
}

/** Returns a user as lists show it: without tags and boundary (behaviour IAM-45). */
export const userSummary = shown(
  (user: User, call): Iam.User => ({
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: userArn(call, user),
    CreateDate: user.createdAt,
    PasswordLastUsed: user.passwordLastUsed,
  }),
)

function userDetail(user: User, call: Call): Iam.User {
  return { ...userSummary(user, call), ...boundaryOut(user.boundaryArn), ...tagsOut(user.tags) }
}

/** The root user has neither a name nor a path (behaviour IAM-46). */
export function rootUser(call: Call): Iam.User {
  const root = {
    UserId: call.account.id,
    Arn: iamArn(call.account, 'root', '', ''),
    CreateDate: call.account.settings.createdAt,
    PasswordLastUsed: call.account.table(loginProfiles).find('root')?.rootUsedAt,
  }
  return root as unknown as Iam.User // AWS leaves both required members out for root
}
