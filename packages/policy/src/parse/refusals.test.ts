import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Policy, PolicyKind } from '../document/policy.ts'
import { parsePolicy, policyFromJson } from './parse.ts'

const legacyParsing = 'The policy failed legacy parsing'
const organizations =
  'The provided policy document does not meet the requirements of the specified policy type.'
const noAssuming = 'AssumeRole policy may only specify STS AssumeRole actions.'

/** AWS's text for a document of one statement, or `ok`. */
function messageOf(change: object, kind: PolicyKind = 'identity'): string {
  const usual =
    kind === 'trust'
      ? { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }
      : { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
  const parsed = policyFromJson({ Version: '2012-10-17', Statement: [{ ...usual, ...change }] }, kind)
  return parsed.ok ? 'ok' : parsed.message
}

describe('what IAM refuses to store', () => {
  const conditions: readonly (readonly [operator: string, values: readonly unknown[], message: string])[] = [
    ['NumericLessThan', ['many', ' 10', '0x10', '${aws:EpochTime}'], legacyParsing],
    ['NumericLessThan', ['10', 10, '1e3'], 'ok'],
    ['NotIpAddress', ['10.0.0.0/33', 'example.com', '1.2.3', '10.0.0.1 '], legacyParsing],
    ['IpAddressIfExists', ['10.0.0.0/8', '2001:db8::/32'], 'ok'],
    ['ForAnyValue:ArnNotLikeIfExists', ['nope', 'no:pe'], legacyParsing],
    ['ArnLike', ['arn:aws:s3:b', '${aws:PrincipalArn}', 'arn:aws:iam::12:role/x'], legacyParsing],
    [
      'ArnEquals',
      ['arn:aws:s3:::b', 'arn:aws:s3*', 'arn:aws:s3:::${aws:username}', 'arn:aws:ram::aws:x'],
      'ok',
    ],
    ['BinaryEquals', ['***', 'A', 'abc', 'YWJj==', 'YQ', 'Y===', '_w=='], 'Syntax errors in policy.'],
    ['BinaryEquals', ['QUI=', 'QUJD', ''], 'ok'],
    ['Bool', ['maybe'], 'ok'],
    ['DateLessThan', ['soon'], legacyParsing],
  ]
  for (const [operator, values, message] of conditions) {
    for (const value of values) {
      test(`POL-149 POL-241 ${operator} ${value}`, () =>
        assert.equal(messageOf({ Condition: { [operator]: { 'example:key': value } } }), message))
    }
  }

  test('POL-149 policies that services store are not asked for the values of conditions', () => {
    const Condition = { NumericLessThan: { 'example:key': 'many' } }
    assert.equal(messageOf({ Condition, Principal: '*' }, 'resource'), 'ok')
    for (const kind of ['trust', 'boundary'] as const)
      assert.equal(messageOf({ Condition }, kind), legacyParsing)
  })

  test('POL-240 a session policy takes any number, date, address and ARN, but only base64', () => {
    for (const operator of ['NumericEquals', 'DateNotEquals', 'IpAddress', 'ForAnyValue:ArnLike'])
      assert.equal(
        messageOf({ Condition: { [operator]: { 'example:key': 'x' } } }, 'session'),
        'ok',
        operator,
      )
    const Condition = { BinaryEquals: { 'example:key': 'no-binary' } }
    assert.equal(messageOf({ Condition }, 'session'), 'Syntax errors in policy.')
  })

  test('POL-241 a region is words with one hyphen between them, no variable', () => {
    const of = (region: string) => messageOf({ Resource: `arn:aws:sns:${region}:123456789012:n` })
    for (const region of ['us-gov-west-1', 'eu-west-*', '*', '']) assert.equal(of(region), 'ok', region)
    for (const region of ['b', 'us-west--2', 'us-west-', '-west', 'eu west-1', '${aws:RequestedRegion}'])
      assert.equal(of(region), legacyParsing, region)
  })

  test('POL-241 messages show an ARN completed, and a region that is none before one that must be absent', () => {
    const of = (Resource: string) => messageOf({ Resource })
    assert.equal(of('arn:aws:s3:b'), legacyParsing)
    assert.equal(
      of('arn:aws:s3:my-bucket'),
      'Resource arn:aws:s3:my-bucket:*:* can not contain region information.',
    )
    assert.equal(
      of('arn:aws:iam:us-east-1'),
      'IAM resource arn:aws:iam:us-east-1:*:* cannot contain region information.',
    )
    assert.equal(
      of('arn:aws:route53::111122223333'),
      'Resource arn:aws:route53::111122223333:* cannot contain an account id.',
    )
  })

  test('POL-180 * is stored as a value of an ARN operator', () => {
    assert.equal(messageOf({ Condition: { ArnLike: { 'aws:SourceArn': '*' } } }), 'ok')
  })

  test('POL-185 identity policies take an ARN that ends early, session policies do not', () => {
    for (const Resource of ['arn:aws:sqs', 'arn:aws:sqs:eu-west-1', 'arn:aws:sqs:eu-west-1:123456789012']) {
      assert.equal(messageOf({ Resource }), 'ok')
      assert.equal(messageOf({ Resource }, 'session'), legacyParsing)
      assert.equal(messageOf({ Resource }, 'scp'), organizations)
    }
    const parsed = policyFromJson(
      { Statement: { Effect: 'Deny', Action: '*', Resource: 'arn:aws:sqs' } },
      'identity',
    )
    assert.deepEqual(parsed.findings.filter(({ code }) => code === 'MISSING_ARN_FIELD').length, 1)
  })

  test('POL-184 a variable in the account of an ARN is refused, but for a simulation', () => {
    const Resource = 'arn:aws:iam::${aws:PrincipalAccount}:role/x'
    assert.equal(messageOf({ Resource }), legacyParsing)
    const document = { Statement: [{ Effect: 'Allow', Action: '*', Resource }] }
    assert.ok(policyFromJson(document, 'identity', { accountVariables: true }).ok)
  })

  test('a service in a Principal has a dot between two characters', () => {
    const of = (Service: string) => messageOf({ Principal: { Service } }, 'trust')
    assert.equal(of('ec2.amazonaws.com'), 'ok')
    for (const name of ['ec2', 'ec2.', '.ec2', '.']) assert.notEqual(of(name), 'ok', name)
  })

  test('POL-149 a template of delegation has parameters as values', () => {
    assert.equal(messageOf({ Condition: { NumericEquals: { 'example:key': '@{size}' } } }), 'ok')
  })

  test('POL-148 the service of an action has no wildcard', () => {
    const text = 'Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.'
    for (const Action of ['*:GetObject', 's3*:Get', 's?:Get*']) assert.equal(messageOf({ Action }), text)
    for (const Action of ['*', '*:*', 's3:*']) assert.equal(messageOf({ Action }), 'ok')
  })

  test('POL-134 Effect keeps its case', () => {
    for (const Effect of ['allow', 'DENY']) {
      assert.equal(messageOf({ Effect }), legacyParsing)
      assert.equal(messageOf({ Effect }, 'trust'), `Invalid effect: ${Effect}`)
    }
  })

  test('POL-187 S3 and Route 53 name no account, Route 53 no region', () => {
    const table: Readonly<Record<string, string>> = {
      'arn:aws:s3::111122223333:b': 'Resource arn:aws:s3::111122223333:b cannot contain an account id.',
      'arn:aws:route53::111122223333:hostedzone/Z':
        'Resource arn:aws:route53::111122223333:hostedzone/Z cannot contain an account id.',
      'arn:aws:route53:eu-west-1::hostedzone/Z':
        'Resource arn:aws:route53:eu-west-1::hostedzone/Z can not contain region information.',
      'arn:aws:s3::111122223333:accesspoint/m.mrap': 'ok',
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/a': 'ok',
      'arn:aws:route53:::hostedzone/*': 'ok',
    }
    for (const [Resource, message] of Object.entries(table)) assert.equal(messageOf({ Resource }), message)
  })

  test('POL-143 the actions of a trust policy', () => {
    // AssumeRoleWithSAML, but DecodeAuthorizationMessage as well
    assert.equal(messageOf({ Action: 'sts:*e*M*' }, 'trust'), noAssuming)
    const Action = ['sts:AssumeRole*', 'sts:Tag*', 'sts:SetSourceIdentit?']
    assert.equal(messageOf({ Action }, 'trust'), 'ok')
    for (const each of ['sts:*', 'sts:assumerole', 'STS:AssumeRole', 'sts:Assume*'])
      assert.equal(messageOf({ Action: each }, 'trust'), noAssuming)
  })

  test('POL-142 the principals of a trust policy', () => {
    const naming = (AWS: string) => messageOf({ Principal: { AWS } }, 'trust')
    const session = 'arn:aws:sts::123456789012:assumed-role/r/s'
    assert.equal(naming('1111-2222-3333'), 'ok')
    assert.equal(naming('abcdefghijkl'), 'Invalid principal in policy: "AWS":"abcdefghijkl"')
    assert.equal(naming(`${session}/t`), `Invalid principal in policy: "AWS":"${session}/t"`)
  })

  test('POL-192 a policy with principals may name one session of a role, or of a federated user', () => {
    for (const kind of ['trust', 'resource'] as const)
      for (const name of ['assumed-role/r/s', 'federated-user/u'])
        assert.equal(messageOf({ Principal: { AWS: `arn:aws:sts::123456789012:${name}` } }, kind), 'ok')
  })

  test('POL-191 the ARN of a principal has a partition, no region and an account of twelve digits', () => {
    const naming = (AWS: string, kind: PolicyKind) => messageOf({ Principal: { AWS } }, kind)
    for (const arn of [
      'arn:aws:iam::123:root',
      'arn:aws:iam::1234567890123:user/dev',
      'arn:aws:iam::abcdefghijkl:role/app',
      'arn:aws:iam:::root',
      'arn:aws:iam::aws:role/app',
      'arn:aws:iam:us-east-1:123456789012:root',
      'arn::iam::123456789012:root',
      'arn:amazon:iam::123456789012:root',
      'arn:aws:sts::123:federated-user/bob',
    ]) {
      assert.equal(naming(arn, 'trust'), `Invalid principal in policy: "AWS":"${arn}"`)
      assert.equal(naming(arn, 'resource'), 'Invalid principal in policy', arn)
    }
    for (const arn of ['arn:aws-cn:iam::123456789012:root', 'arn:aws:sts::123456789012:federated-user/bob'])
      assert.equal(naming(arn, 'trust'), 'ok')
    const identity = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'
    assert.equal(naming(identity, 'resource'), 'ok')
    assert.equal(naming(identity.replace(':iam:', ':sts:'), 'resource'), 'Invalid principal in policy')
    assert.equal(naming('arn:aws:iam::cloudfront:user/dev', 'resource'), 'Invalid principal in policy')
    assert.equal(naming(identity, 'trust'), `Invalid principal in policy: "AWS":"${identity}"`)
  })

  test('POL-187 Cognito needs a condition', () => {
    const change = {
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
    }
    const Condition = { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:1' } }
    const text = 'A condition block must be present for the Cognito provider'
    assert.equal(messageOf(change, 'trust'), text)
    assert.equal(messageOf({ ...change, Condition: {} }, 'trust'), text)
    assert.equal(messageOf({ ...change, Condition }, 'trust'), 'ok')
  })
})

describe('POL-186 keys that come twice, read anyway', () => {
  const read = (text: string): Policy => {
    assert.ok(!parsePolicy(text, 'identity').ok)
    const parsed = parsePolicy(text, 'identity', { lenient: true })
    assert.ok(parsed.ok)
    return parsed.policy
  }
  const one = (members: string) => read(`{"Version":"2012-10-17","Statement":[{${members}}]}`).statements[0]!
  const values = (list: { readonly values: readonly { readonly value: string }[] } | undefined) =>
    list?.values.map(({ value }) => value)

  test('a Deny in one reading is a Deny, of what all readings say', () => {
    for (const effects of ['"Effect":"Deny","Effect":"Allow"', '"Effect":"Allow","Effect":"Deny"'])
      assert.equal(one(`${effects},"Action":"s3:*","Resource":"*"`).effect, 'Deny')
    const both = one('"Effect":"Deny","Action":"s3:*","Action":"ec2:*","Resource":"a","Resource":["b","c"]')
    assert.deepEqual(
      [values(both.action), values(both.resource)],
      [
        ['s3:*', 'ec2:*'],
        ['a', 'b', 'c'],
      ],
    )
    const mixed = one('"Effect":"Deny","Action":"s3:*","NotAction":"iam:*","Resource":"*"')
    assert.deepEqual([mixed.action.negated, values(mixed.action)], [true, []])
  })

  test('a Deny keeps no condition of which there are two readings', () => {
    const deny = '"Effect":"Deny","Action":"*","Resource":"*"'
    const bool = '"Bool":{"a:b":"true"}'
    assert.equal(one(`${deny},"Condition":{${bool},${bool}}`).condition.length, 0)
    assert.equal(one(`${deny},"Condition":{${bool}},"Condition":{}`).condition.length, 0)
    assert.equal(one(`${deny},"Condition":{"Bool":{"a:b":"true","a:b":"false"}}`).condition.length, 0)
    assert.equal(one(`"Sid":"a","Sid":"b",${deny},"Condition":{${bool}}`).condition.length, 1)
  })

  test('an Allow allows nothing', () => {
    const allow = one('"Effect":"Allow","Action":"s3:*","Resource":"a","Resource":"*"')
    assert.deepEqual([allow.effect, values(allow.action)], ['Allow', []])
  })

  test('of two lists of statements the Denies of both count, and the Allows of the last', () => {
    const list = (effect: string) => `"Statement":[{"Effect":"${effect}","Action":"*","Resource":"*"}]`
    const { statements } = read(`{${list('Deny')},${list('Allow')}}`)
    assert.deepEqual(
      statements.map(({ effect, index, action }) => [effect, index, values(action)]),
      [
        ['Deny', 0, ['*']],
        ['Allow', 1, ['*']],
      ],
    )
    const other = read(`{${list('Allow')},${list('Deny')}}`)
    assert.deepEqual(
      other.statements.map(({ effect, action }) => [effect, values(action)]),
      [
        ['Allow', []],
        ['Deny', ['*']],
      ],
    )
  })
})
