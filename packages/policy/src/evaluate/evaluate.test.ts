import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { combine, compile } from '../compile/compile.ts'
import type { Grant, PolicySet } from '../document/set.ts'
import {
  allow,
  deny,
  layerOf,
  otherAccount,
  ownAccount,
  policyOf,
  type RequestInput,
  requestOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import { Context } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { evaluate } from './evaluate.ts'

function ask(set: PolicySet, input?: RequestInput): string {
  const decision = evaluate(requestOf(input), compile(set))
  return `${decision.outcome} ${decision.outcome === 'allowed' ? decision.reason : decision.layer}`
}

function resource(principal: unknown, grant: Grant = 'either'): PolicySet {
  return { resource: { source: sourceOf(policyOf('resource', allow({ Principal: principal }))), grant } }
}

const everything = layerOf('identity', allow())
const nothing = layerOf('identity', allow({ Action: 'none:*' }))

describe('who must allow', () => {
  test('POL-001 nobody but the root user is allowed by default', () => {
    assert.equal(ask({}), 'implicitDeny identity')
    assert.equal(ask({}, { principal: root }), 'allowed root')
  })

  test('POL-004 identity or resource policy', () => {
    assert.equal(ask({ identity: everything }), 'allowed identity')
    assert.equal(ask(resource({ AWS: `arn:aws:iam::${ownAccount}:user/dev` })), 'allowed resource')
  })

  test('POL-005, POL-119 an explicit grant: the resource policy, or its account and an identity policy', () => {
    assert.equal(ask({ identity: everything, resource: { grant: 'explicit' } }), 'implicitDeny resource')
    assert.equal(ask(resource({ AWS: ownAccount }, 'explicit')), 'implicitDeny identity')
    assert.equal(ask({ ...resource({ AWS: ownAccount }, 'explicit'), identity: everything }), 'allowed both')
    assert.equal(ask({ resource: { grant: 'explicit' } }, { principal: root }), 'implicitDeny resource')
  })

  test('POL-006, POL-007 both, across accounts', () => {
    const across = { resourceAccount: otherAccount }
    assert.equal(ask({ identity: everything }, across), 'implicitDeny resource')
    assert.equal(ask(resource('*'), across), 'implicitDeny identity')
    assert.equal(ask({ ...resource('*'), identity: everything }, across), 'allowed both')
    assert.equal(
      ask({ ...resource('*'), identity: everything, boundary: nothing }, across),
      'implicitDeny boundary',
    )
  })

  test('the account in an ARN counts where nothing else is said', () => {
    const jobs = { resource: `arn:aws:sqs:eu-west-1:${otherAccount}:jobs` }
    assert.equal(ask({ identity: everything }, jobs), 'implicitDeny resource')
    assert.equal(
      ask({ identity: everything }, { resource: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
      'allowed identity',
    )
  })

  test('POL-021, POL-022, POL-023, POL-025 what limits a grant of the resource policy', () => {
    const limits = { boundary: nothing, session: nothing }
    assert.equal(
      ask({ ...resource({ AWS: `arn:aws:iam::${ownAccount}:user/dev` }), ...limits }),
      'allowed resource',
    )
    assert.equal(ask({ ...resource('*'), ...limits }, { principal: session }), 'allowed resource')
    const byRole = { ...resource({ AWS: `arn:aws:iam::${ownAccount}:role/team/app` }) }
    assert.equal(ask(byRole, { principal: session }), 'allowed resource')
    assert.equal(ask({ ...byRole, boundary: nothing }, { principal: session }), 'implicitDeny boundary')
    assert.equal(ask({ ...byRole, session: nothing }, { principal: session }), 'implicitDeny session')
    const bySession = resource({ AWS: `arn:aws:sts::${ownAccount}:assumed-role/app/run` })
    assert.equal(ask({ ...bySession, ...limits }, { principal: session }), 'allowed resource')
  })

  test('POL-018 an endpoint policy must allow the caller itself', () => {
    const endpoint = (AWS: string) => layerOf('endpoint', allow({ Principal: { AWS } }))
    const dev = `arn:aws:iam::${ownAccount}:user/dev`
    assert.equal(ask({ identity: everything, endpoint: endpoint(dev) }), 'allowed identity')
    assert.equal(ask({ identity: everything, endpoint: endpoint(ownAccount) }), 'allowed identity')
    assert.equal(ask({ identity: everything, endpoint: endpoint(`${dev}x`) }), 'implicitDeny endpoint')
  })

  test('of several grants the strongest counts, in any order', () => {
    const statements = [allow({ Principal: { AWS: ownAccount } }), allow({ Principal: '*' })]
    for (const order of [statements, statements.toReversed()]) {
      const set: PolicySet = { resource: { source: sourceOf(policyOf('resource', ...order)) } }
      assert.equal(ask(set), 'allowed resource')
    }
  })

  test('POL-060 the root user assumes no role', () => {
    const trust = policyOf('trust', {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: ownAccount },
    })
    const set: PolicySet = { resource: { source: sourceOf(trust), grant: 'trust' } }
    const asked = {
      principal: root,
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${ownAccount}:role/app`,
    }
    assert.equal(ask(set, asked), 'implicitDeny resource')
  })

  test('POL-063, POL-064 a federated user needs a session policy', () => {
    const principal: Principal = {
      type: 'federatedUser',
      arn: `arn:aws:sts::${ownAccount}:federated-user/bob`,
      account: ownAccount,
      parent: { type: 'user', arn: `arn:aws:iam::${ownAccount}:user/dev`, account: ownAccount },
    }
    assert.equal(ask({ identity: everything }, { principal }), 'implicitDeny session')
    assert.equal(ask({ identity: everything, session: everything }, { principal }), 'allowed identity')
    assert.equal(ask(resource({ AWS: principal.arn }), { principal }), 'allowed resource')
    const ofRoot: Principal = {
      ...principal,
      parent: { type: 'root', arn: `arn:aws:iam::${ownAccount}:root`, account: ownAccount },
    }
    assert.equal(ask({ session: everything }, { principal: ofRoot }), 'allowed root')
  })

  test('POL-032, POL-066 services and bearers of tokens: the resource policy alone', () => {
    const service: Principal = { type: 'service', names: ['ec2.amazonaws.com'] }
    const limits = { boundary: nothing, scp: [nothing] }
    assert.equal(
      ask({ ...resource({ Service: 'ec2.amazonaws.com' }), ...limits }, { principal: service }),
      'allowed resource',
    )
    assert.equal(ask({ identity: everything }, { principal: service }), 'implicitDeny resource')
    const bearer: Principal = { type: 'saml', provider: `arn:aws:iam::${ownAccount}:saml-provider/idp` }
    assert.equal(
      ask({ ...resource({ Federated: bearer.provider }), ...limits }, { principal: bearer }),
      'allowed resource',
    )
  })

  test('POL-061, POL-065 an exempt operation is not even denied', () => {
    assert.equal(ask({ identity: layerOf('identity', deny()) }, { exempt: true }), 'allowed exempt')
  })

  test('POL-126 a session of the root user keeps to its session policy', () => {
    assert.equal(ask({ session: nothing }, { principal: root }), 'implicitDeny session')
    assert.equal(
      ask({ ...resource({ AWS: ownAccount }), session: nothing }, { principal: root }),
      'implicitDeny session',
    )
  })
})

describe('what limits everyone', () => {
  test('POL-012 every level of SCPs must allow', () => {
    const scp = [everything, nothing, everything]
    const decision = evaluate(requestOf(), compile({ identity: everything, scp }))
    assert.ok(decision.outcome === 'implicitDeny')
    assert.deepEqual([decision.layer, decision.level], ['scp', 1])
    assert.equal(ask({ identity: everything, scp: [] }), 'allowed identity')
    assert.equal(ask({ identity: everything, scp: [[]] }), 'implicitDeny scp')
  })

  test('POL-013 service-linked roles are not bound by SCPs and RCPs', () => {
    const principal: Principal = { ...session, serviceLinked: true } as Principal
    const denying = layerOf('rcp', deny({ Principal: '*' }))
    assert.equal(
      ask({ identity: everything, scp: [nothing], rcp: [denying] }, { principal }),
      'allowed identity',
    )
  })

  test('POL-015, POL-016 RCPs deny, need not allow, and do not reach kms:RetireGrant', () => {
    const rcp = [layerOf('rcp', deny({ Principal: '*' }))]
    assert.equal(ask({ identity: everything, rcp: [[]] }), 'allowed identity')
    assert.equal(ask({ identity: everything, rcp }), 'explicitDeny rcp')
    assert.equal(ask({ identity: everything, rcp }, { action: 'kms:RetireGrant' }), 'allowed identity')
  })

  test('POL-018 an endpoint policy must allow', () => {
    const endpoint = layerOf('endpoint', allow({ Principal: '*', Action: 'sqs:*' }))
    assert.equal(ask({ identity: everything, endpoint }), 'implicitDeny endpoint')
  })

  test('POL-002, POL-122 the first denying layer is named', () => {
    const identity = layerOf('identity', deny())
    assert.equal(ask({ identity, boundary: identity, scp: [identity] }), 'explicitDeny scp')
    assert.equal(ask({ identity, boundary: identity }), 'explicitDeny identity')
  })

  test('POL-034 a principal with a boundary is denied by every NotPrincipal', () => {
    const listed = { AWS: [`arn:aws:iam::${ownAccount}:user/dev`, ownAccount] }
    const { Resource, ...rest } = deny({ NotPrincipal: listed })
    const source = sourceOf(policyOf('resource', { ...rest, Resource }))
    const set: PolicySet = { identity: everything, resource: { source } }
    assert.equal(ask(set), 'allowed identity')
    assert.equal(ask({ ...set, boundary: everything }), 'explicitDeny resource')
  })
})

describe('what cannot be evaluated', () => {
  const open = { Condition: { StringResembles: { 'aws:username': 'a' } } }

  test('POL-121 an Allow does not count, a Deny does, and both are reported', () => {
    for (const [statement, outcome] of [
      [allow(open), 'implicitDeny'],
      [deny(open), 'explicitDeny'],
    ] as const) {
      const decision = evaluate(requestOf(), compile({ identity: layerOf('identity', statement) }))
      assert.equal(decision.outcome, outcome)
      assert.equal(decision.unevaluable.length, 1)
      assert.equal(decision.unevaluable[0]?.problem, 'StringResembles is no known operator')
    }
  })

  test('POL-190 of an account whose canonical id is not known an Allow does not count, and a Deny does', () => {
    const named = { CanonicalUser: '79a59df9' }
    const document = (statement: StatementInput) => sourceOf(policyOf('resource', statement))
    const asked = (statement: StatementInput) => {
      const set = {
        identity: everything,
        resource: { source: document(statement), grant: 'either' },
      } as const
      return evaluate(requestOf(), compile(set)).outcome
    }
    assert.equal(asked(deny({ Principal: named })), 'explicitDeny')
    assert.equal(asked(deny({ Principal: { AWS: otherAccount } })), 'allowed')
    const set = { identity: nothing, ...resource(named) }
    assert.equal(ask(set), 'implicitDeny identity')
  })

  test('POL-128 Allow with NotPrincipal grants nothing and is reported', () => {
    const source = sourceOf(policyOf('resource', allow({ NotPrincipal: { AWS: otherAccount } })))
    const decision = evaluate(requestOf(), compile({ resource: { source } }))
    assert.equal(decision.outcome, 'implicitDeny')
    assert.equal(decision.unevaluable[0]?.problem, 'Allow with NotPrincipal is not supported')
  })

  test('nothing is reported where all can be evaluated', () => {
    assert.deepEqual(evaluate(requestOf(), compile({ identity: everything })).unevaluable, [])
  })

  test('a supplier of the context may ask the engine itself', () => {
    const compiled = compile({
      identity: layerOf('identity', deny(open), allow({ Condition: { Bool: { 'a:b': 'true' } } })),
    })
    const context = new Context({
      'a:b': () => evaluate(requestOf({ action: 'ec2:x' }), compile({})).outcome === 'allowed',
    })
    const decision = evaluate({ ...requestOf(), context }, compiled)
    assert.equal(decision.unevaluable.length, 1)
  })
})

describe('the determining statements', () => {
  test('name source and place', () => {
    const source = { type: 'user-managed', arn: `arn:aws:iam::${ownAccount}:policy/p` } as const
    const identity = [
      sourceOf(policyOf('identity', allow({ Action: 'ec2:*' }), allow({ Sid: 'Read' })), source),
    ]
    const decision = evaluate(requestOf(), compile({ identity }))
    assert.equal(decision.by.length, 1)
    const [by] = decision.by
    assert.equal(by?.layer, 'identity')
    assert.equal(by?.source, source)
    assert.equal(by?.statement.sid, 'Read')
    assert.equal(by?.statement.index, 1)
  })

  test('are found among many whose resources have shorter and longer starts', () => {
    const long = Array.from({ length: 30 }, (_, n) => allow({ Resource: `arn:aws:s3:::a-long-name-${n}/*` }))
    const identity = layerOf('identity', ...long, allow({ Resource: 'arn:aws:s3:::pay/*' }))
    const compiled = compile({ identity })
    for (let n = 0; n < 6; n++) assert.equal(evaluate(requestOf(), compiled).outcome, 'allowed')
  })

  test('combine adds layers and keeps those of the base', () => {
    const base = compile({ identity: everything, boundary: everything })
    assert.equal(evaluate(requestOf(), combine(base, compile({}))).outcome, 'allowed')
    assert.equal(evaluate(requestOf(), combine(base, compile({ session: nothing }))).outcome, 'implicitDeny')
    assert.equal(evaluate(requestOf(), combine(base, compile({ boundary: nothing }))).outcome, 'implicitDeny')
  })

  test('more actions than a layer remembers are decided alike', () => {
    const compiled = compile({ identity: layerOf('identity', allow({ Action: 's3:Get*' })) })
    for (let n = 0; n < 2000; n++) {
      assert.equal(
        evaluate(requestOf({ principal: user, action: `s3:Get${n}` }), compiled).outcome,
        'allowed',
      )
      assert.equal(
        evaluate(requestOf({ principal: user, action: `s3:Put${n}` }), compiled).outcome,
        'implicitDeny',
      )
    }
  })
})
