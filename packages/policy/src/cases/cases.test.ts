import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Case } from './case.ts'
import { openCase } from './open.ts'
import { parseCases } from './parse.ts'
import { runCase } from './run.ts'

const usualCase: Case = {
  name: 'a boundary does not limit a bucket policy that names the user',
  request: {
    principal: 'arn:aws:iam::123456789012:user/dev',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::pay/x',
    resourceAccount: '123456789012',
    context: { 'aws:SourceIp': '10.0.0.1', 'aws:TagKeys': ['a', 'b'] },
  },
  policies: {
    boundary: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } }],
    resource: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:user/dev' },
        Action: 's3:*',
        Resource: '*',
      },
    },
  },
  expect: 'allowed',
}

describe('parseCases', () => {
  test('one case or a list', () => {
    for (const value of [usualCase, [usualCase, usualCase]]) {
      const parsed = parseCases(JSON.stringify(value))
      assert.ok(parsed.ok)
      assert.deepEqual(parsed.cases[0], usualCase)
    }
  })

  const bad: readonly (readonly [unknown, RegExp])[] = [
    [[{ ...usualCase, name: undefined }], /^case 1: name is missing$/],
    [
      [usualCase, { ...usualCase, expect: 'yes' }],
      /^case 2: expect is not allowed, explicitDeny or implicitDeny$/,
    ],
    [{ ...usualCase, policies: { scp: [{}] } }, /policies\.scp is not a list of lists of policies/],
    [{ ...usualCase, request: { ...usualCase.request, context: { a: null } } }, /request\.context is not/],
    [{ ...usualCase, typo: 1 }, /unknown member typo/],
    [1, /a case is not an object/],
  ]
  for (const [value, message] of bad) {
    test(`refuses: ${message.source}`, () => {
      const parsed = parseCases(JSON.stringify(value))
      assert.ok(!parsed.ok)
      assert.match(parsed.message, message)
    })
  }

  test('refuses what is no JSON', () => assert.equal(parseCases('{').ok, false))
})

describe('runCase', () => {
  test('POL-021 passes', () => {
    const result = runCase(usualCase)
    assert.equal(result.status, 'passed')
  })

  test('fails on another decision, and says why', () => {
    const result = runCase({ ...usualCase, policies: {} })
    assert.ok(result.status === 'failed')
    assert.equal(result.got, 'implicitDeny')
    assert.ok(result.story.length > 0)
  })

  test('fails on another reason', () => {
    const asked: Case = { ...usualCase, policies: {}, expect: 'implicitDeny' }
    assert.equal(runCase({ ...asked, because: 'identity' }).status, 'passed')
    assert.equal(runCase({ ...asked, because: 'boundary' }).status, 'failed')
  })

  test('is bad when a document or the principal cannot be read', () => {
    assert.equal(runCase({ ...usualCase, policies: { identity: [{ Statement: 'x' }] } }).status, 'bad')
    assert.equal(runCase({ ...usualCase, request: { ...usualCase.request, principal: 'dev' } }).status, 'bad')
  })
})

describe('openCase', () => {
  function principalOf(principal: Case['request']['principal']) {
    const opened = openCase({ ...usualCase, request: { ...usualCase.request, principal } })
    assert.ok(opened.ok)
    return opened.request.principal
  }

  test('principals', () => {
    assert.equal(principalOf('*').type, 'anonymous')
    assert.equal(principalOf({ service: 'ec2.amazonaws.com' }).type, 'service')
    assert.equal(principalOf('arn:aws:iam::123456789012:root').type, 'root')
    assert.equal(principalOf('arn:aws:sts::123456789012:federated-user/bob').type, 'federatedUser')
    const role = principalOf('arn:aws:iam::123456789012:role/team/app')
    assert.ok(role.type === 'roleSession')
    assert.match(role.sessionArn, /:assumed-role\/app\//)
    const linked = principalOf(
      'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    )
    assert.ok(linked.type === 'roleSession' && linked.serviceLinked)
    const session = principalOf('arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForECS/run')
    assert.ok(session.type === 'roleSession' && session.serviceLinked)
    assert.equal(role.serviceLinked, false)
  })

  test('a principal of no account, or of one that has not twelve digits, is none', () => {
    for (const principal of [
      'arn:aws:iam:::root',
      'arn:aws:iam:::user/dev',
      'arn:aws:iam::12345678901:role/dev',
      'arn:aws:sts:::assumed-role/dev/run',
      'arn:aws:iam::aws:oidc-provider/token.example.com',
    ])
      assert.equal(
        openCase({ ...usualCase, request: { ...usualCase.request, principal } }).ok,
        false,
        principal,
      )
  })

  test('POL-101 keys of the principal follow unless the case gives them', () => {
    const opened = openCase({
      ...usualCase,
      request: { ...usualCase.request, context: { 'AWS:UserName': 'other' } },
    })
    assert.ok(opened.ok)
    assert.equal(opened.request.context.get('aws:username'), 'other')
    assert.equal(opened.request.context.get('aws:PrincipalArn'), 'arn:aws:iam::123456789012:user/dev')
  })

  test('POL-061, POL-065 operations of STS that need no permission', () => {
    for (const [action, exempt] of [
      ['sts:GetCallerIdentity', true],
      ['sts:GetSessionToken', true],
      ['sts:AssumeRole', false],
    ] as const) {
      const opened = openCase({ ...usualCase, request: { ...usualCase.request, action, resource: '*' } })
      assert.ok(opened.ok)
      assert.equal(opened.request.exempt, exempt, action)
    }
  })

  test('POL-005 a key needs a policy even where the case has none', () => {
    const request = {
      ...usualCase.request,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:eu-west-1:123456789012:key/1',
    }
    const opened = openCase({ ...usualCase, request, policies: {} })
    assert.ok(opened.ok)
    assert.deepEqual(opened.policies.resource, { grant: 'explicit' })
  })
})
