import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { parseAccountId } from '../../../packages/server/src/base/index.ts'
import { account, trustPolicy } from '../../kit/index.ts'
import { allow, bare, faultOf, openServer, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

/** Names that differ in case, and some whose order hangs on how they are compared. */
const names = ['a', 'B', 'b', 'b-c']
const arnOf = (name: string) => `arn:aws:iam::${account}:policy/${name}`
const arns = [...names.map(arnOf), 'arn:aws:iam::aws:policy/ReadOnlyAccess']
const trusting = (user: string) => trustPolicy({ AWS: `arn:aws:iam::${account}:user/${user}` })

type Change = (name: string, other: string, arn: string) => Promise<unknown>

/** Changes of what lists show; many fail, and those must leave nothing behind. */
const changes: readonly Change[] = [
  (UserName, other) => iam.createUser({ UserName, PermissionsBoundary: arnOf(other) }),
  (UserName) => iam.createUser({ UserName }),
  (GroupName) => iam.createGroup({ GroupName }),
  (RoleName, user) => iam.createRole({ RoleName, AssumeRolePolicyDocument: trusting(user) }),
  (RoleName) => iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 }),
  (PolicyName) => iam.createPolicy({ PolicyName, PolicyDocument: allow('s3:*') }),
  (InstanceProfileName) => iam.createInstanceProfile({ InstanceProfileName }),
  (InstanceProfileName, RoleName) => iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName }),
  (UserName, NewUserName) => iam.updateUser({ UserName, NewUserName, NewPath: '/q/' }),
  (GroupName, NewGroupName) => iam.updateGroup({ GroupName, NewGroupName, NewPath: '/q/' }),
  (RoleName, Description) => iam.updateRole({ RoleName, Description }),
  (RoleName, user) => iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trusting(user) }),
  (UserName) => iam.deleteUser({ UserName }),
  (GroupName) => iam.deleteGroup({ GroupName }),
  (RoleName) => iam.deleteRole({ RoleName }),
  (PolicyName) => iam.deletePolicy({ PolicyArn: arnOf(PolicyName) }),
  (UserName, GroupName) => iam.addUserToGroup({ UserName, GroupName }),
  (UserName, _, PolicyArn) => iam.attachUserPolicy({ UserName, PolicyArn }),
  (RoleName, _, PolicyArn) => iam.attachRolePolicy({ RoleName, PolicyArn }),
  (GroupName, _, PolicyArn) => iam.attachGroupPolicy({ GroupName, PolicyArn }),
  (UserName, _, PolicyArn) => iam.detachUserPolicy({ UserName, PolicyArn }),
  (RoleName, _, PolicyArn) => iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: PolicyArn }),
  (RoleName) => iam.deleteRolePermissionsBoundary({ RoleName }),
  (RoleName, Value) => iam.tagRole({ RoleName, Tags: [{ Key: 'k', Value }] }),
  (_, __, PolicyArn) =>
    iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow('iam:*'), SetAsDefault: true }),
]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(...changes),
    fc.constantFrom(...names),
    fc.constantFrom(...names),
    fc.constantFrom(...arns),
    fc.boolean(),
  ),
  { minLength: 30, maxLength: 50 },
)

test('what lists keep is what an account that is loaded again shows, whatever was changed (IAM-40, IAM-45)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      for (const [change, name, other, arn, looks] of taken) {
        await change(name, other, arn).catch((error: unknown) => faultOf(Promise.reject(error)))
        if (looks) await shown()
      }
      const kept = await shown()
      omen.omen.deps.directory.forget(parseAccountId(account)!)
      assert.deepEqual(await shown(), kept)
    }),
    { numRuns: process.env.OMEN_SOAK === undefined ? 6 : 120, endOnFailure: true },
  )
})

/** Every list, in short pages, so that markers are made and found again. */
async function shown(): Promise<readonly unknown[]> {
  const most = { MaxItems: 4 }
  return [
    ...(await pages((paging) => iam.listUsers({ ...most, ...paging }))),
    ...(await pages((paging) => iam.listRoles({ ...most, ...paging }))),
    ...(await pages((paging) => iam.listGroups({ ...most, ...paging }))),
    ...(await pages((paging) => iam.listInstanceProfiles({ ...most, ...paging }))),
    ...(await pages((paging) => iam.listPolicies({ ...most, ...paging, Scope: 'Local' }))),
    ...(await pages((paging) => iam.listPolicies({ ...most, ...paging, OnlyAttached: true }))),
    ...(await pages((paging) => iam.getAccountAuthorizationDetails({ ...most, ...paging }))),
  ]
}

interface Page {
  readonly Marker?: string | undefined
  readonly $metadata: unknown
}

async function pages(
  ask: (paging: { readonly Marker?: string }) => Promise<Page>,
): Promise<readonly unknown[]> {
  const all: unknown[] = []
  let marker: string | undefined
  do {
    const { Marker, ...page } = bare(await ask(marker === undefined ? {} : { Marker: marker }))
    all.push(page)
    marker = Marker
  } while (marker !== undefined)
  return all
}
