import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { trace } from '../evaluate/trace.ts'
import {
  allow,
  deny,
  layerOf,
  otherAccount,
  policyOf,
  type RequestInput,
  requestOf,
  root,
  type StatementInput,
  sourceOf,
} from '../fixture.ts'
import { explain } from './explain.ts'

function assumed(set: PolicySet, input?: RequestInput): readonly string[] {
  const request = requestOf(input)
  return explain(trace(request, compile(set)), request).assumed
}

const condition = (operator: string, key: string, value: string): StatementInput => ({
  Condition: { [operator]: { [key]: value } },
})
const identity = (...statements: StatementInput[]): PolicySet => ({
  identity: layerOf('identity', ...statements),
})
const open = condition('ForAnyValue:StringEqualsIfExists', 'aws:TagKeys', 'a')

describe('RSN-22 what a decision rests on and nobody knows of AWS', () => {
  test('nothing, of what is documented', () => {
    assert.deepEqual(assumed(identity(allow())), [])
    assert.deepEqual(assumed(identity(allow(condition('StringEquals', 'aws:PrincipalType', 'x')))), [])
  })

  test('POL-183 ForAnyValue with IfExists, where it decides', () => {
    assert.deepEqual(assumed(identity(allow(open))), ['POL-183'])
    assert.deepEqual(assumed(identity(allow(), deny(open))), ['POL-183'])
    assert.deepEqual(assumed(identity(allow(open)), { context: { 'aws:TagKeys': ['a'] } }), [])
    assert.deepEqual(assumed(identity(allow(open), allow(), deny())), [])
    assert.deepEqual(assumed(identity(allow(open), allow({ Action: 'none:*' }))), ['POL-183'])
  })

  test('POL-121 what cannot be evaluated', () => {
    assert.deepEqual(assumed(identity(allow(condition('StringEqual', 'aws:PrincipalType', 'x')))), [
      'POL-121',
    ])
  })

  test('POL-180 a pattern of an ARN that is too short, but not a value that is none', () => {
    const context = { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/dev' }
    const of = (value: string) => identity(allow(condition('ArnLike', 'aws:PrincipalArn', value)))
    assert.deepEqual(assumed(of('*'), { context }), ['POL-180'])
    assert.deepEqual(assumed(of('nothing'), { context }), [])
    assert.deepEqual(assumed(of('arn:aws:iam::*:user/*'), { context }), [])
  })

  test('POL-128 POL-129 NotPrincipal', () => {
    const NotPrincipal = { AWS: otherAccount }
    const of = (statement: StatementInput, set: PolicySet = {}): PolicySet => ({
      ...set,
      resource: { source: sourceOf(policyOf('resource', statement)), grant: 'explicit' },
    })
    assert.deepEqual(assumed(of(deny({ NotPrincipal }), identity(allow()))), ['POL-129'])
    assert.deepEqual(assumed(of(allow({ NotPrincipal }))), ['POL-128'])
  })

  test('POL-184 POL-185 the ARNs of resources', () => {
    const Resource = 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q'
    const context = { 'aws:PrincipalAccount': '123456789012' }
    const resource = 'arn:aws:sqs:us-east-1:123456789012:q'
    assert.deepEqual(assumed(identity(allow({ Resource })), { context, resource }), ['POL-184'])
    assert.deepEqual(assumed(identity(allow({ Resource: 'arn:aws:sqs' })), { resource }), ['POL-185'])
    assert.deepEqual(assumed(identity(allow({ Resource: 'arn:aws:sqs:*' })), { resource }), [])
  })

  test('POL-126 a session policy of the root user', () => {
    const set: PolicySet = { session: layerOf('session', allow()) }
    assert.deepEqual(assumed(set, { principal: root }), ['POL-126'])
  })

  test('the story names them', () => {
    const request = requestOf()
    const { story } = explain(trace(request, compile(identity(allow(open)))), request)
    assert.ok(story.includes('assumed: POL-183'), story.join('\n'))
  })
})
