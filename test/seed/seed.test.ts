import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam'
import {
  ListAccountsForParentCommand,
  ListParentsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import {
  assertAllowed,
  assertCanAssume,
  assertCannotAssume,
  assertCanPass,
  assertDenied,
  createOmen,
  type RunningOmen,
  type Seed,
} from 'omen-iam/testing'

const file = join(import.meta.dirname, 'files', 'seed.yaml')

describe('a seed file', () => {
  let omen: RunningOmen
  before(async () => {
    omen = await createOmen({ seed: file })
  })
  after(() => omen.close())

  test('makes users, groups and policies', async () => {
    const iam = omen.client(IAMClient)
    const { User } = await iam.send(new GetUserCommand({ UserName: 'dev' }))
    assert.deepEqual(User?.Tags, [{ Key: 'team', Value: 'web' }])
    assert.equal(User?.PermissionsBoundary?.PermissionsBoundaryArn, 'arn:aws:iam::123456789012:policy/limits')
    const { AttachedPolicies } = await iam.send(
      new ListAttachedGroupPoliciesCommand({ GroupName: 'developers' }),
    )
    assert.deepEqual(AttachedPolicies?.map(({ PolicyArn }) => PolicyArn).sort(), [
      'arn:aws:iam::123456789012:policy/team/read',
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    ])
    await assertAllowed(omen.as('user/dev'), 's3:GetObject', 'arn:aws:s3:::reports/1')
    await assertDenied(omen.as('user/dev'), 'ec2:DescribeInstances', '*', { by: 'limits' })
    await assertAllowed(omen.as('ops'), 'iam:ListRoles')
  })

  test('makes OIDC providers, and keeps policies of resources for questions', async () => {
    const iam = omen.client(IAMClient)
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}))
    assert.deepEqual(
      OpenIDConnectProviderList?.map(({ Arn }) => Arn),
      ['arn:aws:iam::123456789012:oidc-provider/token.example.com/team'],
    )
    await assertAllowed(omen.as('role/auditor'), 's3:PutObject', 'arn:aws:s3:::drop/x')
    await assertDenied(omen.as('role/auditor'), 's3:PutObject', 'arn:aws:s3:::other/x')
  })

  test('makes roles, though two trust each other', async () => {
    const deployer = omen.as('role/deployer')
    await assertAllowed(deployer, 's3:PutObject', 'arn:aws:s3:::a/b')
    await assertDenied(deployer, 'sqs:SendMessage', '*', { by: 'boundary' })
    await assertCanAssume(deployer, 'role/auditor')
    await assertCanAssume(omen.as('user/ops'), 'role/deployer') // a user with a path
    await assertCanAssume(deployer, 'arn:aws:iam::222222222222:role/target')
    await assertCannotAssume(omen.as('role/auditor'), 'role/web')
    await assertCanPass(omen.as('root'), 'role/web', 'ec2.amazonaws.com')
    const { Role } = await omen.client(IAMClient).send(new GetRoleCommand({ RoleName: 'deployer' }))
    assert.equal(Role?.MaxSessionDuration, 7200)
  })

  test('makes accounts and the organization above them', async () => {
    const target = omen.as('role/target', { account: '222222222222' })
    await assertAllowed(target, 's3:GetObject', 'arn:aws:s3:::a/b')
    await assertDenied(target, 'organizations:LeaveOrganization', '*', { by: 'scp' })
    const organizations = omen.client(OrganizationsClient)
    const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: '222222222222' }))
    const parent = Parents?.[0]
    assert.equal(parent?.Type, 'ORGANIZATIONAL_UNIT')
    const listed = await organizations.send(new ListAccountsForParentCommand({ ParentId: parent?.Id }))
    assert.equal(listed.Accounts?.[0]?.Name, 'production')
  })

  test('leaves no event, and reset plants it again', async () => {
    const events = async () =>
      (await omen.client(CloudTrailClient).send(new LookupEventsCommand({}))).Events?.filter(
        ({ EventName }) => EventName === 'CreateRole',
      ).length
    assert.equal(await events(), 0)
    await omen.reset()
    assert.equal(await events(), 0)
    await assertCanAssume(omen.as('role/deployer'), 'role/auditor')
  })
})

describe('a seed in TypeScript', () => {
  test('has the same shape, with types', async () => {
    const seed: Seed = {
      users: { dev: null },
      roles: {
        app: {
          trust: ['lambda.amazonaws.com', 'user/dev'],
          policies: [
            { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
          ],
        },
      },
    }
    await using omen = await createOmen({ seed })
    await assertAllowed(omen.as('role/app'), 's3:GetObject', 'arn:aws:s3:::a/b')
    await assertCanPass(omen.as('root'), 'app', 'lambda.amazonaws.com')
  })

  test('says the path of what is wrong', async () => {
    // a number where a list belongs
    const seed = { users: { dev: { groups: 1 } } } as unknown as Seed
    await assert.rejects(createOmen({ seed }), {
      name: 'SeedProblem',
      message: /^seed: users\.dev\.groups: must be a list$/,
    })
  })
})

describe('what is wrong with a seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-seed-'))
  after(() => rmSync(folder, { recursive: true }))

  const wrong: readonly (readonly [name: string, text: string, message: RegExp])[] = [
    ['no YAML', 'users: [', /^FILE:1:9: /],
    [
      'an unknown member',
      'users:\n  dev:\n    polices: []\n',
      /^FILE:3:5: users\.dev\.polices: unknown member; did you mean policies\?$/,
    ],
    ['a missing member', 'roles:\n  a:\n    path: /x/\n', /^FILE:3:5: roles\.a: trust is missing$/],
    ['a path', 'users: { a: { path: x } }', /^FILE:1:21: users\.a\.path: "x" does not have the right form$/],
    ['a member twice', '{"users":{},"users":{}}', /^FILE:1:13: users: given twice$/],
    [
      'a policy that is not there',
      'users:\n  a:\n    policies:\n      - ReadOnlyAcces\n',
      /^FILE:4:9: .*there is no policy ReadOnlyAcces/,
    ],
    [
      'a file that is not there',
      'policies:\n  a: ./nowhere.json\n',
      /^FILE:2:6: policies\.a: .*nowhere\.json cannot be read/,
    ],
    [
      'a group that is not there',
      'users:\n  a: { groups: [b] }\n',
      /^FILE:2:17: users\.a\.groups\.0: AddUserToGroup: NoSuchEntity: /,
    ],
    [
      'a malformed policy',
      'policies:\n  a: { Version: 2012-10-17, Statement: { Effect: Allow } }\n',
      /^FILE:2:6: .*MalformedPolicyDocument/,
    ],
    [
      'a role that nobody is',
      'roles:\n  a: { trust: role/b }\n',
      /^FILE:2:15: roles\.a\.trust: UpdateAssumeRolePolicy: MalformedPolicyDocument: Invalid principal/,
    ],
    ['a weak password', 'users: { a: { password: x } }', /PasswordPolicyViolation/],
    ['an account twice', 'accounts: { "123456789012": {} }', /account 123456789012 exists already/],
    [
      'a quota',
      'groups: { a: {} }\nusers: { u: { groups: [a, a] } }\nalias: "-x"',
      /^FILE:3:8: alias: CreateAccountAlias: /,
    ],
  ]
  for (const [index, [name, text, message]] of wrong.entries()) {
    test(`${name} is told with its place`, async () => {
      const path = join(folder, `${index}.yaml`)
      writeFileSync(path, text)
      await assert.rejects(createOmen({ seed: path }), (error: Error) => {
        assert.equal(error.name, 'SeedProblem', error.stack)
        assert.match(error.message.replaceAll(path, 'FILE'), message)
        return true
      })
    })
  }
})
