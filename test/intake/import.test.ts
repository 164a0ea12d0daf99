import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetRoleCommand,
  IAMClient,
  ListAccessKeysCommand,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam'
import {
  assertCanAssume,
  assertCannotAssume,
  assertDenied,
  createOmen,
  type RunningOmen,
} from 'omen-iam/testing'
import {
  applyImage,
  type Comparison,
  compareImage,
  IntakeProblem,
  imageOfAccount,
  readImage,
} from '../../packages/server/src/intake/index.ts'
import { trustPolicy } from '../kit/index.ts'

const account = '111122223333'
const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`
const date = '2023-04-05T06:07:08+00:00'
const allow = (Action: string, Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})
const trust = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
})
const bare = { CreateDate: date, AttachedManagedPolicies: [], Tags: [] }

/** What the AWS CLI prints of a small account. */
function dump() {
  return {
    UserDetailList: [
      {
        ...bare,
        Path: '/',
        UserName: 'ann',
        UserId: 'AIDAQEXAMPLEAAAAAAAAA',
        Arn: arn('user/ann'),
        GroupList: ['team'],
        Tags: [{ Key: 'team', Value: 'web' }],
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: arn('policy/limits'),
        },
      },
    ],
    GroupDetailList: [
      {
        Path: '/',
        GroupName: 'team',
        GroupId: 'AGPAQEXAMPLEAAAAAAAAA',
        Arn: arn('group/team'),
        CreateDate: date,
        GroupPolicyList: [{ PolicyName: 'read', PolicyDocument: allow('s3:GetObject') }],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [
      {
        ...bare,
        Path: '/app/',
        RoleName: 'web',
        // an id from before 2019, which does not contain the account
        RoleId: 'AROAJEXAMPLEAAAAAAAAA',
        Arn: arn('role/app/web'),
        AssumeRolePolicyDocument: trust({ AWS: arn('user/ann') }),
        InstanceProfileList: [
          {
            Path: '/',
            InstanceProfileName: 'web',
            InstanceProfileId: 'AIPAQEXAMPLEAAAAAAAAA',
            Arn: arn('instance-profile/web'),
            CreateDate: date,
            Roles: [{ RoleName: 'web' }],
          },
        ],
        RolePolicyList: [{ PolicyName: 'own', PolicyDocument: allow('sqs:SendMessage') }],
        RoleLastUsed: { LastUsedDate: '2024-01-02T03:04:05+00:00', Region: 'eu-west-1' },
      },
      {
        ...bare,
        Path: '/aws-service-role/ecs.amazonaws.com/',
        RoleName: 'AWSServiceRoleForECS',
        RoleId: 'AROAQEXAMPLEBBBBBBBBB',
        Arn: arn('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
        AssumeRolePolicyDocument: trust({ Service: 'ecs.amazonaws.com' }),
        InstanceProfileList: [],
        RolePolicyList: [],
        RoleLastUsed: {},
      },
      {
        ...bare,
        Path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
        RoleName: 'AWSReservedSSO_Admin_0123456789abcdef',
        RoleId: 'AROAQEXAMPLECCCCCCCCC',
        Arn: arn('role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef'),
        AssumeRolePolicyDocument: trust({ AWS: 'AROAQEXAMPLEDDDDDDDDD' }),
        InstanceProfileList: [],
        RolePolicyList: [],
        RoleLastUsed: {},
      },
    ],
    Policies: [
      {
        PolicyName: 'limits',
        PolicyId: 'ANPAQEXAMPLEAAAAAAAAA',
        Arn: arn('policy/limits'),
        Path: '/',
        DefaultVersionId: 'v3',
        AttachmentCount: 0,
        PermissionsBoundaryUsageCount: 1,
        IsAttachable: true,
        CreateDate: date,
        UpdateDate: date,
        PolicyVersionList: [
          { VersionId: 'v3', IsDefaultVersion: true, CreateDate: date, Document: allow('sts:*') },
          { VersionId: 'v1', IsDefaultVersion: false, CreateDate: date, Document: allow('*') },
        ],
      },
    ],
  }
}

const file = (value: unknown, name = 'dump.json') => ({ name, text: JSON.stringify(value, null, 2) })
const read = (...values: readonly unknown[]) =>
  readImage(values.map((value, i) => file(value, `part-${i}.json`)))

const outcomes = ({ things }: Comparison) => {
  const counts: Record<string, number> = {}
  for (const { outcome } of things) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

describe('import of get-account-authorization-details', () => {
  test('takes ids, paths, versions, dates, last use, tags and boundaries; the same again changes nothing (IMP-1)', async () => {
    await using omen = await createOmen({ account })
    const { deps } = omen.omen
    const image = read(dump())
    assert.deepEqual(outcomes(await compareImage(image, deps)), { made: 7 })
    const iam = omen.client(IAMClient)
    await assert.rejects(iam.send(new GetRoleCommand({ RoleName: 'web' })), { name: 'NoSuchEntityException' })
    assert.deepEqual(outcomes(await applyImage(image, deps)), { made: 7 })
    assert.deepEqual(outcomes(await applyImage(image, deps)), { unchanged: 7 })
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'web' }))
    assert.equal(Role?.RoleId, 'AROAJEXAMPLEAAAAAAAAA')
    assert.equal(Role?.Arn, arn('role/app/web'))
    assert.equal(Role?.CreateDate?.getTime(), Date.parse(date))
    assert.equal(Role?.RoleLastUsed?.Region, 'eu-west-1')
    const details = await detailsOf(omen)
    assert.deepEqual(
      details.UserDetailList.find(({ UserName }) => UserName === 'ann'),
      plain({ ...dump().UserDetailList[0]!, UserPolicyList: undefined }),
    )
    assert.deepEqual(details.Policies[0]?.PolicyVersionList, plain(dump().Policies[0]!.PolicyVersionList))
  })

  test('who is trusted may assume, by an id that does not contain the account as well (IMP-2)', async () => {
    await using omen = await createOmen({ account })
    await applyImage(read(dump()), omen.omen.deps)
    await assertCanAssume(omen.as('user/ann'), arn('role/app/web'))
    await assertCannotAssume(
      omen.as('user/admin'),
      arn('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    )
    await assertDenied(omen.as('user/ann'), 's3:GetObject', 'arn:aws:s3:::a/b', { by: 'limits' })
    // shown by ARN; the id of a deleted principal stays as it is (POL-043)
    const { RoleDetailList } = await detailsOf(omen)
    const shown = Object.fromEntries(
      RoleDetailList.map((role) => [role.RoleName, documentOf(role.AssumeRolePolicyDocument)]),
    )
    assert.deepEqual(shown.web.Statement[0].Principal, { AWS: arn('user/ann') })
    assert.deepEqual(shown.AWSReservedSSO_Admin_0123456789abcdef.Statement[0].Principal, {
      AWS: 'AROAQEXAMPLEDDDDDDDDD',
    })
  })

  test('a trust policy names nobody who gets the name later: ids are bound, also those from before 2019 (IMP-2)', async () => {
    await using omen = await createOmen({ account })
    const { UserDetailList, RoleDetailList } = dump()
    const [ann, web, reserved] = [UserDetailList[0]!, RoleDetailList[0]!, RoleDetailList[2]!]
    const bound = { AWS: [arn('user/ann'), arn('role/app/web')] }
    const image = read({
      UserDetailList: [{ ...ann, GroupList: [], PermissionsBoundary: undefined }],
      RoleDetailList: [
        { ...web, InstanceProfileList: [], RolePolicyList: [] },
        {
          ...reserved,
          Path: '/',
          Arn: arn(`role/${reserved.RoleName}`),
          AssumeRolePolicyDocument: trust(bound),
        },
      ],
    })
    await applyImage(image, omen.omen.deps)
    const iam = omen.client(IAMClient, 'admin')
    const trusted = async () => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: reserved.RoleName }))
      return documentOf(Role?.AssumeRolePolicyDocument).Statement[0].Principal.AWS
    }
    assert.deepEqual(await trusted(), bound.AWS)
    await iam.send(new DeleteUserCommand({ UserName: 'ann' }))
    await iam.send(new CreateUserCommand({ UserName: 'ann' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'web' }))
    assert.deepEqual(await trusted(), [ann.UserId, web.RoleId])
  })

  test('a changed entity is changed and reported; what the dump does not mention stays', async () => {
    await using omen = await createOmen({ account })
    await applyImage(read(dump()), omen.omen.deps)
    const changed = dump()
    changed.RoleDetailList[0]!.RolePolicyList = [{ PolicyName: 'own', PolicyDocument: allow('sqs:*') }]
    changed.UserDetailList = []
    const { things } = await applyImage(read(changed), omen.omen.deps)
    assert.deepEqual(
      things.filter(({ outcome }) => outcome === 'changed').map(({ name, changes }) => [name, changes]),
      [['web', ['inline policy own']]],
    )
    assert.equal((await detailsOf(omen)).UserDetailList.length, 2)
  })

  test('pages of one answer are joined; a contradiction is refused with both places, and nothing is taken (IMP-3)', async () => {
    await using omen = await createOmen({ account })
    const { UserDetailList, ...rest } = dump()
    assert.equal(read({ UserDetailList, IsTruncated: true, Marker: 'x' }, rest).accounts[0]?.users.length, 1)
    const other = dump()
    other.UserDetailList[0]!.UserId = 'AIDAQEXAMPLEZZZZZZZZZ'
    assert.throws(
      () => read(dump(), other),
      /part-1\.json:\d+:\d+: user ann is also at part-0\.json:\d+:\d+, with another id/,
    )
    const twins = dump()
    twins.RoleDetailList[1]!.RoleId = 'AROAJEXAMPLEAAAAAAAAA'
    assert.throws(() => read(twins), /the id AROAJEXAMPLEAAAAAAAAA is that of another thing/)
    const strange = dump()
    strange.RoleDetailList[1]!.Arn = strange.RoleDetailList[1]!.Arn.replace(account, '444455556666')
    assert.throws(
      () => read(strange),
      (error) => error instanceof IntakeProblem && /is of account 444455556666/.test(error.message),
    )
    assert.equal((await detailsOf(omen)).RoleDetailList.length, 0)
  })

  test('what AWS would refuse to store is taken with a finding (IMP-4)', async () => {
    await using omen = await createOmen({ account, quotas: { RolesPerAccount: 1 } })
    const odd = dump()
    odd.RoleDetailList[0]!.RolePolicyList = [{ PolicyName: 'own', PolicyDocument: allow('s3') }]
    odd.RoleDetailList[1]!.AssumeRolePolicyDocument = trust({ AWS: arn('user/nobody') })
    odd.UserDetailList[0]!.AttachedManagedPolicies = [
      { PolicyName: 'gone', PolicyArn: 'arn:aws:iam::aws:policy/NoSuchPolicyOfAws' },
    ] as never
    const { findings } = await applyImage(read(odd), omen.omen.deps)
    assert.deepEqual(findings.map(({ code }) => code).sort(), [
      'invalid-policy',
      'quota-exceeded',
      'unknown-policy',
      'unknown-principal',
    ])
    const { RoleDetailList, UserDetailList } = await detailsOf(omen)
    assert.equal(RoleDetailList.length, 3)
    const [web, linked] = odd.RoleDetailList.map(({ RoleName }) =>
      RoleDetailList.find((role) => role.RoleName === RoleName),
    )
    assert.deepEqual(documentOf(web?.RolePolicyList?.[0]?.PolicyDocument), allow('s3'))
    assert.deepEqual(documentOf(linked?.AssumeRolePolicyDocument), trust({ AWS: arn('user/nobody') }))
    const attached = UserDetailList.find(({ UserName }) => UserName === 'ann')?.AttachedManagedPolicies
    assert.deepEqual(
      attached?.map(({ PolicyArn }) => PolicyArn),
      ['arn:aws:iam::aws:policy/NoSuchPolicyOfAws'],
    )
  })

  test('the administrator of the house is not replaced (IMP-5)', async () => {
    await using omen = await createOmen({ account })
    const { UserDetailList } = dump()
    const image = read({
      UserDetailList: [{ ...UserDetailList[0]!, UserName: 'admin', Arn: arn('user/admin'), GroupList: [] }],
    })
    const { notTaken } = await applyImage(image, omen.omen.deps)
    assert.deepEqual(
      notTaken.map(({ name }) => name),
      ['admin'],
    )
    await omen.client(IAMClient, 'admin').send(new ListAccessKeysCommand({}))
  })
})

type Details = {
  [K in 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies']-?: NonNullable<
    GetAccountAuthorizationDetailsCommandOutput[K]
  >
}

/** The account as the operation answers it, its dates as the AWS CLI writes them. */
async function detailsOf(omen: RunningOmen) {
  const whole = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] } as Record<
    string,
    unknown[]
  >
  for await (const page of paginateGetAccountAuthorizationDetails({ client: omen.client(IAMClient) }, {}))
    for (const list of Object.keys(whole)) whole[list]?.push(...((page as never)[list] as unknown[]))
  const parsed = JSON.parse(
    JSON.stringify(whole).replace(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}Z"/g, '"$1+00:00"'),
    (_name, value) => (typeof value === 'string' && value.startsWith('%7B') ? documentOf(value) : value),
  )
  parsed.Policies = parsed.Policies.filter(({ Arn }: { Arn: string }) => !Arn.includes(':aws:policy/'))
  return parsed as Details
}

function documentOf(text: unknown) {
  return typeof text === 'string' ? JSON.parse(decodeURIComponent(text)) : text
}

function plain(value: unknown) {
  return JSON.parse(JSON.stringify(value))
}

test('an image in parts is joined account by account; a contradiction among them is refused (IMP-3)', async () => {
  await using omen = await createOmen({ port: false })
  const root = omen.as('root')
  const post = async (path: string, body: object = {}) => {
    const response = await root.fetch(`http://localhost/_omen/imports${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      service: 'omen',
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  const at = { file: 'x.json', line: 1, column: 1 }
  const trust = (arn: string) => trustPolicy({ AWS: arn })
  const part = (account: string, list: string, ...things: object[]) => ({
    account: { account, partition: 'aws', at },
    list,
    things: things.map((thing) => ({ at, ...thing })),
  })
  const sent = async (...parts: object[]) => {
    const { body } = await post('')
    for (const each of parts) assert.equal((await post(`/${body.import}/parts`, each)).status, 200)
    return `/${body.import}`
  }
  // the role of the first account trusts one of the second, which comes later
  const [one, two] = ['111111111111', '222222222222']
  const parts = [
    part(one, 'roles', { name: 'a', trust: trust(`arn:aws:iam::${two}:role/b`) }),
    part(two, 'roles', { name: 'b', trust: trust(`arn:aws:iam::${one}:root`) }),
    part(one, 'roles', { name: 'a', description: 'joined' }),
  ]
  // each comparison is dropped when its answer is there: they do not add up
  for (let times = 0; times < 6; times++) {
    const path = await sent(...parts)
    const { body } = await post(`${path}/compare`)
    assert.deepEqual(body.counts, { made: 4, changed: 0, unchanged: 0 })
    assert.equal((await post(`${path}/drop`)).status, 200)
    assert.equal((await post(`${path}/apply`)).status, 404)
  }
  assert.equal(await omen.omen.deps.directory.find(one as never), undefined)
  const twice = await sent(...parts, part(one, 'roles', { name: 'a', description: 'another' }))
  const refused = await post(`${twice}/apply`)
  assert.deepEqual([refused.status, /another description/.test(refused.body.error!)], [400, true])
  assert.equal(await omen.omen.deps.directory.find(two as never), undefined)
  const { body } = await post(`${await sent(...parts)}/apply`)
  assert.deepEqual(body.newAccounts, [one, two])
  const account = await omen.omen.deps.directory.find(one as never)
  const image = imageOfAccount(account!, omen.omen.deps.directory)
  assert.deepEqual(
    image.roles.map(({ name, description, trust: kept }) => [name, description, kept]),
    [['a', 'joined', trust(`arn:aws:iam::${two}:role/b`)]],
  )
})

test('many new accounts are stored, and not read into memory', async () => {
  await using omen = await createOmen({ port: false })
  const { deps } = omen.omen
  const numbers = Array.from({ length: 17 }, (_, index) => String(200_000_000_000 + index))
  const files = numbers.map((number) => ({
    name: `${number}/details.json`,
    text: JSON.stringify(dump()).replaceAll(account, number),
  }))
  const size = deps.directory.size
  const { newAccounts } = await applyImage(await readImage(files), deps)
  assert.deepEqual([newAccounts.length, deps.directory.size], [17, size])
})
