import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Context } from '../evaluate/context.ts'
import { compileResource } from './resource.ts'

const context = new Context({ 'aws:username': 'dev', 'aws:PrincipalAccount': '123456789012' })

function matches(pattern: string, resource: string): boolean {
  return compileResource(pattern, true)(resource, context)
}

suite('compileResource', () => {
  test('POL-083 * crosses slashes', () => assert.ok(matches('arn:aws:s3:::b/*/x', 'arn:aws:s3:::b/1/2/x')))

  test('POL-130 * at the end of a segment crosses colons', () => {
    assert.ok(matches('arn:aws:sqs:*', 'arn:aws:sqs:eu-west-1:123456789012:jobs'))
  })

  test('POL-087 variables count behind the fifth colon only', () => {
    assert.ok(matches('arn:aws:s3:::home/${aws:username}', 'arn:aws:s3:::home/dev'))
    const inAccount = 'arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:jobs'
    assert.ok(!matches(inAccount, 'arn:aws:sqs:eu-west-1:123456789012:jobs'))
  })

  test('POL-084 only * matches *', () => {
    assert.ok(matches('*', '*'))
    assert.ok(!matches('arn:aws:s3:::*', '*'))
  })
})
