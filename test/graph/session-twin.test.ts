import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Context,
  type ContextInput,
  compile,
  evaluate,
  type PolicySource,
  type Principal,
  parsePolicy,
  principalContext,
} from '@omen-iam/policy'
import { policyText } from '../kit/index.ts'
import { account, allow, graphOfFile, roleArn, type Statement, userArn } from './account-file.ts'

const worlds = process.env.OMEN_SOAK === undefined ? 60 : 3_000

/** What trust policies ask for. */
const conditions = [
  undefined,
  undefined,
  { StringEquals: { 'aws:RequestTag/team': 'blue' } },
  { StringEquals: { 'aws:RequestTag/team': 'red' } },
  { Null: { 'aws:RequestTag/cost': 'false' } },
  { Null: { 'aws:RequestTag/cost': 'false', 'aws:RequestTag/team': 'true' } },
  { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
  { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringEquals: { 'aws:PrincipalTag/cost': 'x' } },
] as const

/** What the policy of the last role asks for. */
const powers = [
  undefined,
  { StringEquals: { 'aws:PrincipalTag/team': 'red', 'aws:PrincipalTag/cost': 'x' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'blue' } },
] as const

type Tags = Readonly<Record<string, string>>

interface TwinRole {
  readonly name: string
  readonly trust: readonly Statement[]
  readonly statement: Statement
  readonly tags: Tags
}

/** Three roles, each of which trusts dev or a role, in one statement or two. */
function rolesOf(seed: number): readonly TwinRole[] {
  let state = Math.imul(seed, 2_654_435_761) + 1
  const pick = <Each>(all: readonly Each[]): Each => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return all[Math.floor((state / 4_294_967_296) * all.length)]!
  }
  return ['r0', 'r1', 'r2'].map((name, place) => {
    const callers = [userArn('dev'), roleArn('r0'), roleArn('r1')].slice(0, place + 1)
    const trust = (): Statement => {
      const asked: Readonly<Record<string, object>> = pick(conditions) ?? {}
      // The twin knows no transitive tags.
      const Condition = { ...asked, Null: { ...asked.Null, 'sts:TransitiveTagKeys': 'true' } }
      const Action = pick([['sts:AssumeRole'], ['sts:AssumeRole', 'sts:TagSession'], ['sts:TagSession']])
      return { Effect: 'Allow', Principal: { AWS: pick(callers) }, Action, Condition }
    }
    const tags = pick<Tags>([{}, { team: 'red' }, { Team: 'blue' }, { cost: 'x' }])
    const power = place === 2 ? pick(powers) : undefined
    const statement = place === 2 ? allow('*', '*', power) : allow('s3:ListAllMyBuckets')
    return { name, trust: Array.from({ length: pick([1, 2]) }, trust), statement, tags }
  })
}

/** A caller with the tags of its session. */
interface Session {
  readonly principal: Principal
  readonly role: TwinRole | undefined
  readonly tags: Tags
}

/** The tags that a call can pass; the last value is one that no condition names. */
const passes = [undefined, 'red', 'blue', 'omen'].flatMap((team) =>
  [undefined, 'x', 'omen'].map(
    (cost): Tags => ({ ...(team === undefined ? {} : { team }), ...(cost === undefined ? {} : { cost }) }),
  ),
)

function sourceOf(statements: readonly Statement[], kind: 'trust' | 'identity'): PolicySource {
  const parsed = parsePolicy(policyText(...statements), kind)
  assert.ok(parsed.ok)
  return { policy: parsed.policy, source: { type: 'none' } }
}

function keysOf(prefix: string, tags: Tags): Record<string, ContextInput> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${prefix}Tag/${key}`, value]))
}

/** Whether an administrator is reached: each session tries each role with each set of tags. No tag is transitive. */
function reachesAdministrator(roles: readonly TwinRole[]): boolean {
  const dev: Principal = { type: 'user', arn: userArn('dev'), account }
  const sessions: Session[] = [{ principal: dev, role: undefined, tags: {} }]
  const trusts = roles.map((role) => {
    const source = sourceOf(role.trust, 'trust')
    return [role, compile({ identity: [], resource: { source, grant: 'trust' } })] as const
  })
  const seen = new Set<string>()
  for (const { principal, role: ofWorkloads, tags } of sessions) {
    const caller = { ...principalContext(principal), ...keysOf('Principal', tags) }
    if (ofWorkloads !== undefined) {
      const set = compile({ identity: [sourceOf([ofWorkloads.statement], 'identity')] })
      const request = { principal, action: 'iam:CreateUser', resource: '*', context: new Context(caller) }
      if (evaluate(request, set).outcome === 'allowed') return true
    }
    for (const [role, set] of trusts) {
      if (role === ofWorkloads) continue
      for (const passed of passes) {
        const context = new Context({
          ...caller,
          ...keysOf('Resource', role.tags),
          ...keysOf('Request', passed),
          ...(Object.keys(passed).length === 0 ? {} : { 'aws:TagKeys': Object.keys(passed) }),
        })
        const actions = ['sts:AssumeRole', ...(Object.keys(passed).length === 0 ? [] : ['sts:TagSession'])]
        const isAllowed = actions.every(
          (action) =>
            evaluate({ principal, action, resource: roleArn(role.name), context }, set).outcome === 'allowed',
        )
        if (!isAllowed) continue
        const kept = Object.entries(role.tags).filter(([key]) => passed[key.toLowerCase()] === undefined)
        const next = { ...Object.fromEntries(kept), ...passed }
        const key = JSON.stringify([role.name, Object.entries(next).sort()])
        if (seen.has(key)) continue
        seen.add(key)
        const sessionArn = `arn:aws:sts::${account}:assumed-role/${role.name}/omen`
        const session = { type: 'roleSession', roleArn: roleArn(role.name), sessionArn, account } as const
        sessions.push({ principal: session, role, tags: next })
      }
    }
  }
  return false
}

test('sessions with tags are as a twin finds them that tries every set of tags [POL-055, POL-058]', () => {
  const found = new Set<boolean>()
  for (let seed = 1; seed <= worlds; seed++) {
    const roles = rolesOf(seed)
    const expected = reachesAdministrator(roles)
    found.add(expected)
    const entries = roles.map(({ name, trust, statement, tags }) => [
      name,
      { trust, statements: [statement], tags },
    ])
    const graph = graphOfFile({ users: { dev: {} }, roles: Object.fromEntries(entries) })
    const { verdict } = graph.paths(graph.find('dev')!)
    assert.equal(verdict === 'proven', expected, `seed ${seed}: ${verdict} ${JSON.stringify(roles)}`)
  }
  assert.equal(found.size, 2)
})
