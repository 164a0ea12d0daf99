import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { leastPolicy, type SeenRequest } from './least.ts'

const role = 'arn:aws:iam::123456789012:role/team/app'
const statements = (seen: readonly SeenRequest[], scope: 'exact' | 'generated' | 'wildcard' = 'exact') => {
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

  test('RSN-104 only what AWS generates becomes a wildcard; names stay', () => {
    const of = (rest: string) =>
      statements([{ action: 'a:B', resource: `arn:aws:${rest}` }], 'generated')[0]?.Resource
    const made = (rest: string) => String(of(rest)).slice('arn:aws:'.length)
    assert.deepEqual(
      [
        'ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0',
        'ec2:eu-west-1:123456789012:network-interface/eni-01234567',
        'kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f',
        'secretsmanager:eu-west-1:123456789012:secret:app/db-AbCdEf',
        'lambda:eu-west-1:123456789012:function:app:7',
        'lambda:eu-west-1:123456789012:function:app:live',
        'ecs:eu-west-1:123456789012:task-definition/app:12',
        'iam::123456789012:role/app/shop-Worker-5GZ6Q4BCA288',
        'iam::123456789012:role/app/x-20261201110912466500000004',
        'elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/50dc6c495c0c9188',
        'logs:eu-west-1:123456789012:log-group:/aws/lambda/app:log-stream:2026/12/01/[$LATEST]0a1b',
        'apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod',
        'route53:::hostedzone/Z0123456789ABC',
        's3:::logs-1a2b3c4d5e6f/2026/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f',
      ].map(made),
      [
        'ec2:eu-west-1:123456789012:instance/i-*',
        'ec2:eu-west-1:123456789012:network-interface/eni-*',
        'kms:eu-west-1:123456789012:key/*',
        'secretsmanager:eu-west-1:123456789012:secret:app/db-??????',
        'lambda:eu-west-1:123456789012:function:app:*',
        'lambda:eu-west-1:123456789012:function:app:live',
        'ecs:eu-west-1:123456789012:task-definition/app:*',
        'iam::123456789012:role/app/shop-Worker-*',
        'iam::123456789012:role/app/x-*',
        'elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/*',
        'logs:eu-west-1:123456789012:log-group:/aws/lambda/app:log-stream:*',
        'apigateway:eu-west-1::/restapis/*/stages/prod',
        'route53:::hostedzone/*',
        's3:::logs-*/2026/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f',
      ],
    )
    for (const kept of [
      'iam::123456789012:role/app/deploy-production',
      'iam::123456789012:user/people/alice',
      'iam::123456789012:role/team-organization',
      'iam::123456789012:role/admin-123456789012',
      'sqs:eu-west-1:123456789012:jobs',
      'dynamodb:eu-west-1:123456789012:table/orders/index/by-date',
      's3:::assets-123456789012-eu-west-1',
    ])
      assert.equal(made(kept), kept)
    assert.equal(statements([{ action: 'a:B', resource: '*' }], 'generated')[0]?.Resource, '*')
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
        fc.constantFrom('exact' as const, 'generated' as const, 'wildcard' as const),
        (all, scope) => {
          assert.deepEqual(leastPolicy(all, scope).unproven, [])
        },
      ),
      { numRuns: 1000 },
    )
  })
})
