import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import {
  allow,
  deny,
  layerOf,
  ownAccount,
  policyOf,
  requestOf,
  type StatementInput,
  sourceOf,
} from '../fixture.ts'
import { evaluate } from './evaluate.ts'
import { findUnknowableDeny } from './unknowable.ts'

describe('findUnknowableDeny', () => {
  const request = requestOf({ context: { 'aws:SourceIp': '192.0.2.1' } })
  const unknowable = (key: string) => key.startsWith('aws:resourcetag/')
  const found = (...statements: readonly StatementInput[]) =>
    findUnknowableDeny(
      request,
      compile({ identity: layerOf('identity', allow()), scp: [layerOf('scp', allow(), ...statements)] }),
      unknowable,
    )
  const tagged = { StringEquals: { 'aws:ResourceTag/Env': 'prod' } }

  test('names the statement and the key, as it is written', () => {
    const one = found(deny({ Condition: tagged }))
    assert.equal(one?.key, 'aws:ResourceTag/Env')
    assert.equal(one.by.layer, 'scp')
    assert.equal(one.by.statement.effect, 'Deny')
  })

  test('finds none where the Deny is about something else, or another condition stops it', () => {
    assert.equal(found(deny({ Condition: tagged, Action: 'none:Of' })), undefined)
    assert.equal(found(deny({ Condition: tagged, Resource: 'arn:aws:none:::of' })), undefined)
    assert.equal(found({ Effect: 'Deny', Action: '*', NotResource: '*', Condition: tagged }), undefined)
    assert.equal(
      found(deny({ Condition: { ...tagged, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })),
      undefined,
    )
    assert.equal(found(deny({ Condition: { StringEquals: { 'aws:PrincipalTag/Env': 'prod' } } })), undefined)
  })

  test('finds it beside conditions that hold or cannot be evaluated', () => {
    const others = [
      { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
      { NumericLessThan: { 'aws:SourceIp': '1' } },
    ]
    for (const other of others) assert.ok(found(deny({ Condition: { ...tagged, ...other } })) !== undefined)
  })

  test('finds it only where the Deny covers the caller', () => {
    const of = (element: object, hasBoundary = false) => {
      const own = policyOf('resource', { ...deny({ Condition: tagged }), ...element })
      const boundary = hasBoundary ? layerOf('boundary', allow()) : undefined
      return findUnknowableDeny(
        request,
        compile({ resource: { source: sourceOf(own) }, boundary }),
        unknowable,
      )
    }
    const dev = `arn:aws:iam::${ownAccount}:user/dev`
    assert.ok(of({ Principal: '*' }) !== undefined)
    assert.ok(of({ Principal: '*', Resource: undefined }) !== undefined)
    assert.ok(of({ Principal: { AWS: dev } }) !== undefined)
    assert.equal(of({ Principal: { AWS: `${dev}x` } }), undefined)
    assert.ok(of({ NotPrincipal: { AWS: `${dev}x` } }) !== undefined)
    assert.equal(of({ NotPrincipal: { AWS: [ownAccount, dev] } }), undefined)
    assert.ok(of({ NotPrincipal: { AWS: [ownAccount, dev] } }, true) !== undefined)
  })

  test('a value for the key decides instead', () => {
    for (const value of ['prod', 'test']) {
      const known = requestOf({ context: { 'aws:ResourceTag/env': value } })
      const compiled = compile({ identity: layerOf('identity', allow(), deny({ Condition: tagged })) })
      assert.equal(findUnknowableDeny(known, compiled, unknowable), undefined)
      assert.equal(evaluate(known, compiled).outcome, value === 'prod' ? 'explicitDeny' : 'allowed')
    }
  })
})
