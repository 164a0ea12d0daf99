import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { validate } from './validate.ts'

const usual = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }

function codes(statement: object, kind: PolicyKind = 'identity', version = '2012-10-17'): readonly string[] {
  const document = {
    Version: version,
    Statement: [{ ...usual, ...statement }],
  }
  return validate(JSON.stringify(document, null, 2), kind).map(
    (finding) => `${finding.class} ${finding.code}`,
  )
}

function condition(operator: string, key: string, value: unknown): readonly string[] {
  return codes({ Condition: { [operator]: { [key]: value } } })
}

describe('validate', () => {
  test('nothing to say', () => assert.deepEqual(codes({}), []))

  test('what AWS refuses is an error', () => {
    assert.deepEqual(codes({ Effect: 'Maybe' }), ['error INVALID_EFFECT'])
    assert.deepEqual(codes({ Comment: 'x' }), ['error INVALID_POLICY_ELEMENT'])
    assert.deepEqual(
      validate('{', 'identity').map(({ code }) => code),
      ['JSON_SYNTAX_ERROR'],
    )
  })

  test('a document without a version', () => {
    const text = '{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'
    assert.deepEqual(
      validate(text, 'identity').map(({ code }) => code),
      ['MISSING_VERSION'],
    )
  })

  test('POL-150 conditions that do not fit their key, and those that do', () => {
    assert.deepEqual(condition('Null', 'aws:SourceVpc', 'true'), [])
    assert.deepEqual(condition('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::b'), [])
    assert.match(condition('NumericEquals', 'aws:SourceArn', '1').join(), /TYPE_MISMATCH/)
    assert.match(condition('ArnLike', 'aws:SourceArn', 'b').join(), /TYPE_MISMATCH_ARN\b/)
  })

  test('POL-150 the keys whose values are no plain text', () => {
    const keys = {
      Bool: 'aws:AssumedRoot aws:MultiFactorAuthPresent aws:PrincipalIsAWSService aws:SecureTransport aws:ViaAWSService aws:ViaAWSMCPService',
      Numeric: 'aws:MultiFactorAuthAge ec2:RoleDelivery',
      Date: 'aws:CurrentTime aws:TokenIssueTime aws:EpochTime',
      IpAddress: 'aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp',
      ArnLike:
        'aws:ChatbotSourceArn aws:PrincipalArn aws:SignInSessionArn aws:SourceArn aws:SourceVpcArn codebuild:BuildArn codebuild:ProjectArn ec2:SourceInstanceARN iam:AssociatedResourceArn iam:PolicyARN lambda:SourceFunctionArn ssm:SourceInstanceARN',
    }
    for (const [type, names] of Object.entries(keys))
      for (const key of names.split(' ')) {
        const statement = { Condition: { BinaryEquals: { [key]: 'YQ==' } } }
        const document = { Version: '2012-10-17', Statement: [{ ...usual, ...statement }] }
        const found = validate(JSON.stringify(document), 'identity')
        const mismatch = found.find(({ code }) => code === 'TYPE_MISMATCH')
        assert.match(mismatch?.message ?? '', new RegExp(`^Use the operator type ${type} .* key ${key}\\.$`))
      }
  })

  test('POL-150 an account in the ARN of a bucket, but not of an access point', () => {
    const of = (resource: string) => codes({ Resource: `arn:aws:s3::123456789012:${resource}` }).join()
    assert.equal(of('b/*'), 'error ARN_ACCOUNT_NOT_ALLOWED')
    assert.doesNotMatch(of('accesspoint/a/object/*'), /ARN_ACCOUNT_NOT_ALLOWED/)
  })

  test('variables are for operators of texts, ARNs and Bool', () => {
    const isRefused = (operator: string) =>
      condition(operator, 'my:key', '${aws:username}').includes('error INVALID_VARIABLE_FOR_OPERATOR')
    for (const operator of ['StringEquals', 'StringNotLike', 'StringEqualsIgnoreCase', 'ArnLike', 'Bool'])
      assert.equal(isRefused(operator), false, operator)
    for (const operator of ['NumericEquals', 'DateLessThan', 'IpAddress', 'BinaryEquals', 'Null'])
      assert.equal(isRefused(operator), true, operator)
  })

  test('of several numbers the finding names the one that counts', () => {
    for (const [operator, single] of [
      ['NumericLessThan', 'greatest'],
      ['NumericGreaterThan', 'least'],
      ['NumericGreaterThanEquals', 'least'],
    ] as const) {
      const Condition = { [operator]: { 's3:max-keys': ['1', '2'] } }
      const Statement = [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*', Condition }]
      const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
      assert.deepEqual(
        found.map(({ message }) => message),
        [
          `Multiple values in ${operator} are redundant. Replace with the ${single} single value for s3:max-keys.`,
        ],
      )
    }
  })

  test('private addresses say what they do under each operator', () => {
    for (const [operator, code, effect] of [
      ['IpAddress', 'PRIVATE_IP_ADDRESS_SUBSET', 'will not have the desired effect'],
      ['NotIpAddress', 'PRIVATE_NOT_IP_ADDRESS_SUBSET', 'have no effect'],
    ] as const) {
      const Condition = { [operator]: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } }
      const document = { Version: '2012-10-17', Statement: [{ ...usual, Condition }] }
      const [found] = validate(JSON.stringify(document), 'identity')
      assert.equal(found?.code, code)
      assert.match(found.message, new RegExp(`The private addresses ${effect}\\.`))
    }
  })

  test('POL-153 the forms in which a statement hands on any role', () => {
    const of = (statement: object) =>
      codes({ Action: undefined, ...statement }).filter((code) => /PASS_ROLE/.test(code))
    assert.deepEqual(of({ Action: 's3:GetObject', Resource: '*' }), [])
    assert.match(of({ Action: 'iam:PassRole', Resource: '*' }).join(), /PASS_ROLE_WITH_STAR_IN_RESOURCE$/)
    assert.match(of({ Action: 'iam:*', Resource: '*' }).join(), /PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE$/)
    assert.match(
      of({ NotAction: 's3:*', Resource: '*' }).join(),
      /PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION$/,
    )
    assert.deepEqual(of({ NotAction: 'iam:PassRole', Resource: '*' }), [])
  })

  test('POL-153 handing on any role', () => {
    assert.deepEqual(codes({ Action: 'iam:PassRole', Resource: '*' }), [
      'securityWarning PASS_ROLE_WITH_STAR_IN_RESOURCE',
    ])
    assert.deepEqual(codes({ Action: '*', Resource: '*' }), [
      'securityWarning PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
      'warning CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE',
    ])
    const narrowed = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }
    assert.deepEqual(codes({ Action: 'iam:PassRole', Resource: '*', Condition: narrowed }), [])
  })

  test('POL-150, POL-152 principals', () => {
    const trust = { Action: 'sts:AssumeRole', Resource: undefined }
    assert.deepEqual(codes({ Principal: undefined, NotPrincipal: { AWS: '123456789012' } }, 'resource'), [
      'securityWarning ALLOW_WITH_NOT_PRINCIPAL',
    ])
    assert.deepEqual(codes({ ...trust, Principal: { AWS: 'AROACKCEVSQ6C2EXAMPLE' } }, 'trust'), [
      'warning INVALID_ROLE_REFERENCE',
    ])
    const provider = 'arn:aws:iam::123456789012:oidc-provider/idp.example.com'
    assert.deepEqual(
      codes(
        { ...trust, Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: provider } },
        'trust',
      ),
      ['securityWarning MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL'],
    )
  })

  test('POL-150 variables', () => {
    assert.deepEqual(codes({ Resource: 'arn:aws:s3:::b/${aws:username' }), [
      'error MISSING_BRACE_IN_VARIABLE',
    ])
    assert.deepEqual(codes({ Resource: 'arn:aws:s3:::b/${}' }), ['error EMPTY_VARIABLE'])
    assert.deepEqual(codes({ Resource: 'arn:aws:s3:::b/${aws:username, x}' }), [
      'error MISSING_QUOTE_IN_VARIABLE',
    ])
    assert.deepEqual(codes({ Resource: 'arn:aws:s3:::b/${aws:username}' }, 'identity', '2008-10-17'), [
      'error VARIABLE_UNSUPPORTED_IN_VERSION',
    ])
    assert.deepEqual(condition('NumericEquals', 's3:max-keys', '${aws:username}'), [
      'error INVALID_VARIABLE_FOR_OPERATOR',
    ])
  })

  test('POL-150 conditions', () => {
    assert.deepEqual(condition('NumericEquals', 's3:max-keys', 'ten'), ['warning TYPE_MISMATCH_NUMBER'])
    assert.deepEqual(condition('DateLessThan', 'aws:CurrentTime', '1772323200'), [
      'warning INVALID_DATE_VALUE',
    ])
    assert.deepEqual(condition('IpAddress', 'aws:SourceIp', '203.0.113.7/24'), [
      'suggestion IMPROVE_IP_RANGE',
    ])
    assert.deepEqual(condition('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), ['error PRIVATE_IP_ADDRESS'])
    assert.deepEqual(condition('StringEquals', 's3:prefix', 'a*'), ['warning WILDCARD_WITHOUT_LIKE_OPERATOR'])
    assert.deepEqual(condition('StringEquals', 'aws:TagKeys', 'a'), ['error MISSING_QUALIFIER'])
    assert.deepEqual(condition('ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-a'), [
      'securityWarning FORALLVALUES_WITH_SINGLE_VALUED_KEY',
    ])
    assert.deepEqual(condition('StringEquals', 'aws:ResourceTag', 'a'), [
      'error MISSING_TAG_KEY_IN_CONDITION',
    ])
    assert.deepEqual(condition('StringEquals', 's3:prefix', []), ['suggestion EMPTY_ARRAY_CONDITION'])
  })

  test('POL-205 POL-242 an IPv6 range with bits behind its prefix holds no address', () => {
    const of = (value: string) => {
      const Condition = { IpAddress: { 'aws:SourceIp': value } }
      const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition }]
      return validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity').map(
        ({ code, message }) => `${code} ${/Replace (?:address|it) with (.*)\.$/.exec(message)?.[1] ?? ''}`,
      )
    }
    assert.deepEqual(of('2001:db8::5/64'), ['TYPE_MISMATCH_IP_RANGE 2001:db8:0:0:0:0:0:0/64'])
    assert.deepEqual(of('203.0.113.7/24'), ['IMPROVE_IP_RANGE 203.0.113.0/24'])
    for (const value of ['2001:db8::/129', 'x:y/64', '::ffff:203.0.113.7/120'])
      assert.deepEqual(of(value), ['TYPE_MISMATCH_IP_RANGE '], value)
    assert.deepEqual(of('2001:db8::/64'), [])
  })

  test('POL-200 LNT-5 a key that holds a list satisfies no operator without a qualifier', () => {
    const of = (operator: string, key: string, Effect: string) => {
      const Condition = { [operator]: { [key]: 'a' } }
      const Statement = [{ Effect, Action: 'iam:TagUser', Resource: '*', Condition }]
      const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
      return found
        .filter(({ code }) => code === 'MISSING_QUALIFIER')
        .map(({ message }) => message.split('. ')[2])
    }
    const never = 'Without one the condition never holds, and the statement'
    assert.deepEqual(of('StringEquals', 'aws:TagKeys', 'Allow'), [`${never} allows nothing.`])
    assert.deepEqual(of('StringLike', 'dynamodb:Attributes', 'Deny'), [`${never} denies nothing.`])
    for (const operator of ['StringNotEquals', 'StringEqualsIfExists'])
      assert.deepEqual(of(operator, 'aws:TagKeys', 'Deny'), [
        'Without one the condition holds only if the request has no aws:TagKeys.',
      ])
    for (const operator of ['ForAnyValue:StringEquals', 'Null'])
      assert.deepEqual(of(operator, 'aws:TagKeys', 'Deny'), [])
    assert.deepEqual(of('StringEquals', 'aws:username', 'Allow'), [])
  })

  test('what another value covers', () => {
    assert.deepEqual(codes({ Action: ['iam:Get*', 'iam:List*', 'iam:GetCredentialReport'], Resource: '*' }), [
      'suggestion REDUNDANT_ACTION',
    ])
    assert.deepEqual(codes({ Action: ['iam:Get*', 'iam:*CredentialReport'], Resource: '*' }), [])
  })

  test('POL-151 whether names exist, and fit each other, is not looked at', () => {
    assert.deepEqual(
      codes({
        Action: 'nosuch:Thing',
        Resource: [
          'arn:aws:nosuch:xx-nowhere-9:123456789012:thing/a',
          'arn:aws:lambda:us-east-1::function:f',
        ],
        Condition: { StringEquals: { 'nosuch:Key': 'a', 's3:prefix': 'b' } },
      }),
      [],
    )
  })

  test('POL-099 the size without white space', () => {
    const long = Array.from({ length: 400 }, (_, n) => `s3:GetObject${n}Something`)
    assert.deepEqual(codes({ Action: long }), ['warning POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA'])
  })

  test('long lists of actions, principals and conditions are held against each other', () => {
    const Action = Array.from({ length: 4_000 }, () => 'sts:AssumeRole')
    const tags = Array.from({ length: 3_000 }, (_, i) => [`aws:RequestTag/${i}`, 'v'])
    const Federated = Array.from({ length: 1_500 }, (_, i) => `arn:aws:iam::123456789012:saml-provider/${i}`)
    const Condition = { StringEquals: Object.fromEntries(tags) }
    const trusting = (statement: object) => codes({ Resource: undefined, Action, ...statement }, 'trust')
    const tagging = trusting({ Principal: { AWS: '123456789012' }, Condition })
    const federated = trusting({ Principal: { Federated } })
    assert.ok(tagging.includes('error MISSING_ACTION_FOR_CONDITION_KEY'))
    assert.ok(federated.includes('error MISMATCHED_ACTION_FOR_PRINCIPAL'))
  })

  test('a value full of variables that never end is too permissive', () => {
    const found = condition('StringLike', 'aws:SourceVpc', '${'.repeat(120_000))
    assert.ok(found.includes('error VARIABLE_USAGE_TOO_PERMISSIVE'))
  })

  test('findings have a path and a place', () => {
    const text =
      '{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "Allow", "Action": "s3:GetObject",\n    "Resource": "nothing"\n  }\n}'
    const [finding] = validate(text, 'identity')
    assert.deepEqual(finding?.path, ['Statement', 'Resource'])
    assert.deepEqual([finding?.span.start.line, finding?.span.start.column], [5, 17])
  })
})
