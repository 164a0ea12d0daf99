import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { trace } from '../evaluate/trace.ts'
import { allow, deny, layerOf, ownAccount, type RequestInput, requestOf } from '../fixture.ts'
import { guardrailOf } from './guardrail.ts'
import { suggest } from './suggest.ts'

const everything = layerOf('identity', allow())

/** Each suggestion's edits with the guardrail that they weaken. */
function told(set: PolicySet, input?: RequestInput): readonly string[] {
  const request = requestOf(input)
  const compiled = compile(set)
  const traced = trace(request, compiled)
  return suggest(request, compiled).map(({ edits }) =>
    edits.map((edit) => `${edit.type}: ${guardrailOf(edit, traced) ?? 'none'}`).join(', '),
  )
}

describe('RSN-17 a guardrail', () => {
  test('is weakened last, and named', () => {
    const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    const set = {
      identity: layerOf('identity', allow({ Condition }), allow({ Action: 's3:ListBucket' })),
    }
    assert.deepEqual(told(set), [
      'addAction: MFA condition',
      'addStatement: MFA condition',
      'removeCondition: MFA condition',
    ])
    // of what another layer or another action is protected by, nothing is weakened
    const other = allow({ Action: 's3:ListBucket' })
    const apart = { identity: layerOf('identity', allow({ Action: 's3:PutObject', Condition }), other) }
    assert.deepEqual(told(apart), ['addAction: none', 'addStatement: none'])
  })

  test('of another statement is weakened by each edit that makes a statement match', () => {
    const arn = `arn:aws:iam::${ownAccount}:role/app-x`
    const boundary = { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } }
    const service = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }
    const guarded = layerOf(
      'identity',
      allow({ Action: 'iam:CreateRole', Resource: '*', Condition: boundary }),
      allow({ Action: 'iam:PassRole', Resource: arn, Condition: service }),
      allow({ Action: ['iam:CreateRole', 'iam:GetRole'], Resource: 'arn:aws:iam::*:role/other' }),
      allow({ Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/other' }),
    )
    const create = told({ identity: guarded }, { action: 'iam:CreateRole', resource: arn })
    assert.ok(
      create.some((each) => each.startsWith('addResource: boundary requirement')),
      create.join('; '),
    )
    assert.ok(
      create.every((each) => each.endsWith('boundary requirement')),
      create.join('; '),
    )
    const context = { 'iam:PassedToService': 'ec2.amazonaws.com' }
    const pass = told({ identity: guarded }, { action: 'iam:PassRole', resource: arn, context })
    assert.ok(pass.length > 2 && pass.every((each) => each.endsWith('service restriction')), pass.join('; '))
  })

  test('is a layer that only limits, and any Deny', () => {
    const nothing = layerOf('identity', allow({ Action: 'none:*' }))
    assert.deepEqual(told({ identity: everything, scp: [nothing] }), ['addStatement: service control policy'])
    const rcp = [layerOf('rcp', deny({ Principal: '*' }))]
    assert.deepEqual(told({ identity: everything, rcp }), ['removeStatement: resource control policy'])
    assert.deepEqual(told({ identity: everything, boundary: nothing }), [
      'addStatement: permissions boundary',
    ])
    assert.deepEqual(told({ identity: [...everything, ...layerOf('identity', deny())] }), [
      'removeStatement: explicit deny',
    ])
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': '2027-01-01T00:00:00Z' } }
    const revoked = layerOf('identity', deny({ Condition }))
    assert.deepEqual(
      told(
        { identity: [...everything, ...revoked] },
        { context: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } },
      ),
      ['removeStatement: revocation of sessions'],
    )
  })

  test('a comparison with a tag of the caller is not answered with a literal', () => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }
    const context = { 'aws:ResourceTag/team': 'blue', 'aws:PrincipalTag/team': 'red' }
    assert.deepEqual(told({ identity: layerOf('identity', allow({ Condition })) }, { context }), [
      'addStatement: tag match',
      'removeCondition: tag restriction',
    ])
    const own = allow({ Resource: 'arn:aws:s3:::${aws:username}/*' })
    assert.deepEqual(told({ identity: layerOf('identity', own) }), ['addStatement: none'])
  })

  test('RSN-6 all of a service is written * only where no other action comes with it', () => {
    const resource = `arn:aws:sqs:us-east-1:${ownAccount}:*`
    const ask = (identity: PolicySet['identity'], asked: string, action: string) => {
      const [first] = suggest(requestOf({ action, resource: asked }), compile({ identity }))
      const [edit] = first?.edits ?? []
      if (edit?.type === 'addStatement') return edit.statement.Resource
      return edit?.type === 'addResource' ? edit.resource : edit?.type
    }
    assert.equal(ask([], 'arn:aws:s3:::*', 's3:ListAllMyBuckets'), '*')
    assert.equal(ask([], resource, 'sqs:ListQueues'), '*')
    const two = allow({ Action: ['sqs:ListQueues', 'sqs:SendMessage'], Resource: 'arn:aws:sqs:*:*:other' })
    const [first] = suggest(
      requestOf({ action: 'sqs:ListQueues', resource: '*' }),
      compile({ identity: layerOf('identity', two) }),
    )
    assert.equal(first?.edits[0]?.type, 'addStatement')
    assert.equal(ask([], 'arn:aws:s3:::b/*', 's3:GetObject'), 'arn:aws:s3:::b/${*}')
  })
})
