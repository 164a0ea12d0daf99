import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Effect, PolicyKind } from '../document/policy.ts'
import { allow, policyOf } from '../fixture.ts'
import { Context } from '../request/context.ts'
import { matcherOf } from './glob.ts'
import { completedArn, resourceParts } from './resource.ts'

const context = new Context({ 'aws:username': 'dev', 'aws:PrincipalAccount': '123456789012' })

interface Options {
  readonly kind?: PolicyKind
  readonly effect?: Effect
  readonly negated?: boolean
}

function matches(pattern: string, resource: string, options: Options = {}): boolean {
  const { kind = 'identity', effect = 'Allow', negated = false } = options
  const element = { negated, values: [], span: policyOf('identity', allow()).statements[0]!.span }
  const parts = resourceParts(pattern, { version: '2012-10-17', kind }, { effect, resource: element })
  return matcherOf(parts)(resource, context)
}

describe('resourceParts', () => {
  test('POL-083 * crosses slashes', () => assert.ok(matches('arn:aws:s3:::b/*/x', 'arn:aws:s3:::b/1/2/x')))

  test('POL-130 * at the end of a segment crosses colons', () => {
    assert.ok(matches('arn:aws:sqs:*', 'arn:aws:sqs:eu-west-1:123456789012:jobs'))
  })

  test('POL-087, POL-184 variables count from the region on', () => {
    assert.ok(matches('arn:aws:s3:::home/${aws:username}', 'arn:aws:s3:::home/dev'))
    const inAccount = 'arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:jobs'
    assert.ok(matches(inAccount, 'arn:aws:sqs:eu-west-1:123456789012:jobs'))
    assert.ok(!matches(inAccount, 'arn:aws:sqs:eu-west-1:210987654321:jobs'))
    assert.ok(!matches('arn:aws:${aws:username}:::a', 'arn:aws:dev:::a'))
  })

  test('POL-185 an incomplete ARN is completed', () => {
    const completed = (text: string, closed = false) => completedArn(text, closed, true)
    assert.equal(completed('arn:aws:sqs'), 'arn:aws:sqs:*:*:*')
    assert.equal(completed('arn:aws:s3:::a'), 'arn:aws:s3:::a')
    assert.equal(completed('*'), '*')
    assert.equal(completed('arn:aws:sqs:eu-*-1'), 'arn:aws:sqs:eu-*-1')
    assert.equal(completed('arn:aws:sqs:eu-*-1', true), 'arn:aws:sqs:eu-*-1*')
    const queue = 'arn:aws:sqs:eu-west-1:123456789012:jobs'
    assert.ok(matches('arn:aws:sqs', queue))
    assert.ok(matches('arn:aws:sqs:eu-west-1', queue))
    assert.ok(!matches('arn:aws:sqs:us-east-1', queue))
  })

  test('POL-185 elsewhere only where that denies more or allows less', () => {
    const queue = 'arn:aws:sqs:eu-west-1:123456789012:jobs'
    const session = (effect: Effect, negated: boolean) =>
      matches('arn:aws:sqs', queue, { kind: 'session', effect, negated })
    assert.ok(session('Deny', false))
    assert.ok(!session('Allow', false))
    assert.ok(!session('Deny', true))
    assert.ok(session('Allow', true))
  })

  test('POL-084 only * matches *', () => {
    assert.ok(matches('*', '*'))
    assert.ok(!matches('arn:aws:s3:::*', '*'))
  })
})
