import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { allow, faultOf, openServer, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

const managed = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

interface ReferenceUser {
  loud: boolean
  groups: Set<string>
  attached: boolean
  inline: Set<string>
}

/** The rules again, as plainly as they can be said; names are kept in lower case. */
class Reference {
  readonly users = new Map<string, ReferenceUser>()
  readonly groups = new Set<string>()
  readonly roles = new Map<string, { attached: boolean }>()
  readonly profiles = new Map<string, string | undefined>()

  /** The code of the fault that a step must end with; undefined where it must succeed, and then it counts. */
  take({ kind, a, b, loud }: Step): string | undefined {
    const user = this.users.get(a)
    const role = this.roles.get(a)
    switch (kind) {
      case 'createUser':
        if (user !== undefined) return 'EntityAlreadyExists'
        this.users.set(a, { loud, groups: new Set(), attached: false, inline: new Set() })
        return undefined
      case 'deleteUser':
        if (user === undefined) return 'NoSuchEntity'
        if (user.groups.size > 0 || user.attached || user.inline.size > 0) return 'DeleteConflict'
        this.users.delete(a)
        return undefined
      case 'renameUser':
        if (user === undefined) return 'NoSuchEntity'
        // to its own name in another case, it is refused (IAM-5)
        if (this.users.has(b) && (a !== b || user.loud !== loud)) return 'EntityAlreadyExists'
        this.users.delete(a)
        this.users.set(b, { ...user, loud })
        return undefined
      case 'putUserPolicy':
        if (user === undefined) return 'NoSuchEntity'
        user.inline.add(b)
        return undefined
      case 'deleteUserPolicy':
        return user?.inline.delete(b) === true ? undefined : 'NoSuchEntity'
      case 'attachUser':
        if (user === undefined) return 'NoSuchEntity'
        user.attached = true
        return undefined
      case 'detachUser':
        if (user?.attached !== true) return 'NoSuchEntity'
        user.attached = false
        return undefined
      case 'createGroup':
        if (this.groups.has(b)) return 'EntityAlreadyExists'
        this.groups.add(b)
        return undefined
      case 'deleteGroup':
        if (!this.groups.has(b)) return 'NoSuchEntity'
        for (const each of this.users.values()) if (each.groups.has(b)) return 'DeleteConflict'
        this.groups.delete(b)
        return undefined
      case 'join':
        if (!this.groups.has(b) || user === undefined) return 'NoSuchEntity'
        user.groups.add(b)
        return undefined
      case 'leave':
        if (!this.groups.has(b) || user === undefined) return 'NoSuchEntity'
        user.groups.delete(b)
        return undefined
      case 'createRole':
        if (role !== undefined) return 'EntityAlreadyExists'
        this.roles.set(a, { attached: false })
        return undefined
      case 'attachRole':
        if (role === undefined) return 'NoSuchEntity'
        role.attached = true
        return undefined
      case 'detachRole':
        if (role?.attached !== true) return 'NoSuchEntity'
        role.attached = false
        return undefined
      case 'deleteRole':
        if (role === undefined) return 'NoSuchEntity'
        if (role.attached || [...this.profiles.values()].includes(a)) return 'DeleteConflict'
        this.roles.delete(a)
        return undefined
      case 'createProfile':
        if (this.profiles.has(b)) return 'EntityAlreadyExists'
        this.profiles.set(b, undefined)
        return undefined
      case 'fill':
        if (!this.profiles.has(b) || role === undefined) return 'NoSuchEntity'
        if (this.profiles.get(b) !== undefined) return 'LimitExceeded'
        this.profiles.set(b, a)
        return undefined
      case 'empty':
        if (role === undefined || this.profiles.get(b) !== a) return 'NoSuchEntity'
        this.profiles.set(b, undefined)
        return undefined
    }
  }
}

const kinds = [
  'createUser',
  'deleteUser',
  'renameUser',
  'putUserPolicy',
  'deleteUserPolicy',
  'attachUser',
  'detachUser',
  'createGroup',
  'deleteGroup',
  'join',
  'leave',
  'createRole',
  'attachRole',
  'detachRole',
  'deleteRole',
  'createProfile',
  'fill',
  'empty',
] as const

interface Step {
  readonly kind: (typeof kinds)[number]
  readonly a: string
  readonly b: string
  /** Whether names are written in capitals: it must make no difference (IAM-2). */
  readonly loud: boolean
}

function walk({ kind, a, b, loud }: Step): Promise<unknown> {
  const write = (name: string) => (loud ? name.toUpperCase() : name)
  const [UserName, GroupName, RoleName, InstanceProfileName] = [write(a), write(b), write(a), write(b)]
  const PolicyName = b // distinguished by case (IAM-4)
  switch (kind) {
    case 'createUser':
      return iam.createUser({ UserName })
    case 'deleteUser':
      return iam.deleteUser({ UserName })
    case 'renameUser':
      return iam.updateUser({ UserName, NewUserName: write(b) })
    case 'putUserPolicy':
      return iam.putUserPolicy({ UserName, PolicyName, PolicyDocument: allow('s3:*') })
    case 'deleteUserPolicy':
      return iam.deleteUserPolicy({ UserName, PolicyName })
    case 'attachUser':
      return iam.attachUserPolicy({ UserName, PolicyArn: managed })
    case 'detachUser':
      return iam.detachUserPolicy({ UserName, PolicyArn: managed })
    case 'createGroup':
      return iam.createGroup({ GroupName })
    case 'deleteGroup':
      return iam.deleteGroup({ GroupName })
    case 'join':
      return iam.addUserToGroup({ UserName, GroupName })
    case 'leave':
      return iam.removeUserFromGroup({ UserName, GroupName })
    case 'createRole':
      return iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })
    case 'attachRole':
      return iam.attachRolePolicy({ RoleName, PolicyArn: managed })
    case 'detachRole':
      return iam.detachRolePolicy({ RoleName, PolicyArn: managed })
    case 'deleteRole':
      return iam.deleteRole({ RoleName })
    case 'createProfile':
      return iam.createInstanceProfile({ InstanceProfileName })
    case 'fill':
      return iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName })
    case 'empty':
      return iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName })
  }
}

/** What the account holds, in the reference's words. */
async function state() {
  const lower = (name: string | undefined) => (name ?? '').toLowerCase()
  const details = await iam.getAccountAuthorizationDetails({ MaxItems: 1000 })
  const profiles = await iam.listInstanceProfiles({})
  return {
    users: (details.UserDetailList ?? [])
      .filter((user) => user.UserName !== 'admin')
      .map((user) => ({
        name: lower(user.UserName),
        groups: (user.GroupList ?? []).map(lower).sort(),
        attached: user.AttachedManagedPolicies?.length === 1,
        inline: (user.UserPolicyList ?? []).map((policy) => policy.PolicyName ?? '').sort(),
      })),
    groups: (details.GroupDetailList ?? []).map((group) => lower(group.GroupName)),
    roles: (details.RoleDetailList ?? []).map((role) => ({
      name: lower(role.RoleName),
      attached: role.AttachedManagedPolicies?.length === 1,
    })),
    profiles: (profiles.InstanceProfiles ?? []).map((profile) => [
      lower(profile.InstanceProfileName),
      profile.Roles?.[0] === undefined ? undefined : lower(profile.Roles[0].RoleName),
    ]),
  }
}

function stateOf(reference: Reference) {
  const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    users: sorted(reference.users).map(([name, user]) => ({
      name,
      groups: [...user.groups].sort(),
      attached: user.attached,
      inline: [...user.inline].sort(),
    })),
    groups: [...reference.groups].sort(),
    roles: sorted(reference.roles).map(([name, { attached }]) => ({ name, attached })),
    profiles: sorted(reference.profiles).map(([name, role]) => [name, role]),
  }
}

const name = fc.constantFrom('ada', 'bo', 'cy')
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  a: name,
  b: name,
  loud: fc.boolean(),
})

test('any walk over users, groups, roles and profiles ends where the rules say (IAM-2, IAM-20)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      await omen.reset()
      const reference = new Reference()
      for (const each of steps) {
        const expected = reference.take(each)
        if (expected === undefined) await walk(each)
        else assert.equal((await faultOf(walk(each))).split(' ')[0], expected, JSON.stringify(each))
      }
      const before = await state()
      assert.deepEqual(before, stateOf(reference))
      // what is on the disk is what is in memory
      omen.omen.deps.directory.forgetAll()
      assert.deepEqual(await state(), before)
    }),
    { numRuns: 25 },
  )
})
