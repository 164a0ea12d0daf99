import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet, Source } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { trace } from '../evaluate/trace.ts'
import {
  allow,
  deny,
  layerOf,
  otherAccount,
  ownAccount,
  policyOf,
  type RequestInput,
  requestOf,
  session,
  sourceOf,
} from '../fixture.ts'
import { explain } from './explain.ts'
import type { ExplainOptions } from './explanation.ts'

function sentence(set: PolicySet, input?: RequestInput, options?: ExplainOptions): string {
  const request = requestOf(input)
  return explain(evaluate(request, compile(set)), request, options).sentence
}

const start = `User: arn:aws:iam::${ownAccount}:user/dev is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::pay/x`
const everything = layerOf('identity', allow())
const nothing = layerOf('identity', allow({ Action: 'none:*' }))
const managed: Source = { type: 'user-managed', arn: `arn:aws:iam::${ownAccount}:policy/p` }

describe('POL-115 the sentence of a denial', () => {
  const implicit: readonly (readonly [PolicySet, string])[] = [
    [{}, 'no identity-based policy'],
    [{ identity: everything, boundary: nothing }, 'no permissions boundary'],
    [{ identity: everything, session: nothing }, 'no session policy'],
    [{ identity: everything, scp: [nothing] }, 'no service control policy'],
    [{ identity: everything, endpoint: nothing }, 'no VPC endpoint policy'],
    [{ identity: everything, resource: { grant: 'explicit' } }, 'no resource-based policy'],
  ]
  for (const [set, type] of implicit) {
    test(type, () => assert.equal(sentence(set), `${start} because ${type} allows the s3:GetObject action`))
  }

  test('POL-136 an explicit deny with the ARN of a managed policy', () => {
    const identity = [sourceOf(policyOf('identity', deny()), managed)]
    assert.equal(
      sentence({ identity }),
      `${start} with an explicit deny in an identity-based policy: arn:aws:iam::${ownAccount}:policy/p`,
    )
    assert.equal(
      sentence({ identity }, {}, { policyArn: false }),
      `${start} with an explicit deny in an identity-based policy`,
    )
  })

  test('POL-136 an explicit deny of an inline policy names none', () => {
    const identity = [sourceOf(policyOf('identity', deny()), { type: 'user', name: 'inline' })]
    assert.equal(sentence({ identity }), `${start} with an explicit deny in an identity-based policy`)
  })

  test('an SCP by its ARN', () => {
    const arn = 'arn:aws:organizations::123456789012:policy/o-abc/service_control_policy/p-abc'
    const scp = [[sourceOf(policyOf('scp', deny()), { type: 'scp', arn })]]
    assert.equal(
      sentence({ identity: everything, scp }),
      `${start} with an explicit deny in a service control policy: ${arn}`,
    )
  })

  test('a trust policy by its own name', () => {
    const trust = policyOf('trust', { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' })
    const set: PolicySet = { resource: { source: sourceOf(trust), grant: 'trust' } }
    const asked = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ownAccount}:role/app` }
    assert.match(sentence(set, asked), / with an explicit deny in the role trust policy$/)
    assert.match(
      sentence({ resource: { grant: 'trust' } }, asked, { trust: true }),
      / because no role trust policy allows /,
    )
    assert.match(sentence(set, asked, { because: false }), /:role\/app$/)
  })

  test('POL-135 across accounts a mere delegation is a gap of the resource policy', () => {
    const source = sourceOf(policyOf('resource', allow({ Principal: { AWS: ownAccount } })))
    const across = { resourceAccount: otherAccount }
    assert.match(sentence({ resource: { source } }, across), / because no resource-based policy allows /)
  })

  test('a role session by its own ARN', () => {
    assert.match(
      sentence({}, { principal: session }),
      /^User: arn:aws:sts::123456789012:assumed-role\/app\/run is not/,
    )
  })

  test('the resource in quotes, in other words or not at all', () => {
    assert.match(sentence({}, {}, { quoteResource: true }), / on resource: "arn:aws:s3:::pay\/x" because /)
    assert.match(sentence({}, {}, { resource: 'role app' }), / on resource: role app because /)
    assert.match(sentence({}, {}, { resource: null }), / perform: s3:GetObject because /)
  })
})

test('the story of a trace goes down to the condition that failed', () => {
  const request = requestOf({ context: { 'aws:SourceIp': '192.0.2.1' } })
  const identity = layerOf('identity', allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }))
  const { story } = explain(trace(request, compile({ identity })), request)
  assert.ok(
    story.some((line) =>
      line.includes('IpAddress aws:SourceIp wants "10.0.0.0/8", the request has "192.0.2.1"'),
    ),
    story.join('\n'),
  )
})
