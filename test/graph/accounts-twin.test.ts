import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  graphOf,
  joinWorlds,
  readInventory,
  readOrganizations,
  readWorld,
  type Verdict,
} from '../../packages/server/src/graph/index.ts'
import {
  arnOfPrincipal,
  heldByToken,
  heldFromOutside,
  nobodys,
  type Plain,
  provider,
  reachesAdministrator,
  type TwinFunction,
  type TwinPrincipal,
  type TwinWorld,
  trustDocument,
} from './twin.ts'

const first = '111122223333'
const accounts = [first, '444455556666', '777788889999'] as const
const outside = '999988887777'
const worlds = process.env.OMEN_SOAK === undefined ? 120 : 2_000

/** A generator of numbers from a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 11
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

const actions = [
  'iam:PutRolePolicy',
  'iam:UpdateAssumeRolePolicy',
  'iam:CreateAccessKey',
  'sts:AssumeRole',
  'sts:AssumeRole',
  'lambda:UpdateFunctionCode',
  'iam:*',
  's3:*',
]

const subjects = [
  'repo:acme/web:ref:refs/heads/main',
  'repo:acme/api:pull_request',
  'repo:evil/x:pull_request',
]
const patterns = ['repo:acme/*', 'repo:acme/web:*', 'repo:evil/y:*', '*']

function worldOf(seed: number): TwinWorld {
  const number = numbers(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const names = [
    { type: 'user', name: 'u0', account: accounts[0] },
    { type: 'user', name: 'u1', account: pick(accounts) },
    { type: 'role', name: 'r0', account: accounts[0] },
    { type: 'role', name: 'r1', account: accounts[1] },
    { type: 'role', name: 'r2', account: pick(accounts) },
  ] as const
  const arns = names.map(arnOfPrincipal)
  const roots = [...accounts, outside].map((account) => `arn:aws:iam::${account}:root`)
  const statement = (): Plain => ({
    Effect: number(6) === 0 ? 'Deny' : 'Allow',
    Action: pick(actions),
    Resource: pick([...arns, '*', '*', `arn:aws:iam::${accounts[1]}:role/*`]),
  })
  const some = (most: number): readonly Plain[] => Array.from({ length: number(most + 1) }, statement)
  const principals = names.map(
    ({ type, name, account }, place): TwinPrincipal => ({
      type,
      name,
      account,
      statements: [
        ...some(3),
        ...(place === 4 || number(9) === 0 ? [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] : []),
      ],
      boundary: undefined,
      trust: type === 'user' ? [] : pick([[], [pick(roots)], [pick(arns)], [pick(arns), pick(roots)]]),
      tokens: type === 'role' && number(4) === 0 ? [pick(patterns)] : [],
    }),
  )
  const denied: Record<string, readonly Plain[]> = {}
  if (number(3) === 0)
    denied[pick(accounts)] = [{ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: pick(arns) }]
  const functions = principals.flatMap(({ type, name, account = first }): readonly TwinFunction[] => {
    if (type === 'user' || number(2) === 0) return []
    const arn = `arn:aws:lambda:eu-west-1:${account}:function:${name}`
    const policy = Array.from(
      { length: number(3) },
      () =>
        ({
          Effect: number(5) === 0 ? 'Deny' : 'Allow',
          Principal: { AWS: pick([...arns, ...roots.slice(0, 3), '*']) },
          Action: pick(['lambda:UpdateFunctionCode', 'lambda:*', 'lambda:InvokeFunction']),
          Resource: arn,
        }) as const,
    )
    return [{ arn, role: name, policy }]
  })
  return { principals, held: new Set(), denied, functions }
}

function detailsOf(principals: readonly TwinPrincipal[], account: string): string {
  const own = principals.filter((principal) => principal.account === account)
  const inline = ({ statements: Statement }: TwinPrincipal) =>
    Statement.length === 0 ? [] : [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } }]
  const common = (principal: TwinPrincipal) => ({
    Path: '/',
    Arn: arnOfPrincipal(principal),
    AttachedManagedPolicies: [],
    Tags: [],
  })
  return JSON.stringify({
    UserDetailList: own
      .filter(({ type }) => type === 'user')
      .map((user) => ({ ...common(user), UserName: user.name, UserPolicyList: inline(user), GroupList: [] })),
    RoleDetailList: own
      .filter(({ type }) => type === 'role')
      .map((role) => ({
        ...common(role),
        RoleName: role.name,
        RolePolicyList: inline(role),
        InstanceProfileList: [],
        AssumeRolePolicyDocument: trustDocument(role.trust, role.tokens, nobodys),
      })),
    Policies: [
      {
        PolicyName: 'none',
        Arn: `arn:aws:iam::${account}:policy/none`,
        DefaultVersionId: 'v1',
        PolicyVersionList: [],
      },
    ],
  })
}

/** Only the techniques that the twin knows, and the ways in from outside. */
const known = new Set([
  'empower.put-user-policy',
  'empower.put-role-policy',
  'user.access-key',
  'open.trust-policy',
  'trust.assume-role',
  'trust.web-identity',
  'existing.lambda-code',
])
const full = techniqueTable()
const table = { ...full, techniques: full.techniques.filter(({ id }) => known.has(id)) }

function graphFor({ principals, denied = {}, functions = [] }: TwinWorld) {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  const organizations = readOrganizations({
    accounts: Object.fromEntries(
      Object.entries(denied).map(([account, Statement]) => [
        account,
        {
          scps: [
            [
              { name: 'full', document },
              { name: 'deny', document: { Version: '2012-10-17', Statement } },
            ],
          ],
        },
      ]),
    ),
  })
  const inventoryOf = (account: string) =>
    readInventory({
      resources: functions
        .filter(({ arn }) => arn.includes(`:${account}:`))
        .map(({ arn, role, policy: Statement }) => ({
          type: 'AWS::Lambda::Function',
          arn,
          role,
          tags: {},
          invokedBy: 'a schedule',
          codeSigningConfig: '',
          policy: Statement.length === 0 ? null : { Version: '2012-10-17', Statement },
        })),
      accessKeys: {},
      loginProfiles: [],
      mfaDevices: {},
    })
  return graphOf(
    joinWorlds(
      accounts.map((account) =>
        readWorld({
          details: detailsOf(principals, account),
          inventory: inventoryOf(account),
          organization: organizations,
        }),
      ),
    ),
    table,
  )
}

/** Which starts come to an administrator: the user, a token, and an account that is not in view. */
function answersOf(world: TwinWorld): readonly (Verdict | 'no start')[] {
  const graph = graphFor(world)
  return ['u0', provider, outside].map((name) => {
    const start = graph.findStart(name)
    return start === undefined ? 'no start' : graph.paths(start).verdict
  })
}

function expectedOf(world: TwinWorld): readonly boolean[] {
  return [
    reachesAdministrator({ ...world, held: new Set(['u0']) }),
    subjects.some((subject) => reachesAdministrator(heldByToken(world, subject))) ||
      reachesAdministrator(heldByToken(world, 'repo:evil/y:pull_request')),
    reachesAdministrator(heldFromOutside(world, outside)),
  ]
}

describe('the graph of several accounts and its naive twin', () => {
  test(`agree on ${worlds} worlds of three accounts`, () => {
    const counts = [0, 0, 0]
    for (let seed = 1; seed <= worlds; seed++) {
      const world = worldOf(seed)
      const expected = expectedOf(world)
      for (const [place, verdict] of answersOf(world).entries()) {
        const wanted = place === 0 ? 'proven' : 'conditional'
        assert.equal(verdict === wanted, expected[place], `seed ${seed}, start ${place}: ${verdict}`)
        assert.notEqual(verdict, 'undecided', `seed ${seed}`)
        if (expected[place] === true) counts[place] = (counts[place] ?? 0) + 1
      }
    }
    assert.ok(
      counts.every((count) => count > worlds / 30 && count < worlds * 0.95),
      counts.join(),
    )
  })
})
