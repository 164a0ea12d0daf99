import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createOmen, type RunningOmen, type Seed } from 'omen-iam/testing'
import { hasOwnId } from '../../packages/server/src/center/index.ts'
import { centerOf, provisionings, roles } from '../../packages/server/src/directory/index.ts'
import {
  applyImage,
  compareImage,
  Draft,
  dumpFiles,
  type Image,
  imageOfAccount,
  imageOfOrganization,
  readImage,
  seedOf,
} from '../../packages/server/src/intake/index.ts'

const account = '111122223333'
const member = '444455556666'
const instance = 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6'
const set = 'arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-0123456789abcdef'
const store = { IdentityStoreId: 'd-9067000001' }
const asked = (answer: object, input = {}) => ({
  request: { account, partition: 'aws', region: 'eu-west-1', input },
  answer,
})
const reservedRole = (of: string) => ({
  ...{
    Path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
    RoleName: 'AWSReservedSSO_Developer_0123456789abcdef',
  },
  RoleId: 'AROAQEXAMPLEAAAAAAAAB',
  Arn: `arn:aws:iam::${of}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developer_0123456789abcdef`,
  AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
})

/** What `aws sso-admin` and `aws identitystore` print, in one folder of the account that asked. */
const answers = [
  asked({ Instances: [{ InstanceArn: instance, ...store, OwnerAccountId: account, Status: 'ACTIVE' }] }),
  asked({
    Users: [
      {
        UserName: 'alice',
        UserId: '9067000001-a',
        ...store,
        Name: { GivenName: 'Alice', FamilyName: 'Doe' },
      },
      { UserName: 'bob', UserId: '9067000001-b', ...store, UserStatus: 'DISABLED' },
    ],
  }),
  asked({ Groups: [{ DisplayName: 'dev', GroupId: '9067000001-g', ...store }] }),
  asked({
    GroupMemberships: [
      {
        MembershipId: '9067000001-m',
        GroupId: '9067000001-g',
        MemberId: { UserId: '9067000001-a' },
        ...store,
      },
    ],
  }),
  asked({ PermissionSets: [set] }),
  asked({ PermissionSet: { Name: 'Developer', PermissionSetArn: set, SessionDuration: 'PT4H' } }),
  asked({ InlinePolicy: '{"Version":"2012-10-17","Statement":[]}' }, { PermissionSetArn: set }),
  asked(
    {
      AttachedManagedPolicies: [{ Name: 'PowerUserAccess', Arn: 'arn:aws:iam::aws:policy/PowerUserAccess' }],
    },
    { PermissionSetArn: set },
  ),
  asked({ CustomerManagedPolicyReferences: [{ Name: 'audit', Path: '/team/' }] }, { PermissionSetArn: set }),
  asked(
    { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'limits' } } },
    { PermissionSetArn: set },
  ),
  asked({ AccountIds: [member] }),
  asked({
    AccountAssignments: [
      { AccountId: member, PermissionSetArn: set, PrincipalType: 'GROUP', PrincipalId: '9067000001-g' },
    ],
  }),
  asked({
    entitlements: [
      {
        entitlementId: '0a1b2c3d-0000-4000-8000-000000000000',
        entitlement: {
          principalRole: {
            principal: { identityCenter: { userId: '9067000001-a' } },
            roleArn: `arn:aws:iam::${member}:role/own`,
          },
        },
        createdAt: '2026-12-01T00:00:00Z',
      },
    ],
  }),
  { Roles: [reservedRole(member)] },
  {
    Organization: {
      ...{ Id: 'o-exampleorgid', MasterAccountId: account, FeatureSet: 'ALL' },
      Arn: `arn:aws:organizations::${account}:organization/o-exampleorgid`,
    },
  },
  asked({ EnabledServicePrincipals: [{ ServicePrincipal: 'sso.amazonaws.com' }] }),
]

const imageIn = (list: readonly object[]): Image =>
  readImage([{ name: `${account}/answers.json`, text: JSON.stringify(list) }], { account })

const imageOf = ({ omen }: RunningOmen): Image => {
  const own = omen.deps.directory.loaded(omen.deps.firstAccount)!
  const organization = imageOfOrganization(own)
  return {
    accounts: [imageOfAccount(own, omen.deps.directory)],
    ...(organization === undefined ? {} : { organization }),
    notTaken: [],
    findings: [],
  }
}

describe('import of IAM Identity Center', () => {
  test('takes the directory, permission sets and assignments, and finds their roles (SSO-110, SSO-113, SSO-195)', async () => {
    await using server = await createOmen({ account, port: false })
    const image = imageIn(answers)
    assert.deepEqual(image.notTaken, [])
    const { findings } = await applyImage(image, server.omen.deps)
    assert.deepEqual(
      findings.map(({ code }) => code).filter((code) => /center|organization|prov/.test(code)),
      [],
    )
    const { directory } = server.omen.deps
    const owner = (await directory.find(account as never))!
    const { id, storeId, region } = centerOf(owner)!
    assert.equal(hasOwnId(centerOf(owner)!), false)
    assert.deepEqual([id, storeId, region], ['ssoins-7223a1b2c3d4e5f6', 'd-9067000001', 'eu-west-1'])
    const [made] = [...owner.table(provisionings).values()]
    const role = (await directory.find(member as never))?.table(roles).find(made?.roleId ?? '')
    assert.equal(role?.reservedBy, 'sso.amazonaws.com')
    const [own] = imageOf(server).accounts
    assert.deepEqual(
      own?.centerUsers.map(({ name, enabled }) => `${name} ${enabled}`),
      ['alice true', 'bob false'],
    )
    assert.deepEqual(own?.center?.entitlements, [
      {
        id: '0a1b2c3d-0000-4000-8000-000000000000',
        createdAt: Date.parse('2026-12-01T00:00:00Z'),
        type: 'USER',
        principal: '9067000001-a',
        role: `arn:aws:iam::${member}:role/own`,
      },
    ])
    const [developer] = own?.permissionSets ?? []
    assert.deepEqual(developer?.boundary, { reference: { name: 'limits', path: '/' } })
    assert.deepEqual(developer?.referred, [{ name: 'audit', path: '/team/' }])
    const again = await compareImage(imageIn(answers), server.omen.deps)
    assert.deepEqual(
      again.things.filter(({ outcome }) => outcome !== 'unchanged'),
      [],
    )
  })

  test('names what is missing (SSO-111)', async () => {
    await using server = await createOmen({ account, port: false })
    const [instances, , , , , , ...others] = answers
    const alone = await compareImage(imageIn(answers.slice(1)), server.omen.deps)
    assert.match(alone.notTaken[0]?.reason ?? '', /list-instances is missing/)
    const parts = await compareImage(imageIn([instances!, ...others.slice(0, -3)]), server.omen.deps)
    assert.deepEqual(
      parts.notTaken.map(({ kind, reason }) => `${kind}: ${reason}`),
      [
        'permission set: the answer of describe-permission-set is missing',
        'group of a directory: no answer has it: add the lists of identitystore',
        'user of a directory: no answer has it: add the lists of identitystore',
      ],
    )
    assert.ok(parts.findings.some(({ code }) => code === 'no-organization'))
    const bare = await compareImage(imageIn(answers.filter((each) => !('Roles' in each))), server.omen.deps)
    assert.deepEqual(
      bare.findings.map(({ code }) => code).filter((code) => code === 'not-provisioned').length,
      1,
    )
  })

  test('an export is imported as the same (SSO-112, SSO-195)', async () => {
    const seed: Seed = {
      roles: { own: { trust: 'account-access.amazonaws.com' } },
      identityCenter: {
        groups: { dev: { description: 'developers' } },
        users: {
          alice: {
            name: ['Alice', 'Doe'],
            email: 'a@example.com',
            groups: ['dev'],
            attributes: { title: 'Owner' },
          },
        },
        attributes: { Title: '${path:title}' },
        permissionSets: {
          Developer: {
            ...{
              managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
              session: 'PT4H',
              tags: { team: 'core' },
            },
            inline: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] },
            boundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
          },
        },
        assignments: [{ group: 'dev', set: 'Developer', accounts: [account] }],
        entitlements: [{ user: 'alice', role: `arn:aws:iam::${account}:role/own` }],
      },
    }
    await using one = await createOmen({ account, seed, port: false })
    const exported = imageOf(one)
    const files = dumpFiles(exported).map(({ name, content }) => ({
      name,
      text: typeof content === 'string' ? content : JSON.stringify(content),
    }))
    await using other = await createOmen({ account, port: false })
    await applyImage(readImage(files), other.omen.deps)
    // answers have whole seconds
    const plain = ({ accounts: [own] }: Image) =>
      JSON.stringify([
        ...[own?.center, own?.centerUsers, own?.centerGroups, own?.centerMemberships],
        ...[own?.permissionSets, own?.centerAssignments],
      ]).replace(/("createdAt":\d+)\d{3}/g, '$1')
    assert.equal(plain(imageOf(other)), plain(exported))
    const written = seedOf(exported) as Seed
    assert.deepEqual(written.identityCenter, { region: 'us-east-1', ...seed.identityCenter })
    await using third = await createOmen({ account, seed: written, port: false })
    assert.deepEqual((seedOf(imageOf(third)) as Seed).identityCenter, written.identityCenter)
  })
})

test('a directory is compared in turns: others have theirs after every 32 of its entities (SGN-89)', async () => {
  await using server = await createOmen({ account, port: false })
  const at = { file: 'x', line: 1, column: 1 }
  const draft = new Draft()
  draft.set(
    account as never,
    'aws',
    { center: { at, id: 'ssoins-7223a1b2c3d4e5f6', storeId: 'd-9067000001' } },
    at,
  )
  for (let number = 0; number < 3_200; number++)
    draft.add(account as never, 'aws', 'centerUsers', {
      ...{ at, id: `u-${number}`, name: `user${number}`, given: '{}' },
    })
  const parts = draft.imageInParts()
  let yielded = 0
  let part = parts.next()
  for (; !part.done; part = parts.next()) yielded++
  assert.equal(yielded, 3)
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const { things } = await compareImage(part.value, server.omen.deps)
  isOver = true
  assert.equal(things.filter(({ kind }) => kind === 'user of a directory').length, 3_200)
  assert.ok(turns >= 100, `${turns} turns`)
})

test('a directory of 100,000 users is taken, and one more is refused (SGN-89)', () => {
  const at = { file: 'x', line: 1, column: 1 }
  const draft = new Draft()
  const add = (number: number) =>
    draft.add(account as never, 'aws', 'centerUsers', { at, id: `u${number}`, name: 'x', given: '{}' })
  for (let number = 0; number < 100_000; number++) add(number)
  assert.equal(draft.image().accounts[0]?.centerUsers.length, 100_000)
  add(100_000)
  assert.throws(() => draft.image(), /more than 100000 centerUsers/)
})
