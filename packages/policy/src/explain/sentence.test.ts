import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicyKind } from '../document/policy.ts'
import type { Grant, PolicySet, PolicySource } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { policyFromJson } from '../parse/parse.ts'
import { Context } from '../request/context.ts'
import type { LayerName } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import { explain } from './explain.ts'
import type { ExplainOptions } from './explanation.ts'

const sessionArn = 'arn:aws:sts::123456789012:assumed-role/app/run'
const session: Principal = {
  type: 'roleSession',
  sessionArn,
  roleArn: 'arn:aws:iam::123456789012:role/app',
  account: '123456789012',
}
const resource = 'arn:aws:s3:::pay/x'
const start = `User: ${sessionArn} is not authorized to perform: s3:GetObject on resource: ${resource}`

type Word = 'allow' | 'silent' | 'deny'

function source(kind: PolicyKind, word: Word, arn?: string): PolicySource {
  const named = kind === 'resource' || kind === 'trust' || kind === 'rcp' || kind === 'endpoint'
  const action = word === 'silent' ? 'sts:GetCallerIdentity' : kind === 'trust' ? 'sts:*' : 's3:*'
  const parsed = policyFromJson(
    {
      Version: '2012-10-17',
      Statement: {
        Effect: word === 'deny' ? 'Deny' : 'Allow',
        ...(named ? { Principal: '*' } : {}),
        Action: action,
        ...(kind === 'trust' ? {} : { Resource: '*' }),
      },
    },
    kind,
    { lenient: true },
  )
  assert.ok(parsed.ok)
  return { policy: parsed.policy, source: { type: 'none', ...(arn === undefined ? {} : { arn }) } }
}

/** A set in which everything allows but one layer. */
function setOf(layer: LayerName, word: Word, arn?: string): PolicySet {
  const of = (name: LayerName): readonly PolicySource[] => [
    source(name, name === layer ? word : 'allow', arn),
  ]
  const grant: Grant = layer === 'resource' && word === 'silent' ? 'explicit' : 'either'
  return {
    identity: of('identity'),
    boundary: of('boundary'),
    session: of('session'),
    scp: [of('scp')],
    ...(layer === 'rcp' ? { rcp: [of('rcp')] } : {}),
    ...(layer === 'endpoint' ? { endpoint: of('endpoint') } : {}),
    ...(layer === 'resource' ? { resource: { source: source('resource', word, arn), grant } } : {}),
  }
}

function sentence(set: PolicySet, options: ExplainOptions = {}): string {
  const request = { principal: session, action: 's3:GetObject', resource, context: new Context() }
  return explain(evaluate(request, compile(set)), request, options).sentence
}

const types: readonly (readonly [layer: LayerName, name: string, withArticle: string])[] = [
  ['identity', 'identity-based policy', 'an identity-based policy'],
  ['resource', 'resource-based policy', 'a resource-based policy'],
  ['boundary', 'permissions boundary', 'a permissions boundary'],
  ['session', 'session policy', 'a session policy'],
  ['scp', 'service control policy', 'a service control policy'],
  ['rcp', 'resource control policy', 'a resource control policy'],
  ['endpoint', 'VPC endpoint policy', 'a VPC endpoint policy'],
]

describe("AWS's sentence names the layer (POL-115, POL-136, POL-137)", () => {
  for (const [layer, name, withArticle] of types) {
    test(`${name}: explicitly, by its own ARN or by none`, () => {
      const arn = 'arn:aws:iam::123456789012:policy/it'
      assert.equal(sentence(setOf(layer, 'deny')), `${start} with an explicit deny in ${withArticle}`)
      const named = layer === 'resource' ? '' : `: ${arn}`
      assert.equal(
        sentence(setOf(layer, 'deny', arn)),
        `${start} with an explicit deny in ${withArticle}${named}`,
      )
      assert.equal(
        sentence(setOf(layer, 'deny', arn), { policyArn: false }),
        `${start} with an explicit deny in ${withArticle}`,
      )
    })
    // RCPs of one's own take nothing away by silence (POL-125)
    if (layer === 'rcp') continue
    test(`${name}: implicitly, never with an ARN`, () => {
      assert.equal(
        sentence(setOf(layer, 'silent', 'arn:aws:iam::123456789012:policy/it')),
        `${start} because no ${name} allows the s3:GetObject action`,
      )
    })
  }

  test('a resource that is quoted, or left out', () => {
    const [layer] = types[0]!
    assert.match(
      sentence(setOf(layer, 'silent'), { quoteResource: true }),
      / on resource: "arn:aws:s3:::pay\/x" because /,
    )
    assert.match(
      sentence(setOf(layer, 'silent'), { resource: null }),
      /: s3:GetObject because no identity-based /,
    )
    assert.equal(sentence(setOf(layer, 'silent'), { because: false }), start)
  })

  test('a trust policy is called so', () => {
    const role = 'arn:aws:iam::123456789012:role/deploy'
    const request = { principal: session, action: 'sts:AssumeRole', resource: role, context: new Context() }
    const told = (word: Word) => {
      const set: PolicySet = {
        identity: [source('identity', 'allow')],
        resource: { source: source('trust', word), grant: 'trust' },
      }
      return explain(evaluate(request, compile(set)), request, { trust: true }).sentence
    }
    const begins = `User: ${sessionArn} is not authorized to perform: sts:AssumeRole on resource: ${role}`
    assert.equal(told('deny'), `${begins} with an explicit deny in the role trust policy`)
    assert.equal(told('silent'), `${begins} because no role trust policy allows the sts:AssumeRole action`)
  })
})
