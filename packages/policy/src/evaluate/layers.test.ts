import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import {
  allow,
  deny,
  layerOf,
  policyOf,
  requestOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import { Budget, metered, spend } from '../match/meter.ts'
import type { Principal } from '../request/principal.ts'
import { type ApplicableLayers, applicableLayers } from './binds.ts'
import { evaluate } from './evaluate.ts'
import { trace } from './trace.ts'

const callers: Readonly<Record<string, Principal>> = {
  user,
  session,
  linked: { ...session, type: 'roleSession', serviceLinked: true } as Principal,
  root,
  service: { type: 'service', names: ['sns.amazonaws.com'] },
  web: { type: 'webIdentity', provider: 'accounts.google.com' },
  saml: { type: 'saml', provider: 'arn:aws:iam::123456789012:saml-provider/idp' },
  anonymous: { type: 'anonymous' },
}

/** By the field of ApplicableLayers that says whether they apply: layers that deny everything. */
const denying: Readonly<Record<keyof ApplicableLayers, readonly PolicySet[]>> = {
  identity: [
    { identity: layerOf('identity', deny()) },
    { boundary: layerOf('boundary', allow(), deny()) },
    { boundary: layerOf('boundary', allow({ Action: 'none:none' })) },
  ],
  session: [
    { session: layerOf('session', allow(), deny()) },
    { session: layerOf('session', allow({ Action: 'none:none' })) },
  ],
  scp: [
    { scp: [layerOf('scp', allow(), deny())] },
    { scp: [layerOf('scp', allow({ Action: 'none:none' }))] },
  ],
  rcp: [{ rcp: [layerOf('rcp', deny({ Principal: '*' }))] }],
  endpoint: [
    { endpoint: layerOf('endpoint', allow({ Principal: '*' }), deny({ Principal: '*' })) },
    { endpoint: layerOf('endpoint', allow({ Principal: '*', Action: 'none:none' })) },
  ],
}
const open: PolicySet = {
  identity: layerOf('identity', allow()),
  resource: { source: sourceOf(policyOf('resource', allow({ Principal: '*' }))) },
}

describe('POL-001, POL-013, POL-028, POL-032, POL-066 a layer that does not apply to a caller decides nothing', () => {
  for (const [name, principal] of Object.entries(callers)) {
    const layers = applicableLayers(principal)
    for (const layer of ['identity', 'session', 'scp', 'rcp', 'endpoint'] as const) {
      test(`${name}: ${layer} ${layers[layer] ? 'applies' : 'does not apply'}`, () => {
        for (const set of denying[layer]) {
          const compiled = compile({ ...open, ...set })
          const request = requestOf({ principal })
          const { outcome } = evaluate(request, compiled)
          // A Deny always decides; what allows nothing limits only the grants that POL-021 to POL-026 name.
          if (!layers[layer]) assert.equal(outcome, 'allowed')
          else if (JSON.stringify(set).includes('"Deny')) assert.equal(outcome, 'explicitDeny')
          const [kind] = Object.keys(set)
          const traced = trace(request, compiled).layers.find((each) => each.layer === kind)
          assert.equal(traced?.verdict === 'notApplied', !layers[layer])
        }
      })
    }
  }
})

test('a statement of a resource policy that names nobody grants nothing', () => {
  const own = { source: sourceOf(policyOf('resource', allow())) }
  assert.equal(evaluate(requestOf(), compile({ resource: own })).outcome, 'implicitDeny')
})

test('POL-021, POL-026 the grant of a resource policy that names the caller needs no other', () => {
  const reasonFor = (AWS: string, ...identity: readonly StatementInput[]) => {
    const own = { source: sourceOf(policyOf('resource', allow({ Principal: { AWS } }))) }
    const decision = evaluate(
      requestOf(),
      compile({ identity: layerOf('identity', ...identity), resource: own }),
    )
    return decision.outcome === 'allowed' ? decision.reason : decision.outcome
  }
  const dev = 'arn:aws:iam::123456789012:user/dev'
  const elsewhere = allow({ Action: 'none:none' })
  assert.equal(reasonFor(dev, allow()), 'resource')
  assert.equal(reasonFor(dev, elsewhere), 'resource')
  assert.equal(reasonFor('123456789012', allow()), 'both')
  assert.equal(reasonFor('123456789012', elsewhere), 'implicitDeny')
})

test('POL-181 a decision may take half a million steps', () => assert.equal(new Budget().left, 500_000))

test('an evaluation within another work leaves its budget running', () => {
  const compiled = compile({ identity: layerOf('identity', allow()) })
  const budget = new Budget(100)
  const [before, after] = metered(budget, () => {
    evaluate(requestOf(), compiled)
    return [spend(100), spend(1)]
  })
  assert.deepEqual([before, after, budget.isSpent], [true, false, true])
  assert.equal(spend(1_000_000_000), true)
})

test('POL-190 an Allow for a canonical id that may be the caller is not reported as open', () => {
  const Condition = { NumericLessThan: { 'my:n': '1' } }
  const CanonicalUser = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
  const own = policyOf(
    'resource',
    allow({ Principal: { CanonicalUser }, Condition }),
    deny({ Principal: { CanonicalUser }, Condition }),
  )
  const { outcome, unevaluable } = evaluate(
    requestOf({ context: { 'my:n': 'one' } }),
    compile({ identity: layerOf('identity', allow()), resource: { source: sourceOf(own) } }),
  )
  assert.equal(outcome, 'explicitDeny')
  assert.deepEqual(
    unevaluable.map(({ statement }) => statement.index),
    [1],
  )
})
