import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, type Path, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import {
  arnOfPrincipal,
  type Plain,
  reachesAdministrator,
  type TwinFunction,
  type TwinPrincipal,
  trustDocument,
} from './twin.ts'

const account = '111122223333'
const worlds = process.env.OMEN_SOAK === undefined ? 150 : 10_000
const sixes = Number(process.env.SIX_WORLDS ?? (process.env.OMEN_SOAK === undefined ? 20 : 10_000))
/** Worlds in which a principal lifts a limit of another one, and can do nothing else. */
const lifted = [1672, 2038, 4460, 5514]
/** The seed of the first world of six principals. */
const firstOfSix = Number(process.env.SIX_FIRST ?? 1)

/** A generator of numbers from a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

const actions = [
  'iam:PutUserPolicy',
  'iam:PutRolePolicy',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
  'iam:CreateAccessKey',
  'iam:UpdateAssumeRolePolicy',
  'sts:AssumeRole',
  'iam:*',
  's3:*',
]

const four = [
  { type: 'user', name: 'u0' },
  { type: 'user', name: 'u1' },
  { type: 'role', name: 'r0' },
  { type: 'role', name: 'r1' },
] as const
const six = [
  { type: 'user', name: 'u0' },
  { type: 'user', name: 'u1' },
  { type: 'user', name: 'u2' },
  { type: 'role', name: 'r0' },
  { type: 'role', name: 'r1' },
  { type: 'role', name: 'r2' },
] as const

function principalsOf(seed: number, names: typeof four | typeof six = four): readonly TwinPrincipal[] {
  const number = numbers(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const arns = names.map(arnOfPrincipal)
  const statement = (): Plain => ({
    Effect: number(5) === 0 ? 'Deny' : 'Allow',
    Action: pick(actions),
    Resource: pick([...arns, '*', `arn:aws:iam::${account}:role/*`]),
  })
  const some = (most: number): readonly Plain[] => Array.from({ length: number(most + 1) }, statement)
  return names.map(({ type, name }, place) => ({
    type,
    name,
    statements: [
      ...some(3),
      ...(place === names.length - 1 || number(9) === 0
        ? [{ Effect: 'Allow', Action: '*', Resource: '*' } as const]
        : []),
    ],
    boundary:
      number(3) === 0
        ? [{ Effect: 'Allow', Action: pick(actions), Resource: '*' } as const, ...some(1)]
        : undefined,
    trust:
      type === 'user'
        ? []
        : pick([[], [`arn:aws:iam::${account}:root`], [pick(arns)], [pick(arns), pick(arns)]]),
  }))
}

/** Functions that run only if they are invoked: r0 runs as one, and so does r1, which is an administrator. */
const functions: readonly TwinFunction[] = ['r0', 'r1'].map((role) => ({
  arn: `arn:aws:lambda:eu-west-1:${account}:function:${role}`,
  role,
  policy: [],
  isStill: true,
}))

/** Principals that mostly need one another to run code in a function. */
function partnersOf(seed: number): readonly TwinPrincipal[] {
  const number = numbers(seed + 90_000)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const [mine = '', other = ''] = functions.map(({ arn }) => arn)
  const arns = [mine, other, other, other]
  const call = (): Plain => ({
    Effect: number(6) === 0 ? 'Deny' : 'Allow',
    Action: pick(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction', 'lambda:Update*', 'lambda:Invoke*']),
    Resource: pick([...arns, '*']),
  })
  const power = (): Plain => ({
    Effect: 'Allow',
    Action: pick([
      'sts:AssumeRole',
      'sts:AssumeRole',
      'iam:CreateAccessKey',
      'iam:CreateAccessKey',
      'iam:PutUserPolicy',
      'iam:DeleteRolePermissionsBoundary',
    ]),
    Resource: pick([...four.map(arnOfPrincipal), '*']),
  })
  const bound = (): readonly Plain[] | undefined =>
    number(2) === 0
      ? [
          ...['lambda:Update*', 'lambda:Invoke*', 'iam:*', 'sts:*'].flatMap((Action): readonly Plain[] =>
            number(2) === 0 ? [{ Effect: 'Allow', Action, Resource: '*' }] : [],
          ),
          call(),
        ]
      : undefined
  const calls = ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'].map(
    (Action): Plain => ({ Effect: 'Allow', Action, Resource: pick(arns) }),
  )
  return four.map(({ type, name }, place) => ({
    type,
    name,
    statements:
      place === 3
        ? [{ Effect: 'Allow', Action: '*', Resource: '*' }]
        : [
            ...pick([calls, [pick(calls)], [call()]]),
            ...(place === 0 || number(3) === 0 ? [power()] : []),
            ...(number(3) === 0 ? [call()] : []),
          ],
    boundary: place === 3 ? undefined : bound(),
    trust: type === 'user' ? [] : place === 3 ? [] : pick([[], [`arn:aws:iam::${account}:root`]]),
  }))
}

/** Names of new principals: those that patterns name, and one that no pattern but `*` does. */
const fresh = (['user', 'role'] as const).flatMap((type) =>
  ['a-x', 'a-y', 'a-a-x', 'b-x', 'b-y', 'b-b-x', 'x', 'c'].map((name) => ({ type, name: `${type}-${name}` })),
)

/** Principals that need one another to make a user or a role that may do anything. */
function makersOf(seed: number): readonly TwinPrincipal[] {
  const number = numbers(seed + 170_000)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const statement = (kind: 'user' | 'role'): Plain => ({
    Effect: number(7) === 0 ? 'Deny' : 'Allow',
    Action: pick(
      kind === 'user'
        ? ['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey', 'iam:Create*']
        : ['iam:CreateRole', 'iam:PutRolePolicy'],
    ),
    Resource: `arn:aws:iam::${account}:${kind}/${kind}-${pick(['a-*', '*-x', 'b-*', 'a-x', '*'])}`,
  })
  const reach = (): Plain => ({
    Effect: 'Allow',
    Action: pick(['sts:AssumeRole', 'sts:AssumeRole', 'iam:CreateAccessKey']),
    Resource: pick([...four.map(arnOfPrincipal), '*']),
  })
  return four.map(({ type, name }, place) => ({
    type,
    name,
    statements: [
      ...Array.from({ length: 1 + number(3) }, () => statement(pick(['user', 'role']))),
      ...(place === 0 || number(3) === 0 ? [reach()] : []),
    ],
    boundary:
      number(4) === 0
        ? ['iam:Create*', 'iam:Put*', 'sts:*', 'iam:*'].flatMap((Action): readonly Plain[] =>
            Action === 'sts:*' || number(2) === 0 ? [{ Effect: 'Allow', Action, Resource: '*' }] : [],
          )
        : undefined,
    trust: type === 'user' ? [] : pick([[], [`arn:aws:iam::${account}:root`]]),
  }))
}

function detailsOf(principals: readonly TwinPrincipal[]): string {
  const common = ({ name, statements, boundary }: TwinPrincipal) => ({
    Path: '/',
    AttachedManagedPolicies: [],
    Tags: [],
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::aws:policy/b-${name}` } }),
    inline: statements.length === 0 ? [] : [{ PolicyName: 'p', PolicyDocument: doc(statements) }],
  })
  const doc = (Statement: readonly Plain[]) => ({ Version: '2012-10-17', Statement })
  return JSON.stringify({
    UserDetailList: principals.flatMap((principal) => {
      if (principal.type !== 'user') return []
      const { inline, ...rest } = common(principal)
      return [
        {
          ...rest,
          UserName: principal.name,
          Arn: arnOfPrincipal(principal),
          UserPolicyList: inline,
          GroupList: [],
        },
      ]
    }),
    RoleDetailList: principals.flatMap((principal) => {
      if (principal.type !== 'role') return []
      const { inline, ...rest } = common(principal)
      return [
        {
          ...rest,
          RoleName: principal.name,
          Arn: arnOfPrincipal(principal),
          RolePolicyList: inline,
          InstanceProfileList: [],
          AssumeRolePolicyDocument: trustDocument(principal.trust),
        },
      ]
    }),
    Policies: principals.flatMap(({ name, boundary }) =>
      boundary === undefined
        ? []
        : [
            {
              PolicyName: `b-${name}`,
              Arn: `arn:aws:iam::aws:policy/b-${name}`,
              DefaultVersionId: 'v1',
              PolicyVersionList: [{ VersionId: 'v1', Document: doc(boundary) }],
            },
          ],
    ),
  })
}

/** Only the techniques that the twin knows. */
const known = new Set([
  'empower.put-user-policy',
  'empower.put-role-policy',
  'lift.delete-user-boundary',
  'lift.delete-role-boundary',
  'user.access-key',
  'open.trust-policy',
  'trust.assume-role',
  'existing.lambda-code',
])
const making = new Set([...known, 'user.new-admin', 'compose.new-admin-role'])
const full = techniqueTable()
const tableOf = (ids: ReadonlySet<string>) => ({
  ...full,
  techniques: full.techniques.filter(({ id }) => ids.has(id)),
})

function answerFor(
  principals: readonly TwinPrincipal[],
  functions: readonly TwinFunction[] = [],
  ids = known,
) {
  const resources = functions.map(({ arn, role }) => ({
    type: 'AWS::Lambda::Function',
    arn,
    role: arnOfPrincipal({ type: 'role', name: role }),
    tags: {},
    invokedBy: '',
    url: '',
    codeSigningConfig: '',
    policy: null,
  }))
  const inventory = readInventory({ resources, accessKeys: {}, loginProfiles: [], mfaDevices: {} })
  const graph = graphOf(readWorld({ details: detailsOf(principals), inventory }), tableOf(ids))
  return graph.paths(graph.find('user/u0')!)
}

/** Places of the statements of a principal's own policy that a path rests on: by principal and index. */
function restsOn({ steps }: Path): readonly (readonly [name: string, index: number])[] {
  return steps.flatMap(({ from, proof }) =>
    proof !== undefined && 'witness' in proof
      ? proof.witness.decisions.flatMap(({ by }) =>
          by.flatMap(({ layer, source, statement }) =>
            layer === 'identity' && source.name === 'p'
              ? [[from.slice(from.lastIndexOf('/') + 1), statement.index] as const]
              : [],
          ),
        )
      : [],
  )
}

describe('the graph and its naive twin', () => {
  test(`agree on ${worlds} worlds`, () => {
    let proven = 0
    for (let seed = 1; seed <= worlds; seed++) {
      const principals = principalsOf(seed)
      const expected = reachesAdministrator({ principals, held: new Set(['u0']) })
      const { verdict } = answerFor(principals)
      assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict}`)
      assert.notEqual(verdict, 'undecided', `seed ${seed}`)
      if (expected) proven++
    }
    assert.ok(proven > worlds / 20 && proven < worlds * 0.95, `${proven} of ${worlds}`)
  })

  test(`agree on ${sixes} worlds of six principals`, () => {
    let proven = 0
    const seeds = Array.from({ length: sixes }, (_, place) => firstOfSix + place)
    for (const seed of new Set([...seeds, ...lifted])) {
      const principals = principalsOf(seed, six)
      const expected = reachesAdministrator({ principals, held: new Set(['u0']) }, true)
      const { verdict } = answerFor(principals)
      assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict}`)
      assert.notEqual(verdict, 'undecided', `seed ${seed}`)
      if (expected) proven++
    }
    assert.ok(proven > sixes / 20 && proven < (sixes + lifted.length) * 0.95, `${proven} of ${sixes}`)
  })

  test(`agree on ${worlds} worlds in which one writes the code of a function and another one invokes it`, () => {
    let proven = 0
    let together = 0
    for (let seed = 1; seed <= worlds; seed++) {
      const principals = partnersOf(seed)
      const expected = reachesAdministrator({ principals, held: new Set(['u0']), functions })
      const { verdict, paths } = answerFor(principals, functions)
      assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict}`)
      assert.notEqual(verdict, 'undecided', `seed ${seed}`)
      if (expected) proven++
      if (paths[0]?.steps.some(({ helpers }) => helpers !== undefined)) together++
    }
    assert.ok(proven > worlds / 20 && proven < worlds * 0.95, `${proven} of ${worlds}`)
    assert.ok(together > worlds / 100, `${together} of ${worlds}`)
  })

  test(`agree on ${worlds} worlds in which several make a user or a role`, () => {
    let proven = 0
    let together = 0
    for (let seed = 1; seed <= worlds; seed++) {
      const principals = makersOf(seed)
      const expected = reachesAdministrator({ principals, held: new Set(['u0']), fresh }, true)
      const { verdict, paths } = answerFor(principals, [], making)
      assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict}`)
      assert.notEqual(verdict, 'undecided', `seed ${seed}`)
      if (expected) proven++
      if (paths[0]?.steps.some(({ helpers }) => helpers !== undefined)) together++
    }
    assert.ok(proven > worlds / 20 && proven < worlds * 0.95, `${proven} of ${worlds}`)
    assert.ok(together > worlds / 100, `${together} of ${worlds}`)
  })

  test('the order of calls that only add something does not matter', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const start = { principals: principalsOf(seed), held: new Set(['u0']) }
      assert.equal(reachesAdministrator(start, true), reachesAdministrator(start), `seed ${seed}`)
    }
  })

  test('a statement that is taken from a proof takes the proof away', () => {
    let taken = 0
    for (let seed = 1; seed <= worlds && taken < 60; seed++) {
      const principals = principalsOf(seed)
      const { paths } = answerFor(principals)
      const [path] = paths
      if (path === undefined || path.verdict !== 'proven') continue
      for (const [name, index] of restsOn(path)) {
        taken++
        const less = principals.map((principal) =>
          principal.name === name
            ? { ...principal, statements: principal.statements.filter((_, place) => place !== index) }
            : principal,
        )
        const shapes = answerFor(less).paths.map(({ steps }) =>
          JSON.stringify(steps.map(({ technique, from, to }) => [technique, from, to])),
        )
        const shape = JSON.stringify(path.steps.map(({ technique, from, to }) => [technique, from, to]))
        const again = reachesAdministrator({ principals: less, held: new Set(['u0']) })
        assert.ok(again || !shapes.includes(shape), `seed ${seed}: ${name} ${index}`)
      }
    }
    assert.ok(taken > 10, `${taken}`)
  })

  test('a Deny opens no path', () => {
    for (let seed = 1; seed <= worlds / 3; seed++) {
      const principals = principalsOf(seed)
      if (answerFor(principals).verdict === 'proven') continue
      const number = numbers(seed + 7)
      const deny: Plain = { Effect: 'Deny', Action: actions[number(actions.length)]!, Resource: '*' }
      const more = principals.map((principal) =>
        number(2) === 0 ? { ...principal, statements: [...principal.statements, deny] } : principal,
      )
      assert.notEqual(answerFor(more).verdict, 'proven', `seed ${seed}`)
    }
  })
})
