import { type Call, family } from '../../authorization/index.ts'
import { iamArn, newId } from '../../base/index.ts'
import { type Account, type Group, groups, type User, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { byName, move, nameKey, pageBelow } from './by-name.ts'
import { shown } from './derived.ts'
import { alreadyExists, checkQuota, deleteConflict } from './faults.ts'
import { page, sortedBy } from './page.ts'
import { asks, asksMoved, get, lists } from './target.ts'
import { findNamed, groupArn, theGroup, theUser } from './targets.ts'
import { userSummary } from './users.ts'

/** Groups and their members. */
export const groupFamily = family<Iam.Operations>()({
  CreateGroup: {
    resource: (input, call) => iamArn(call.account, 'group', input.Path ?? '/', input.GroupName),
    run(input, call) {
      const { account } = call
      checkFree(input.GroupName, call)
      checkQuota(call, 'GroupsPerAccount', account.table(groups).size + 1)
      const group: Group = {
        id: newId('AGPA', account.id, call.deps.random),
        name: input.GroupName,
        path: input.Path ?? '/',
        createdAt: call.now,
        inline: {},
        attached: [],
      }
      account.table(groups).put(group)
      return { Group: groupOut(group, call) }
    },
  },
  GetGroup: {
    ...asks(theGroup),
    run(input, call) {
      const group = get(theGroup, input, call)
      const { items, rest } = page(byName(call.account, users), nameKey, input, (user) =>
        user.groups.includes(group.id),
      )
      return { Group: groupOut(group, call), Users: items.map((user) => userSummary(user, call)), ...rest }
    },
  },
  ListGroups: {
    ...lists('group'),
    run(input, call) {
      const { items, rest } = pageBelow(groups, input, call)
      return { Groups: items.map((group) => groupOut(group, call)), ...rest }
    },
  },
  UpdateGroup: {
    ...asksMoved(theGroup, 'group', (input: Iam.UpdateGroupRequest) => ({
      before: input.GroupName,
      after: input.NewGroupName,
    })),
    run(input, call) {
      const group = get(theGroup, input, call)
      move(groups, group, { name: input.NewGroupName, path: input.NewPath }, checkFree, call)
    },
  },
  DeleteGroup: {
    ...asks(theGroup),
    run(input, call) {
      const group = get(theGroup, input, call)
      const conflict = hangsOnGroup(group, call.account)
      if (conflict !== undefined) throw deleteConflict(conflict)
      call.account.table(groups).delete(group.id)
    },
  },
  AddUserToGroup: {
    ...asks(theGroup),
    run(input, call) {
      const group = get(theGroup, input, call)
      const user = get(theUser, input, call)
      if (user.groups.includes(group.id)) return
      checkQuota(call, 'GroupsPerUser', user.groups.length + 1)
      call.account.table(users).put({ ...user, groups: [...user.groups, group.id] })
    },
  },
  RemoveUserFromGroup: {
    ...asks(theGroup),
    run(input, call) {
      const group = get(theGroup, input, call)
      const user = get(theUser, input, call)
      if (!user.groups.includes(group.id)) return
      call.account.table(users).put({ ...user, groups: user.groups.filter((id) => id !== group.id) })
    },
  },
  ListGroupsForUser: {
    ...asks(theUser),
    run(input, call) {
      const user = get(theUser, input, call)
      const { items, rest } = page(sortedBy(groupsOf(user, call.account), nameKey), nameKey, input)
      return { Groups: items.map((group) => groupOut(group, call)), ...rest }
    },
  },
})

/** Returns the groups of a user, in the order joined. */
export function groupsOf(user: User, account: Account): readonly Group[] {
  return user.groups.flatMap((id) => account.table(groups).find(id) ?? [])
}

function hangsOnGroup(group: Group, account: Account): string | undefined {
  for (const user of account.table(users).values()) {
    if (user.groups.includes(group.id)) return 'Cannot delete entity, must remove users from group first.'
  }
  if (Object.keys(group.inline).length > 0) return 'Cannot delete entity, must delete policies first.'
  if (group.attached.length > 0) return 'Cannot delete entity, must detach all policies first.'
  return undefined
}

function checkFree(name: string, call: Call): void {
  if (findNamed(groups, call.account, name) !== undefined) {
    throw alreadyExists(`Group with name ${name} already exists.`)
  }
}

/** Returns a group as all answers show it. */
export const groupOut = shown(
  (group: Group, call): Iam.Group => ({
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: groupArn(call, group),
    CreateDate: group.createdAt,
  }),
)
