import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { allow, deny, layerOf, type StatementInput, session, sourceOf, user } from '../fixture.ts'
import { parsePolicy } from '../parse/parse.ts'
import { principalContext } from '../request/principal-context.ts'
import { findGap, type GapAnswer } from './find-gap.ts'

const mfa = { 'aws:MultiFactorAuthPresent': { values: ['true', 'false'], mayBeAbsent: true } }

function gap(policies: PolicySet, principal = user): GapAnswer {
  return findGap({
    principal,
    policies: compile(policies),
    context: principalContext(principal),
    open: mfa,
  })
}

function identity(...statements: readonly StatementInput[]): PolicySet {
  return { identity: layerOf('identity', ...statements) }
}

describe('findGap', () => {
  test('who may do everything has no gap, in whatever words', () => {
    for (const policies of [
      identity(allow()),
      identity(allow({ Action: '*:*' })),
      identity(allow({ Action: 'iam:*' }), allow({ Action: undefined, NotAction: 'iam:*' })),
      identity(allow({ Resource: 'arn:*' }), allow({ Resource: undefined, NotResource: 'arn:*' })),
      identity(allow({ Action: ['a*', 'b*'] }), allow({ Action: undefined, NotAction: ['a*', 'b*'] })),
      identity(
        allow({ Condition: { StringEquals: { 'a:b': 'x' } } }),
        allow({ Condition: { StringNotEquals: { 'a:b': 'x' } } }),
      ),
      identity(allow(), deny({ Condition: { StringEquals: { 'aws:PrincipalAccount': '999999999999' } } })),
    ])
      assert.equal(gap(policies).verdict, 'none')
  })

  test('a gap is a request that is refused', () => {
    for (const policies of [
      { identity: [] },
      {},
      identity(allow({ Action: undefined, NotAction: 'iam:CreateUser' })),
      identity(allow(), deny({ Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::a*b?c' })),
      identity(allow({ Resource: 'arn:aws:*' })),
      identity(allow(), deny({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
      { ...identity(allow()), boundary: layerOf('boundary', allow({ Action: 's3:*' })) },
      { ...identity(allow()), boundary: layerOf('boundary', allow(), deny({ Action: 'iam:*' })) },
    ]) {
      const answer = gap(policies)
      assert.equal(answer.verdict, 'gap')
      assert.notEqual(answer.decision.outcome, 'allowed')
    }
  })

  test('a statement without actions allows nothing', () => {
    const read = parsePolicy(
      '{"Statement":{"Effect":"Allow","Action":"*","Action":"s3:*","Resource":"*"}}',
      'identity',
      { lenient: true },
    )
    assert.ok(read.ok)
    assert.equal(gap({ identity: [sourceOf(read.policy)] }).verdict, 'gap')
  })

  test('what SCPs and RCPs refuse is no gap', () => {
    const scp = (...statements: readonly StatementInput[]) => [
      layerOf('scp', allow()),
      layerOf('scp', ...statements),
    ]
    const limited = {
      ...identity(allow()),
      boundary: layerOf('boundary', allow({ Action: ['s3:*', 'iam:*'] })),
    }
    assert.equal(gap({ ...limited, scp: scp(allow({ Action: 's3:*' })) }).verdict, 'none')
    assert.equal(
      gap({ ...limited, scp: scp(allow(), deny({ Action: undefined, NotAction: ['s3:*', 'iam:*'] })) })
        .verdict,
      'none',
    )
    assert.equal(gap({ ...limited, scp: scp(allow({ Action: ['s3:*', 'ec2:*'] })) }).verdict, 'gap')
    const rcp = [layerOf('rcp', deny({ Principal: '*', Action: undefined, NotAction: 's3:*' }))]
    assert.equal(gap({ ...limited, rcp }).verdict, 'none')
  })

  test('conditions on open keys that close the gap are the residual', () => {
    const answer = gap(
      identity(allow(), deny({ Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })),
      session,
    )
    assert.equal(answer.verdict, 'conditional')
    assert.deepEqual(
      answer.residual.map(({ operator, key, values, mustHold }) => [operator, key, values, mustHold]),
      [['BoolIfExists', 'aws:MultiFactorAuthPresent', ['false'], false]],
    )
    const allowed = gap(identity(allow({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })))
    assert.equal(allowed.verdict, 'conditional')
    assert.equal(allowed.residual[0]?.mustHold, true)
  })
})
