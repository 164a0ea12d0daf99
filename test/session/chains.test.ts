import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Credentials } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import { policyText } from '../kit/index.ts'
import { allow, faultOf } from '../wire/iam/house.ts'
import { account, arn, credentialsOf, stsServer, trusting } from '../wire/sts-house.ts'

/**
 * The law: whatever is assumed, chained, tagged, scoped and narrowed, in whatever order, a session never may what
 * a session of its chain could not have given it. What each session should be allowed is computed here with sets.
 */

const server = await stsServer()
after(server.close)

/** What is asked for, with the call that asks. */
const probes = {
  'iam:ListRoles': (who: ReturnType<typeof server.iamAs>) => who.listRoles({ MaxItems: 1 }),
  'iam:ListUsers': (who: ReturnType<typeof server.iamAs>) => who.listUsers({ MaxItems: 1 }),
  'iam:ListGroups': (who: ReturnType<typeof server.iamAs>) => who.listGroups({ MaxItems: 1 }),
} as const
type Action = keyof typeof probes
const actions = Object.keys(probes) as Action[]
const names = ['a', 'b', 'c'] as const
type Name = (typeof names)[number]

/** One role: what it may, whom it may become, who may become it. */
interface World {
  readonly may: readonly Action[]
  readonly becomes: readonly Name[]
  readonly trusts: readonly (Name | 'account')[]
  readonly tagging: boolean
  readonly wantsTag: boolean
}

const subset = <T>(all: readonly T[]) => fc.subarray([...all])
const world: fc.Arbitrary<World> = fc.record({
  may: subset(actions),
  becomes: subset(names),
  trusts: subset([...names, 'account'] as const),
  tagging: fc.boolean(),
  wantsTag: fc.boolean(),
})
const worlds: fc.Arbitrary<Readonly<Record<Name, World>>> = fc.record({ a: world, b: world, c: world })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('assume' as const),
      name: fc.constantFrom(...names),
      policy: fc.option(subset(actions)),
      tag: fc.boolean(),
      transitive: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scope' as const), policy: subset(actions) }) },
)

/** A session as the sets have it. */
interface Reckoned {
  readonly name: Name | 'admin'
  readonly caps: readonly (readonly string[])[]
  /** Tags that go along. */
  readonly handedOn: boolean
}

for (const name of names) {
  await server.role(name, trusting({ AWS: arn('user/admin') }))
}

async function build(world: Readonly<Record<Name, World>>) {
  for (const name of names) {
    const { may, becomes, trusts, tagging, wantsTag } = world[name]
    await server.iam.putRolePolicy({
      RoleName: name,
      PolicyName: 'own',
      PolicyDocument: policyText(
        { Effect: 'Allow', Action: ['sts:GetScopedCredentials', ...may], Resource: '*' },
        ...becomes.map((other) => ({
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Resource: arn(`role/${other}`),
        })),
      ),
    })
    const principals = trusts.map((who) => (who === 'account' ? account : arn(`role/${who}`)))
    const statement = (action: string, condition?: object) => ({
      Effect: 'Allow',
      Principal: { AWS: [...principals, arn('user/admin')] },
      Action: action,
      ...(condition && { Condition: condition }),
    })
    await server.iam.updateAssumeRolePolicy({
      RoleName: name,
      PolicyDocument: policyText(
        statement('sts:AssumeRole', wantsTag ? { StringEquals: { 'aws:RequestTag/k': 'v' } } : undefined),
        ...(tagging ? [statement('sts:TagSession')] : []),
      ),
    })
  }
}

const stsOwn = ['sts:AssumeRole', 'sts:TagSession', 'sts:GetScopedCredentials']

/** Whether the sets let this session become that role. */
function mayBecome(
  session: Reckoned,
  world: Readonly<Record<Name, World>>,
  wanted: { readonly name: Name; readonly tag: boolean },
): boolean {
  const target = world[wanted.name]
  const passes = wanted.tag || session.handedOn
  const asked = passes ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole']
  if (wanted.tag && session.handedOn) return false // of the same key
  if (passes && !target.tagging) return false
  if (target.wantsTag && !wanted.tag) return false
  if (session.name === 'admin') return true
  if (!asked.every((action) => session.caps.every((cap) => cap.includes(action)))) return false
  // named by its own ARN it needs no policy of its own; else both sides
  const named = target.trusts.includes(session.name)
  const identity = world[session.name].becomes.includes(wanted.name)
  return named || (target.trusts.includes('account') && identity)
}

describe('no sequence of assume, chain, tag, scope and policy yields more than its chain had', () => {
  test('reckoned with sets', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.array(step, { minLength: 1, maxLength: 6 }), async (world, steps) => {
        await build(world)
        let session: Reckoned = { name: 'admin', caps: [], handedOn: false }
        let who: Parameters<typeof server.sts>[0] = 'admin'
        for (const each of steps) {
          let given: Credentials | undefined
          if (each.kind === 'scope') {
            const able = session.name !== 'admin' && session.caps.length < 3
            if (!able) continue
            const cap = [...stsOwn, ...each.policy]
            given = (await server.sts(who).getScopedCredentials({ Policy: allow(cap) })).Credentials
            session = { ...session, caps: [...session.caps, cap] }
          } else {
            const input = {
              RoleArn: arn(`role/${each.name}`),
              RoleSessionName: 'chain',
              ...(each.policy === null ? {} : { Policy: allow([...stsOwn, ...each.policy]) }),
              ...(each.tag ? { Tags: [{ Key: 'k', Value: 'v' }] } : {}),
              ...(each.tag && each.transitive ? { TransitiveTagKeys: ['k'] } : {}),
            }
            if (!mayBecome(session, world, each)) {
              assert.match(
                await faultOf(server.sts(who).assumeRole(input)),
                /^(AccessDenied|InvalidParameterValue)/,
              )
              continue
            }
            given = (await server.sts(who).assumeRole(input)).Credentials
            session = {
              name: each.name,
              caps: each.policy === null ? [] : [[...stsOwn, ...each.policy]],
              handedOn: session.handedOn || (each.tag && each.transitive),
            }
          }
          who = credentialsOf(given)
          const { name, caps } = session
          if (name === 'admin') continue
          for (const action of actions) {
            const may = world[name].may.includes(action) && caps.every((cap) => cap.includes(action))
            const call = probes[action](server.iamAs(who))
            if (may) await call
            else assert.match(await faultOf(call), /^AccessDenied/)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})
