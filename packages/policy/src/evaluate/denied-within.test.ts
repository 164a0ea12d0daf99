import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { allow, deny, layerOf, requestOf } from '../fixture.ts'
import { deniedWithin } from './denied-within.ts'

test('Denys name what is among the resources of a pattern (GRD-534)', () => {
  const arn = (end: string) => `arn:aws:s3:::${end}`
  const found = (resource: string, ...denied: readonly Parameters<typeof deny>[0][]) => {
    const set = compile({ identity: layerOf('identity', allow(), ...denied.map((each) => deny(each))) })
    return deniedWithin(requestOf({ resource: arn(resource), context: { 'aws:username': 'dev' } }), set)
  }
  const named = { Resource: [arn('bucket/secret'), arn('other/*'), arn('b*t/${aws:username}?')] }
  assert.deepEqual(found('bucket/*', named), [arn('bucket/secret'), arn('b*t/dev?')])
  assert.deepEqual(found('other/*', named), [arn('other/*')])
  assert.deepEqual(found('third/*', named), [])
  assert.deepEqual(found('bucket/*', { ...named, Action: 'iam:GetUser' }), [])
  assert.deepEqual(found('bucket/*', { Resource: [arn('bucket/${aws:none}')] }), [])
})
