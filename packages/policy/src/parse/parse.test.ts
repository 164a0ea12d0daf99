import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { parsePolicy, policyFromJson } from './parse.ts'

const usualStatement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

function messageOf(document: unknown, kind: PolicyKind = 'identity'): string {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const parsed = parsePolicy(text, kind)
  return parsed.ok ? 'ok' : parsed.message
}

function withStatement(change: object): unknown {
  return { Version: '2012-10-17', Statement: [{ ...usualStatement, ...change }] }
}

const syntaxErrors = 'Syntax errors in policy.'
const organizations =
  'The provided policy document does not meet the requirements of the specified policy type.'

describe('what AWS refuses', () => {
  const identity: readonly (readonly [string, unknown, string])[] = [
    ['no JSON', '{', syntaxErrors],
    ['an empty document', {}, syntaxErrors],
    ['an unknown version', { ...Object(withStatement({})), Version: '2020-01-01' }, syntaxErrors],
    ['no statement', { Version: '2012-10-17', Statement: [] }, syntaxErrors],
    ['a statement that is a string', { Version: '2012-10-17', Statement: 'x' }, syntaxErrors],
    ['no effect', withStatement({ Effect: undefined }), syntaxErrors],
    ['an unknown effect', withStatement({ Effect: 'Maybe' }), syntaxErrors],
    ['Action and NotAction', withStatement({ NotAction: 's3:*' }), syntaxErrors],
    ['Resource and NotResource', withStatement({ NotResource: '*' }), syntaxErrors],
    ['a numeric action', withStatement({ Action: 1 }), syntaxErrors],
    [
      'an unknown operator',
      withStatement({ Condition: { NullIfExists: { 'aws:username': 'true' } } }),
      syntaxErrors,
    ],
    ['an unknown element', withStatement({ Comment: 'x' }), syntaxErrors],
    ['an Id that is no string', { ...Object(withStatement({})), Id: ['x'] }, syntaxErrors],
    ['an Id', { ...Object(withStatement({})), Id: 'x' }, 'ok'],
    ['no action', withStatement({ Action: undefined }), 'Policy statement must contain actions.'],
    ['no resource', withStatement({ Resource: undefined }), 'Policy statement must contain resources.'],
    [
      'an empty list of resources',
      withStatement({ Resource: [] }),
      'Policy statement must contain resources.',
    ],
    [
      'an action without a vendor',
      withStatement({ Action: 'GetObject' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    ['an action with an empty vendor', withStatement({ Action: ':GetObject' }), 'Vendor  is not valid'],
    [
      'an action with a space in its vendor',
      withStatement({ Action: 'iam :Get' }),
      'Vendor iam  is not valid',
    ],
    [
      'a resource that is no ARN',
      withStatement({ Resource: 'invalid' }),
      'Resource invalid must be in ARN format or "*".',
    ],
    [
      'a resource without its beginning',
      withStatement({ Resource: 's3::example-bucket/*' }),
      'Partition "" is not valid for resource "arn::example-bucket/*:*:*:*".',
    ],
    [
      'an unknown partition',
      withStatement({ Resource: 'arn:aws2:s3:::example-bucket/*' }),
      'Partition "aws2" is not valid for resource "arn:aws2:s3:::example-bucket/*".',
    ],
    [
      'more than one colon in an action',
      withStatement({ Action: 's3:s3:GetObject' }),
      'Actions/Condition can contain only one colon.',
    ],
    [
      'more than one colon in a condition key',
      withStatement({ Condition: { StringEquals: { 'kms:EncryptionContext:a': 'b' } } }),
      'ok',
    ],
    ['a vendor with a dot', withStatement({ Action: 'a.b:GetObject' }), 'ok'],
    [
      'a resource that begins with *',
      withStatement({ Resource: '*x' }),
      'Resource *x must be in ARN format or "*".',
    ],
    ['an empty resource', withStatement({ Resource: '' }), 'Resource  must be in ARN format or "*".'],
    ['too few fields', withStatement({ Resource: 'arn:awss3::b' }), 'The policy failed legacy parsing'],
    [
      'a region in an IAM ARN',
      withStatement({ Resource: 'arn:aws:iam:eu-west-1::user/a' }),
      'IAM resource arn:aws:iam:eu-west-1::user/a cannot contain region information.',
    ],
    [
      'a region in a bucket ARN',
      withStatement({ Resource: 'arn:aws:s3:eu-west-1::b' }),
      'Resource arn:aws:s3:eu-west-1::b can not contain region information.',
    ],
    ['a principal', withStatement({ Principal: '*' }), 'Policy document should not specify a principal.'],
    [
      'a Sid twice',
      {
        Version: '2012-10-17',
        Statement: [
          { ...usualStatement, Sid: 'a' },
          { ...usualStatement, Sid: 'a' },
        ],
      },
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ]
  const pathText =
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.'
  const vendorText = 'Resource vendor must be fully qualified and cannot contain regexes.'
  const resources: readonly (readonly [string, string])[] = [
    ['arn:aws', vendorText],
    ['arn:aws:*:::b', vendorText],
    ['arn:aws:s?:::b', vendorText],
    ['arn:aws::::b', vendorText],
    ['arn:*', 'ok'],
    ['arn:aws:iam::123456789012:*', 'ok'],
    ['arn:aws:iam::123456789012:root', 'ok'],
    ['arn:aws:iam::123456789012:role/*', 'ok'],
    ['arn:aws:iam::123456789012:delegation-request/*', 'ok'],
    ['arn:aws:iam::123456789012:*/*', pathText],
    ['arn:aws:iam::123456789012:role', pathText],
    ['arn:aws:iam::123456789012:thing/a', pathText],
  ]
  for (const [resource, message] of resources) {
    test(`POL-148 resource ${resource}`, () =>
      assert.equal(messageOf(withStatement({ Resource: resource })), message))
  }

  const loose: readonly (readonly [string, string])[] = [
    ['s3:bucket', 'Partition "bucket" is not valid for resource "arn:bucket:*:*:*:*".'],
    ['s3:::bucket', 'Partition "" is not valid for resource "arn:::bucket:*:*".'],
    ['foo:aws:iam:eu-west-1::user/a', 'ok'],
    ['foo:aws:s3:::bucket', 'ok'],
  ]
  for (const [resource, message] of loose) {
    test(`POL-147 resource ${resource}`, () =>
      assert.equal(messageOf(withStatement({ Resource: resource })), message))
  }

  const accounts: readonly (readonly [string, string])[] = [
    ['123456789012', 'ok'],
    ['', 'ok'],
    ['aws', 'ok'],
    ['12345678901?', 'ok'],
    ['${aws:PrincipalAccount}', 'The policy failed legacy parsing'],
    ['1234', 'The policy failed legacy parsing'],
    ['1234-5678-9012', 'The policy failed legacy parsing'],
  ]
  for (const [account, message] of accounts) {
    test(`POL-155 account ${account}`, () =>
      assert.equal(messageOf(withStatement({ Resource: `arn:aws:iam::${account}:role/a` })), message))
  }

  test('POL-155 a variable in place of a region moves no account', () => {
    const Resource = 'arn:aws:sns:${aws:RequestedRegion}:123456789012:news'
    const parsed = policyFromJson(withStatement({ Resource }), 'identity', { accountVariables: true })
    assert.ok(parsed.ok)
  })

  test('POL-154 a lone statement follows the version', () => {
    const lone = { Statement: usualStatement, Version: '2012-10-17' }
    assert.equal(messageOf(lone), 'The policy failed legacy parsing')
    assert.equal(messageOf({ Version: '2012-10-17', Statement: usualStatement }), 'ok')
    assert.equal(messageOf({ Statement: [usualStatement], Version: '2012-10-17' }), 'ok')
    assert.equal(messageOf({ Statement: usualStatement }), 'ok')
  })

  const dates: readonly (readonly [string, object, string])[] = [
    ['a date', { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, 'ok'],
    ['seconds', { DateLessThanIfExists: { 'aws:CurrentTime': 1_700_000_000 } }, 'ok'],
    ['no date', { DateLessThan: { 'aws:CurrentTime': 'soon' } }, 'The policy failed legacy parsing'],
  ]
  for (const [name, condition, message] of dates) {
    test(`POL-149 condition with ${name}`, () =>
      assert.equal(messageOf(withStatement({ Condition: condition })), message))
  }

  for (const [name, document, message] of identity) {
    test(`POL-141 identity policy: ${name}`, () => assert.equal(messageOf(document), message))
  }

  const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }
  const trusting = (change: object) => ({ Version: '2012-10-17', Statement: { ...TRUST, ...change } })
  const trust: readonly (readonly [string, string, unknown, string])[] = [
    ['POL-142', 'no JSON', '{', 'This policy contains invalid Json'],
    ['POL-142', 'a resource', trusting({ Resource: '*' }), 'Has prohibited field Resource'],
    [
      'POL-142',
      'a wildcard in a principal',
      trusting({ Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"',
    ],
    [
      'POL-142',
      'a service',
      trusting({ Principal: { Service: 'x' } }),
      'Invalid principal in policy: "SERVICE":"x"',
    ],
    [
      'POL-019',
      'a group',
      trusting({ Principal: { AWS: 'arn:aws:iam::123456789012:group/a' } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/a"',
    ],
    [
      'POL-036',
      'NotPrincipal',
      trusting({ Principal: undefined, NotPrincipal: '*' }),
      'Has prohibited field NotPrincipal',
    ],
    ['POL-143', 'no principal', trusting({ Principal: undefined }), 'Missing required field Principal'],
    ['POL-143', 'no action', trusting({ Action: undefined }), 'Missing required field Action'],
    [
      'POL-143',
      'an action of another service',
      trusting({ Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'POL-143',
      'an action of STS that gives no role',
      trusting({ Action: 'sts:GetCallerIdentity' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'POL-143',
      'more than one colon in a condition key',
      trusting({ Condition: { StringEquals: { 'https://server.example:sub': 'a' } } }),
      'Condition can contain only one colon.',
    ],
    [
      'POL-143',
      'an action that nearly is one',
      trusting({ Action: ['sts:AssumeRole', 'sts:TagSessions'] }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['POL-143', 'an unknown element', trusting({ Comment: 'x' }), 'Unknown field Comment'],
    ['POL-143', 'an unknown effect', trusting({ Effect: 'allow' }), 'Invalid effect: allow'],
    ['POL-143', 'no effect', trusting({ Effect: undefined }), 'Missing required field Effect'],
    ['POL-143', 'an empty document', {}, 'Missing required field Statement'],
    [
      'POL-143',
      'no statements',
      { Version: '2012-10-17', Statement: [] },
      'Could not parse the policy: Statement is empty!',
    ],
    [
      'POL-143',
      'another version',
      { ...Object(trusting({})), Version: '2020-01-01' },
      'The policy must contain a valid version string',
    ],
    [
      'POL-143',
      'an unknown operator',
      trusting({ Condition: { StringIs: { 'aws:username': 'a' } } }),
      'Invalid Condition type : StringIs',
    ],
    ['POL-142', 'all is well', trusting({}), 'ok'],
  ]
  for (const [id, name, document, message] of trust) {
    test(`${id} trust policy: ${name}`, () => assert.equal(messageOf(document, 'trust'), message))
  }

  test('POL-144 resource, key and endpoint policies in the words of trust policies', () => {
    for (const kind of ['resource', 'key', 'endpoint'] as const) {
      for (const [document, message] of [
        ['{', 'This policy contains invalid Json'],
        [trusting({ Principal: undefined }), 'Missing required field Principal'],
        [trusting({ Comment: 'x' }), 'Unknown field Comment'],
        [trusting({ Principal: { Service: 'x' } }), 'Invalid principal in policy'],
        [trusting({ Resource: '*', Sid: 'any text' }), 'ok'],
      ] as const)
        assert.equal(messageOf(document, kind), message, kind)
    }
  })

  test('POL-017, POL-145 SCPs take no principal, RCPs only everyone', () => {
    assert.equal(messageOf(withStatement({ Principal: '*' }), 'scp'), organizations)
    assert.equal(messageOf(withStatement({ Principal: { AWS: '123456789012' } }), 'rcp'), organizations)
    assert.equal(messageOf(withStatement({ NotPrincipal: '*' }), 'rcp'), organizations)
    assert.equal(messageOf(withStatement({ Principal: '*' }), 'rcp'), 'ok')
  })

  test('POL-037 resource policies need a principal and may have an Id', () => {
    assert.equal(messageOf(withStatement({}), 'resource'), 'Missing required field Principal')
    assert.equal(messageOf({ ...Object(withStatement({ Principal: '*' })), Id: 'x' }, 'resource'), 'ok')
  })

  test('POL-100 a key that comes twice, at any depth', () => {
    const twice =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Allow","Action":"*","Resource":"*"}}'
    assert.equal(messageOf(twice), syntaxErrors)
    const inCondition =
      '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true","a:b":"false"}}}}'
    assert.equal(messageOf(inCondition), syntaxErrors)
  })

  test('POL-146 a Sid of other characters is refused but in resource policies', () => {
    const withSid = { Sid: 'not so', Principal: '*' }
    assert.match(messageOf(withStatement({ Sid: 'not so' })), /Sid/i)
    const resource = { Version: '2012-10-17', Statement: [{ ...usualStatement, ...withSid }] }
    assert.ok(policyFromJson(resource, 'resource').ok)
    const { Resource: _, ...trust } = { ...usualStatement, ...withSid, Action: 'sts:AssumeRole' }
    assert.ok(!policyFromJson({ Version: '2012-10-17', Statement: [trust] }, 'trust').ok)
  })

  test('POL-140 syntax comes before what is missing, and Sids come last', () => {
    assert.equal(messageOf(withStatement({ Action: undefined, Effect: 'x' })), syntaxErrors)
    assert.equal(
      messageOf(withStatement({ Sid: 'a b', Resource: undefined })),
      'Policy statement must contain resources.',
    )
  })
})

describe('what is read', () => {
  test('statements and values with line and column', () => {
    const text = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "One", "Effect": "Allow",
      "Action": ["s3:GetObject",
                 "s3:PutObject"], "Resource": "*" }
  ]
}`
    const parsed = parsePolicy(text, 'identity')
    assert.ok(parsed.ok)
    const [statement] = parsed.policy.statements
    assert.deepEqual({ ...statement?.span.start }, { offset: text.indexOf('{ "Sid"'), line: 4, column: 5 })
    const put = statement?.action.values[1]
    assert.equal(put?.value, 's3:PutObject')
    assert.deepEqual([put?.span.start.line, put?.span.start.column], [6, 18])
  })

  test('numbers and booleans in conditions as their text', () => {
    const parsed = policyFromJson(
      withStatement({ Condition: { Bool: { 'a:b': true }, NumericEquals: { 'a:c': 1.5 } } }),
      'identity',
    )
    assert.ok(parsed.ok)
    assert.deepEqual(
      parsed.policy.statements[0]?.condition.map(({ values }) => values[0]?.value),
      ['true', '1.5'],
    )
  })

  test('the version is 2008-10-17 where the document does not say', () => {
    const parsed = policyFromJson({ Statement: usualStatement }, 'identity')
    assert.ok(parsed.ok)
    assert.equal(parsed.policy.version, '2008-10-17')
  })

  test('a finding about a member of the document names it', () => {
    const document = { ...Object(withStatement({})), Version: '2020-01-01', Id: ['x'] }
    const { findings } = policyFromJson(document, 'identity')
    assert.deepEqual(
      findings.map(({ path }) => path),
      [['Version'], ['Id']],
    )
    for (const [Statement, path] of [
      ['x', ['Statement']],
      [
        [usualStatement, 'x'],
        ['Statement', 1],
      ],
    ])
      assert.deepEqual(
        policyFromJson({ Version: '2012-10-17', Statement }, 'identity').findings[0]?.path,
        path,
      )
  })

  test('leniently: what can be evaluated though AWS would not store it', () => {
    const document = withStatement({ Condition: { StringResembles: { 'aws:username': 'a' } } })
    assert.equal(policyFromJson(document, 'identity').ok, false)
    const parsed = policyFromJson(document, 'identity', { lenient: true })
    assert.ok(parsed.ok)
    assert.equal(parsed.findings[0]?.code, 'INVALID_CONDITION_OPERATOR')
  })

  test('what is no JSON at all is refused and not thrown', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    for (const value of [circle, undefined, 1n, () => 1, Symbol('x')]) {
      assert.equal(policyFromJson(value, 'identity').ok, false)
    }
  })
})
