import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { leastPolicy, type SeenRequest } from './least.ts'

const role = 'arn:aws:iam::123456789012:role/team/app'
const statements = (seen: readonly SeenRequest[], scope: 'exact' | 'wildcard' = 'exact') => {
  const { document, unproven } = leastPolicy(seen, scope)
  assert.deepEqual(unproven, [])
  return document.Statement
}

describe('leastPolicy', () => {
  test('actions on the same resources share a statement', () => {
    assert.deepEqual(
      statements([
        { action: 'iam:GetRole', resource: role },
        { action: 's3:ListAllMyBuckets', resource: '*' },
        { action: 'IAM:TagRole', resource: role },
        { action: 'iam:getrole', resource: role },
      ]),
      [
        { Effect: 'Allow', Action: ['iam:GetRole', 'iam:TagRole'], Resource: role },
        { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
      ],
    )
  })

  test('a role is handed to the services that it was handed to', () => {
    assert.deepEqual(
      statements([
        { action: 'iam:PassRole', resource: role, passedTo: 'lambda.amazonaws.com' },
        { action: 'iam:PassRole', resource: role, passedTo: 'ec2.amazonaws.com' },
      ]),
      [
        {
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: role,
          Condition: {
            StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'lambda.amazonaws.com'] },
          },
        },
      ],
    )
  })

  test('what was handed to one service is not handed to another', () => {
    const other = 'arn:aws:iam::123456789012:role/other'
    const rows = statements([
      { action: 'iam:PassRole', resource: role, passedTo: 'lambda.amazonaws.com' },
      { action: 'iam:PassRole', resource: other, passedTo: 'ec2.amazonaws.com' },
    ])
    assert.deepEqual(
      rows.map(({ Resource, Condition }) => [Resource, Condition?.StringEquals?.['iam:PassedToService']]),
      [
        [role, 'lambda.amazonaws.com'],
        [other, 'ec2.amazonaws.com'],
      ],
    )
  })

  test('wildcards match every resource of the kind', () => {
    const widened = (resource: string) => statements([{ action: 'a:B', resource }], 'wildcard')[0]?.Resource
    assert.equal(widened(role), 'arn:aws:iam::123456789012:role/*')
    assert.equal(
      widened('arn:aws:lambda:eu-west-1:123456789012:function:f:1'),
      'arn:aws:lambda:eu-west-1:123456789012:function:*',
    )
    assert.equal(widened('arn:aws:sqs:eu-west-1:123456789012:jobs'), 'arn:aws:sqs:eu-west-1:123456789012:*')
    assert.equal(widened('arn:aws:s3:::bucket'), 'arn:aws:s3:::bucket')
    assert.equal(widened('arn:aws:s3:::bucket/key'), 'arn:aws:s3:::bucket/*')
    assert.equal(widened('*'), '*')
  })

  test('allows whatever was seen, also names that look like patterns', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '/', ':', '*', '?', '$', '{', '}', '.'),
      maxLength: 12,
    })
    const resource = fc.oneof(
      fc.constant('*'),
      text.map((rest) => `arn:aws:iam::123456789012:${rest}`),
      text.map((rest) => `arn:aws:s3:::b${rest}`),
    )
    const seen = fc.record({
      action: fc.constantFrom('iam:A', 'iam:b', 's3:C'),
      resource,
      passedTo: fc.constantFrom('x.amazonaws.com', 'y.amazonaws.com'),
    })
    fc.assert(
      fc.property(
        fc.array(seen, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('exact' as const, 'wildcard' as const),
        (all, scope) => {
          assert.deepEqual(leastPolicy(all, scope).unproven, [])
        },
      ),
      { numRuns: 1000 },
    )
  })
})
