import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { allow, deny, layerOf, requestOf, type StatementInput } from '../fixture.ts'

describe('a key of which it is not known whether the request has it (GRD-141)', () => {
  const decided = (...statements: readonly StatementInput[]) => {
    const request = requestOf({ context: { 'aws:SourceIp': '192.0.2.1' } })
    request.context.leaveOpen((key) => key.startsWith('aws:resourcetag/'))
    const decision = evaluate(request, compile({ identity: layerOf('identity', ...statements) }))
    return { ...decision, missed: [...request.context.missed] }
  }
  const conditions: readonly object[] = [
    { StringEquals: { 'aws:ResourceTag/Env': 'prod' } },
    { StringNotEquals: { 'aws:ResourceTag/Env': 'prod' } },
    { StringEqualsIfExists: { 'aws:ResourceTag/Env': 'prod' } },
    { 'ForAllValues:StringEquals': { 'aws:ResourceTag/Env': 'prod' } },
    { 'ForAnyValue:StringEquals': { 'aws:ResourceTag/Env': 'prod' } },
    { Null: { 'aws:ResourceTag/Env': 'true' } },
    { Null: { 'aws:ResourceTag/Env': 'false' } },
    { StringLike: { 'aws:SourceIp': '${aws:ResourceTag/Env}' } },
    { StringNotLike: { 'aws:SourceIp': '${aws:ResourceTag/Env}' } },
  ]

  test('no Allow by it counts, whatever the operator', () => {
    for (const Condition of conditions) {
      const { outcome, missed, unevaluable } = decided(allow({ Condition }))
      assert.equal(outcome, 'implicitDeny', JSON.stringify(Condition))
      assert.deepEqual(missed, ['aws:resourcetag/env'])
      assert.match(unevaluable[0]!.unknownKey!.toLowerCase(), /^aws:resourcetag\/env$/)
    }
  })

  test('every Deny by it does', () => {
    for (const Condition of conditions) {
      const { outcome, unevaluable } = decided(allow(), deny({ Condition }))
      assert.equal(outcome, 'explicitDeny', JSON.stringify(Condition))
      assert.match(unevaluable[0]!.problem, /the value of aws:resourcetag\/env is not known$/i)
    }
  })

  test('another condition that does not hold stops both', () => {
    const elsewhere = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
    for (const Condition of conditions)
      assert.equal(decided(allow(), deny({ Condition: { ...Condition, ...elsewhere } })).outcome, 'allowed')
  })

  test('in a Resource it leaves open whether the statement is about the resource', () => {
    const Resource = 'arn:aws:s3:::${aws:ResourceTag/Env}'
    assert.equal(decided(allow({ Resource })).outcome, 'implicitDeny')
    assert.equal(decided(allow(), deny({ Resource })).outcome, 'explicitDeny')
    const { Resource: _, ...rest } = deny()
    assert.equal(decided(allow(), { ...rest, NotResource: Resource }).outcome, 'explicitDeny')
  })

  test('a decision that does not ask for it is as it is otherwise', () => {
    const { outcome, missed, unevaluable } = decided(allow())
    assert.deepEqual([outcome, missed, unevaluable], ['allowed', [], []])
  })
})
