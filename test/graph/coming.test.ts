import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  keepingEqual,
  readInventory,
  readWorld,
  StepBudget,
  type World,
} from '../../packages/server/src/graph/index.ts'
import { comparePathsTo, type Known } from '../../packages/server/src/services/omen/search/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'
import { policyText } from '../kit/index.ts'
import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  deny,
  policyArn,
  profileArn,
  roleArn,
  type Statement,
  userArn,
  worldOf,
} from './account-file.ts'

/** Returns the value that a list of principals ends with. */
function ended<Value>(list: Generator<unknown, Value>): Value {
  for (;;) {
    const { done, value } = list.next()
    if (done === true) return value
  }
}

const isSoak = process.env.OMEN_SOAK !== undefined
const runs = isSoak ? 400 : 1
/** An account is drawn again if the questions about it take more steps: few take minutes. A soak has them too. */
const mostSteps = isSoak ? undefined : 5_000
const changes = 5

const everything = policyText(allow('*'))
const root = `arn:aws:iam::${account}:root`
const groupArn = (name: string): string => `arn:aws:iam::${account}:group/${name}`
const self = ['${', 'aws:username}'].join('')

/** Statements that lead somewhere, also to principals that are not there yet. */
const statements: readonly (readonly Statement[])[] = [
  [],
  [],
  [],
  [allow('s3:GetObject')],
  [allow('*')],
  [allow('sts:AssumeRole', roleArn('*'))],
  [allow('sts:AssumeRole', roleArn('r'))],
  [allow('iam:CreateAccessKey', userArn('b'))],
  [allow('iam:CreateAccessKey', userArn(self)), allow('iam:AddUserToGroup', groupArn('g'))],
  [allow('iam:CreateAccessKey')],
  [allow('iam:CreateLoginProfile', userArn('c'))],
  [allow(['iam:CreateLoginProfile', 'iam:AddUserToGroup'])],
  [allow(['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey'], userArn('d'))],
  [allow(['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'], [userArn('c'), userArn('d')])],
  [allow(['iam:CreateRole', 'iam:PutRolePolicy', 'sts:AssumeRole'], roleArn('t'))],
  [allow(['iam:CreatePolicy', 'iam:AttachUserPolicy'], [policyArn('q'), userArn('a')])],
  [allow('iam:PutUserPolicy', userArn('c'))],
  [allow('iam:AttachUserPolicy', '*', { ArnEquals: { 'iam:PolicyARN': policyArn('p') } })],
  [allow('iam:AttachRolePolicy', roleArn('r'), { ArnEquals: { 'iam:PolicyARN': policyArn('q') } })],
  [allow('iam:PutGroupPolicy', groupArn('g'))],
  [allow('iam:CreatePolicyVersion', policyArn('p'))],
  [allow('iam:UpdateAssumeRolePolicy', roleArn('t')), allow('sts:AssumeRole', roleArn('t'))],
  [allow('iam:DeleteUserPermissionsBoundary')],
  [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])],
  [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])],
  [allow(['iam:PassRole', 'lambda:CreateFunction'])],
  [allow('lambda:InvokeFunction')],
  [allow('lambda:UpdateFunctionCode'), allow('sts:AssumeRole')],
  [allow(['iam:PassRole', 'ec2:RunInstances'])],
  [allow('ssm:SendCommand')],
  [allow(['iam:PassRole', 'elasticmapreduce:RunJobFlow'])],
  [allow('iam:TagRole'), allow('sts:AssumeRole')],
  [allow(['iam:PutRolePolicy'], roleArn('*')), deny('iam:PutRolePolicy', roleArn('r'))],
]

const boundaries = [undefined, undefined, undefined, policyArn('p'), policyArn('limit')]

const trusts = [
  { AWS: root },
  { AWS: userArn('b') },
  { AWS: userArn('d') },
  { AWS: roleArn('r') },
  { AWS: [roleArn('s'), roleArn('t')] },
  { AWS: '*' },
  { Service: 'lambda.amazonaws.com' },
  { Service: 'ec2.amazonaws.com' },
  { Service: 'elasticmapreduce.amazonaws.com' },
  [
    {
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
    },
  ],
  [
    {
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: 'sts:AssumeRole',
      Condition: { ArnLike: { 'aws:PrincipalArn': userArn('d*') } },
    },
  ],
  [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } },
    },
  ],
]

type Draft = { -readonly [Key in keyof Required<AccountFile>]: Record<string, object> } & {
  keys: Record<string, number>
  passwords: Record<string, object>
}

/** A generator of choices from a seed. */
function chooser(seed: number) {
  let state = Math.imul(seed + 1, 2_654_435_761)
  const below = (most: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return Math.floor((state / 4_294_967_296) * most)
  }
  return { below, pick: <Each>(all: readonly Each[]): Each => all[below(all.length)]! }
}

type Chooser = ReturnType<typeof chooser>

function bearer({ pick, below }: Chooser): object {
  const boundary = pick(boundaries)
  return {
    statements: pick(statements),
    attached: below(12) === 0 ? [administratorAccess] : below(3) === 0 ? [policyArn(pick(['p', 'q']))] : [],
    ...(boundary === undefined ? {} : { boundary }),
    tags: below(3) === 0 ? { team: pick(['red', 'blue']) } : {},
  }
}

/** Puts something into the account in place of what has its name, or takes it away. */
function edit(draft: Draft, choose: Chooser): string {
  const { pick, below } = choose
  const kind = pick(['users', 'users', 'users', 'roles', 'roles', 'groups', 'policies', 'keys'] as const)
  const name = pick(
    {
      users: ['a', 'b', 'c', 'd'],
      roles: ['r', 's', 't'],
      groups: ['g', 'h'],
      policies: ['p', 'q'],
      keys: ['a', 'b', 'c', 'd'],
    }[kind],
  )
  if (kind === 'keys') {
    draft.keys[name] = below(3)
    if (below(2) === 0) draft.passwords[name] = {}
    else delete draft.passwords[name]
  } else if (draft[kind][name] !== undefined && below(2) === 0) delete draft[kind][name]
  else if (kind === 'policies') draft.policies[name] = pick(statements)
  else if (kind === 'groups') draft.groups[name] = bearer(choose)
  else if (kind === 'users')
    draft.users[name] = { ...bearer(choose), groups: below(3) === 0 ? [pick(['g', 'h'])] : [] }
  else draft.roles[name] = { ...bearer(choose), trust: pick(trusts), profiles: below(3) === 0 ? [name] : [] }
  const now = kind === 'keys' ? [draft.keys[name], name in draft.passwords] : draft[kind][name]
  return `${kind} ${name}: ${JSON.stringify(now)}`
}

function worldNow(draft: Draft): World {
  const file = {
    ...draft,
    policies: { limit: [allow(['s3:*', 'iam:CreateAccessKey', 'iam:AttachUserPolicy'])], ...draft.policies },
  } as AccountFile
  const resources = ['r', 's'].flatMap((name) => [
    {
      type: 'AWS::Lambda::Function',
      arn: `arn:aws:lambda:eu-west-1:${account}:function:${name}`,
      role: roleArn(name),
      invokedBy: 'a schedule',
    },
    {
      type: 'AWS::EC2::Instance',
      arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-${name}`,
      role: roleArn(name),
      state: 'running',
      ssmAgent: 'online',
      instanceProfile: profileArn(name),
    },
  ])
  const names = Object.keys(draft.users)
  const inventory = readInventory({
    resources,
    accessKeys: Object.fromEntries(names.map((name) => [name, draft.keys[name] ?? 0])),
    loginProfiles: names.filter((name) => draft.passwords[name] !== undefined),
    mfaDevices: {},
  })
  return { ...worldOf(file), inventory }
}

function answers(graph: Graph, budget?: StepBudget): readonly unknown[] {
  return [...graph.world.users.values(), ...graph.world.roles.values()].map((principal) => {
    const { verdict, residual, paths } = graph.paths(principal, undefined, budget && { budget })
    return [principal.arn, verdict, residual.map(({ key }) => key), paths[0]?.steps.length]
  })
}

function standings(known: Known): readonly unknown[] {
  return [...known.standings].sort(([one], [other]) => (one < other ? -1 : 1))
}

function isEqual(one: readonly unknown[], other: readonly unknown[], edits: readonly string[]): void {
  const lines = (all: readonly unknown[]): string[] => all.map((each) => JSON.stringify(each))
  const wrong = lines(one).filter((line) => !lines(other).includes(line))
  const right = lines(other).filter((line) => !lines(one).includes(line))
  const what = () => [...edits, 'carried over:', ...wrong, 'made anew:', ...right].join('\n')
  if (wrong.length + right.length > 0) assert.fail(what())
}

test('principals, groups and policies come and go: answers and what is watched are those of a graph made anew', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const choose = chooser(seed)
      const draft: Draft = { users: {}, roles: {}, groups: {}, policies: {}, keys: {}, passwords: {} }
      for (let place = 0; place < 9; place++) edit(draft, choose)
      const edits = [JSON.stringify(draft)]
      let world = worldNow(draft)
      let graph = graphOf(world, techniqueTable())
      let known = ended(comparePathsTo(world, undefined))
      const budget = new StepBudget(mostSteps)
      answers(graph, budget)
      if (!isSoak) t.diagnostic(`account ${seed}: ${budget.isSpent ? 'too many' : budget.taken} steps`)
      fc.pre(isSoak || !budget.isSpent)
      for (let place = 0; place < changes; place++) {
        edits.push(edit(draft, choose))
        world = keepingEqual(world, worldNow(draft))
        graph = graph.changed(world)
        const anew = graphOf(world, techniqueTable())
        const changed = new StepBudget(mostSteps)
        const right = answers(anew, changed)
        if (!isSoak && changed.isSpent) return
        isEqual(answers(graph), right, edits)
        known = ended(comparePathsTo(world, known))
        isEqual(standings(known), standings(ended(comparePathsTo(world, undefined))), edits)
      }
    }),
    { numRuns: runs },
  )
})

test('few principals are asked again when a user is made, and when one becomes an administrator', () => {
  const own = '111122223333'
  const { details, inventory } = accountOf({ account: own, users: 150, roles: 150 })
  const world = readWorld({
    details,
    inventory: readInventory(inventory),
    awsPolicy: (arn) => (arn === administratorAccess ? everything : undefined),
  })
  const count = (after: World, before?: Known): { readonly known: Known; readonly count: number } => {
    const budget = new StepBudget()
    return { known: ended(comparePathsTo(after, before, budget)), count: budget.taken }
  }
  const first = count(world)
  const like = [...world.users.values()][0]!
  const arn = `arn:aws:iam::${own}:user/new`
  const made = { ...like, arn, name: 'new', id: undefined, inline: [], attached: [], groups: [], tags: {} }
  const users = new Map([...world.users, [arn, made]])
  const second = count({ ...world, users }, first.known)
  const administrators = new Map([...users, [arn, { ...made, attached: [administratorAccess] }]])
  const third = count({ ...world, users: administrators }, second.known)
  const removed = count(world, third.known)
  for (const each of [second, third, removed])
    assert.ok(each.count * 5 < first.count, `${each.count} of ${first.count}`)
  assert.equal(third.known.standings.get(arn), 'proven')
  assert.deepEqual(standings(removed.known), standings(first.known))
})
