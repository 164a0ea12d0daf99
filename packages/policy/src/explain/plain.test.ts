import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { parsePolicy } from '../parse/parse.ts'
import { plainSentence } from './plain.ts'

function sentence(statement: object, kind: PolicyKind = 'resource'): string {
  const document = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:GetObject', ...statement },
  }
  const parsed = parsePolicy(JSON.stringify(document), kind, { lenient: true })
  assert.ok(parsed.ok)
  return plainSentence(parsed.policy.statements[0]!, kind)
}

describe('a statement in plain words', () => {
  it('names its principals by their kind', () => {
    const of = (Principal: unknown) => sentence({ Principal, Resource: '*' })
    assert.match(of({ CanonicalUser: '79a59df9' }), /the account with the canonical id 79a59df9/)
    assert.match(of({ Service: 'ec2.amazonaws.com' }), /the service ec2\.amazonaws\.com/)
    assert.match(
      of({ Federated: 'accounts.google.com' }),
      /users of the identity provider accounts\.google\.com/,
    )
    assert.match(of('*'), /everyone, including anonymous callers/)
    assert.match(of({ AWS: '123456789012' }), /anyone in account 123456789012 whose own policies allow it/)
    assert.match(of({ AWS: 'arn:aws:iam::123456789012:user/a' }), /arn:aws:iam::123456789012:user\/a/)
    assert.doesNotMatch(of({ AWS: 'arn:aws:iam::123456789012:user/a' }), /canonical|service|provider/)
  })

  it('says what a Deny, an Allow and a limit do', () => {
    assert.match(sentence({ Effect: 'Deny', Resource: '*' }, 'identity'), /^Forbids anyone .* to do s3:Get/)
    assert.match(sentence({ Resource: '*' }, 'identity'), /^Allows anyone with this policy to do s3:Get/)
    assert.match(sentence({ Resource: '*' }, 'boundary'), /^Lets anyone .* be allowed s3:Get/)
  })

  it('names a few texts, and counts the others', () => {
    const named = (count: number) =>
      sentence({
        Principal: '*',
        Resource: [...Array(count).keys()].map((index) => `arn:aws:s3:::b${index}`),
      })
    assert.match(named(2), /b0 or arn:aws:s3:::b1\./)
    assert.doesNotMatch(named(2), /more/)
    const many = named(40)
    assert.match(many, /\d+ more/)
    assert.doesNotMatch(many, /b39\b/)
  })
})
