import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { allow, faultOf, openServer, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

const bearers = ['user', 'group', 'role'] as const
type BearerKind = (typeof bearers)[number]

interface ReferencePolicy {
  loud: boolean
  versions: number[]
  standard: number
  next: number
}

interface ReferenceBearer {
  attached: Set<string>
  boundary: string | undefined
}

/** The rules again, as plainly as they can be said: policies by their names in lower case. */
class Reference {
  readonly policies = new Map<string, ReferencePolicy>()
  readonly bearers = new Map<BearerKind, ReferenceBearer>(
    bearers.map((kind) => [kind, { attached: new Set(), boundary: undefined }]),
  )

  /** The code of the fault that a step must end with; undefined where it must succeed, and then it counts. */
  take({ kind, name, loud, version, bearer, isDefault }: Step): string | undefined {
    const held = this.bearers.get(bearer)!
    if (kind === 'create') {
      if (this.policies.has(name)) return 'EntityAlreadyExists' // in whatever case (IAM-2)
      this.policies.set(name, { loud, versions: [1], standard: 1, next: 2 })
      return undefined
    }
    if (kind === 'unbound') {
      if (held.boundary === undefined) return 'NoSuchEntity'
      held.boundary = undefined
      return undefined
    }
    const policy = this.policies.get(name)
    // ARNs are compared to the letter (IAM-3)
    if (policy?.loud !== loud) return 'NoSuchEntity'
    const has = policy.versions.includes(version)
    switch (kind) {
      case 'delete':
        if (this.uses(name).total > 0 || policy.versions.length > 1) return 'DeleteConflict'
        this.policies.delete(name)
        return undefined
      case 'addVersion':
        if (policy.versions.length === 5) return 'LimitExceeded'
        policy.versions.push(policy.next)
        if (isDefault) policy.standard = policy.next
        policy.next++
        return undefined
      case 'setDefault':
        if (!has) return 'NoSuchEntity'
        policy.standard = version
        return undefined
      case 'dropVersion':
        if (!has) return 'NoSuchEntity'
        if (policy.standard === version) return 'DeleteConflict'
        policy.versions = policy.versions.filter((each) => each !== version)
        return undefined
      case 'attach':
        held.attached.add(name)
        return undefined
      case 'detach':
        return held.attached.delete(name) ? undefined : 'NoSuchEntity'
      case 'bound':
        held.boundary = name
        return undefined
    }
  }

  uses(name: string) {
    const all = [...this.bearers.values()]
    const attached = all.filter((each) => each.attached.has(name)).length
    const bounding = all.filter((each) => each.boundary === name).length
    return { attached, bounding, total: attached + bounding }
  }
}

const kinds = [
  'create',
  'delete',
  'addVersion',
  'setDefault',
  'dropVersion',
  'attach',
  'detach',
  'bound',
  'unbound',
] as const

interface Step {
  readonly kind: (typeof kinds)[number]
  readonly name: string
  /** Whether the policy's name is written in capitals. */
  readonly loud: boolean
  readonly version: number
  readonly isDefault: boolean
  readonly bearer: BearerKind
}

const UserName = 'user'
const GroupName = 'group'
const RoleName = 'role'

function walk({ kind, name, loud, version, isDefault, bearer }: Step): Promise<unknown> {
  const PolicyName = loud ? name.toUpperCase() : name
  const PolicyArn = `arn:aws:iam::123456789012:policy/${PolicyName}`
  const PolicyDocument = allow('s3:*')
  const VersionId = `v${version}`
  switch (kind) {
    case 'create':
      return iam.createPolicy({ PolicyName, PolicyDocument })
    case 'delete':
      return iam.deletePolicy({ PolicyArn })
    case 'addVersion':
      return iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: isDefault })
    case 'setDefault':
      return iam.setDefaultPolicyVersion({ PolicyArn, VersionId })
    case 'dropVersion':
      return iam.deletePolicyVersion({ PolicyArn, VersionId })
    case 'attach':
      if (bearer === 'user') return iam.attachUserPolicy({ UserName, PolicyArn })
      if (bearer === 'group') return iam.attachGroupPolicy({ GroupName, PolicyArn })
      return iam.attachRolePolicy({ RoleName, PolicyArn })
    case 'detach':
      if (bearer === 'user') return iam.detachUserPolicy({ UserName, PolicyArn })
      if (bearer === 'group') return iam.detachGroupPolicy({ GroupName, PolicyArn })
      return iam.detachRolePolicy({ RoleName, PolicyArn })
    case 'bound':
      return bearer === 'user'
        ? iam.putUserPermissionsBoundary({ UserName, PermissionsBoundary: PolicyArn })
        : iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: PolicyArn })
    case 'unbound':
      return bearer === 'user'
        ? iam.deleteUserPermissionsBoundary({ UserName })
        : iam.deleteRolePermissionsBoundary({ RoleName })
  }
}

interface Shown {
  readonly AttachedManagedPolicies?: readonly { readonly PolicyName?: string | undefined }[] | undefined
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn?: string | undefined } | undefined
}

/** What the account holds, in the reference's words. */
async function state() {
  const details = await iam.getAccountAuthorizationDetails({ MaxItems: 1000 })
  const lower = (arn: string | undefined) => arn?.slice(arn.lastIndexOf('/') + 1).toLowerCase()
  const held = (shown: Shown | undefined) => [
    (shown?.AttachedManagedPolicies ?? []).map(({ PolicyName }) => lower(PolicyName)).sort(),
    lower(shown?.PermissionsBoundary?.PermissionsBoundaryArn),
  ]
  return {
    policies: (details.Policies ?? [])
      .filter(({ Arn }) => !Arn?.startsWith('arn:aws:iam::aws:'))
      .map((policy) => ({
        name: policy.PolicyName,
        versions: (policy.PolicyVersionList ?? []).map(({ VersionId }) => VersionId),
        standard: [
          policy.DefaultVersionId,
          ...(policy.PolicyVersionList ?? []).flatMap((each) =>
            each.IsDefaultVersion ? each.VersionId : [],
          ),
        ],
        uses: [policy.AttachmentCount, policy.PermissionsBoundaryUsageCount],
      })),
    user: held(details.UserDetailList?.find((user) => user.UserName === UserName)),
    group: held(details.GroupDetailList?.[0]),
    role: held(details.RoleDetailList?.[0]),
  }
}

function stateOf(reference: Reference) {
  const held = (kind: BearerKind) => {
    const { attached, boundary } = reference.bearers.get(kind)!
    return [[...attached].sort(), boundary]
  }
  return {
    policies: [...reference.policies]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { loud, versions, standard }]) => ({
        name: loud ? name.toUpperCase() : name,
        versions: versions.toReversed().map((each) => `v${each}`), // the newest first (IAM-43)
        standard: [`v${standard}`, `v${standard}`],
        uses: [reference.uses(name).attached, reference.uses(name).bounding],
      })),
    user: held('user'),
    group: held('group'),
    role: held('role'),
  }
}

const step: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom('one', 'two'),
    // now and then, so that most ARNs are of what is there
    loud: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    version: fc.integer({ min: 1, max: 7 }),
    isDefault: fc.boolean(),
    bearer: fc.constantFrom(...bearers),
  })
  // groups have no boundary
  .filter(({ kind, bearer }) => bearer !== 'group' || (kind !== 'bound' && kind !== 'unbound'))

test('any walk over policies, their versions and their uses ends where the rules say (IAM-3, IAM-22, IAM-23, IAM-33, IAM-77)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80 }), async (steps) => {
      await omen.reset()
      await iam.createUser({ UserName })
      await iam.createGroup({ GroupName })
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })
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
