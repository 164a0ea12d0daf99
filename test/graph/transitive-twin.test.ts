import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Context,
  type ContextInput,
  compile,
  evaluate,
  type Principal,
  parsePolicy,
  principalContext,
} from '@omen-iam/policy'
import { policyText } from '../kit/index.ts'
import { account, allow, graphOfFile, roleArn, type Statement, userArn } from './account-file.ts'

const worlds = process.env.OMEN_SOAK === undefined ? 120 : 5_000

/** What trust policies ask for, all of one key. */
const conditions = [
  undefined,
  undefined,
  { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } },
  { Null: { 'sts:TransitiveTagKeys': 'true' } },
  { Null: { 'aws:RequestTag/team': 'true' } },
  { Null: { 'aws:RequestTag/team': 'false' } },
  { StringEquals: { 'aws:RequestTag/team': 'blue' } },
  { StringEquals: { 'aws:RequestTag/team': 'blue', 'aws:PrincipalTag/team': 'red' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
  {
    StringEquals: { 'aws:RequestTag/team': 'blue' },
    'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' },
  },
  { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringEquals: { 'aws:ResourceTag/team': 'red' } },
  { StringNotEquals: { 'aws:ResourceTag/team': 'red' } },
] as const

interface TwinRole {
  readonly name: string
  readonly trust: Statement
  readonly tags: Readonly<Record<string, string>>
}

/** A chain of roles, each of which trusts the one before it. */
function chainOf(seed: number): readonly TwinRole[] {
  let state = seed
  const pick = <Each>(all: readonly Each[]): Each => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return all[Math.floor((state / 4_294_967_296) * all.length)]!
  }
  return ['r0', 'r1', 'r2'].map((name, place) => {
    const AWS = place === 0 ? userArn('dev') : roleArn(`r${place - 1}`)
    const Action = pick([['sts:AssumeRole'], ['sts:AssumeRole', 'sts:TagSession']])
    const Condition = pick(conditions)
    const trust = { Effect: 'Allow', Principal: { AWS }, Action, ...(Condition && { Condition }) }
    return { name, trust, tags: pick([{}, {}, { team: 'red' }, { Team: 'blue' }]) }
  })
}

/** A caller: the tag of its session, and whether it is transitive. */
interface Session {
  readonly principal: Principal
  readonly team: string | undefined
  readonly isTransitive: boolean
}

const passes = [undefined, 'red', 'blue', 'omen'].flatMap((team) =>
  (team === undefined ? [false] : [false, true]).map((isTransitive) => ({ team, isTransitive })),
)

/** Whether every role of a chain can be assumed: each session is tried with each tag, as AWS documents the call. */
function reachesEnd(roles: readonly TwinRole[]): boolean {
  const dev: Principal = { type: 'user', arn: userArn('dev'), account }
  let sessions: readonly Session[] = [{ principal: dev, team: undefined, isTransitive: false }]
  for (const role of roles) {
    const parsed = parsePolicy(policyText(role.trust), 'trust')
    assert.ok(parsed.ok)
    const source = { policy: parsed.policy, source: { type: 'none' } } as const
    const set = compile({ identity: [], resource: { source, grant: 'trust' } })
    const own = role.tags.team ?? role.tags.Team
    sessions = sessions.flatMap(({ principal, team: callers, isTransitive: isInherited }) =>
      passes.flatMap(({ team, isTransitive }): readonly Session[] => {
        if (isInherited && team !== undefined) return []
        const keys: Record<string, ContextInput | undefined> = {
          ...principalContext(principal),
          'aws:PrincipalTag/team': callers,
          'aws:ResourceTag/team': isInherited ? callers : own,
          'aws:RequestTag/team': team,
          'aws:TagKeys': team === undefined ? undefined : ['team'],
          'sts:TransitiveTagKeys': isTransitive ? ['team'] : undefined,
        }
        const known = Object.entries(keys).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        )
        const context = new Context(Object.fromEntries(known) as Record<string, ContextInput>)
        const tagged = team !== undefined || isInherited ? ['sts:TagSession'] : []
        const isAllowed = ['sts:AssumeRole', ...tagged].every(
          (action) =>
            evaluate({ principal, action, resource: roleArn(role.name), context }, set).outcome === 'allowed',
        )
        if (!isAllowed) return []
        const sessionArn = `arn:aws:sts::${account}:assumed-role/${role.name}/omen`
        return [
          {
            principal: { type: 'roleSession', roleArn: roleArn(role.name), sessionArn, account },
            team: isInherited ? callers : (team ?? own),
            isTransitive: isInherited || isTransitive,
          },
        ]
      }),
    )
  }
  return sessions.length > 0
}

test('chains with transitive tags are as a twin finds them that tries every tag [POL-056, POL-057, STS-12]', () => {
  const found = new Set<boolean>()
  for (let seed = 1; seed <= worlds; seed++) {
    const chain = chainOf(seed)
    const expected = reachesEnd(chain)
    found.add(expected)
    const roles = chain.map(({ name, trust, tags }, place) => {
      const statements = place === 2 ? [allow('*')] : [allow('s3:ListAllMyBuckets')]
      return [name, { trust: [trust], statements, tags }] as const
    })
    const graph = graphOfFile({ users: { dev: {} }, roles: Object.fromEntries(roles) })
    const { verdict } = graph.paths(graph.find('dev')!)
    assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict} ${JSON.stringify(chain)}`)
  }
  assert.equal(found.size, 2)
})
