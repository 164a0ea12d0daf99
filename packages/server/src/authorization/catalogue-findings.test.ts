import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PolicyKind, parsePolicy } from '@omen-iam/policy'
import { catalogueFindings } from './catalogue-findings.ts'

function codes(statement: object, kind: PolicyKind = 'identity'): readonly string[] {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', ...statement } }
  const parsed = parsePolicy(JSON.stringify(document), kind, { lenient: true })
  assert.ok(parsed.ok)
  return catalogueFindings(parsed.policy).map(({ code }) => code)
}

const account = '123456789012'
const rows: readonly (readonly [resource: string, code: string | undefined])[] = [
  ['*', undefined],
  ['arn:aws:s3:::pay/*', undefined],
  [`arn:aws:iam::${account}:role/*`, undefined],
  [`arn:aws:dynamodb:*:${account}:tables/orders`, 'INVALID_ARN_RESOURCE'],
  [`arn:aws:lambda:*:${account}:functions:*`, 'INVALID_ARN_RESOURCE'],
  [`arn:aws:lambda:*:${account}:func*`, undefined],
  [`arn:aws:sqs::${account}:jobs`, 'MISSING_ARN_REGION'],
  [`arn:aws:sqs:*:${account}:\${aws:username}`, undefined],
  [`arn:aws:cloudfront:us-east-1:${account}:distribution/E1`, 'ARN_REGION_NOT_ALLOWED'],
  [`arn:aws:apigateway:eu-west-1:${account}:/restapis/1`, 'ARN_ACCOUNT_NOT_ALLOWED'],
  ['arn:aws:nothing:::x', undefined],
  // a variable's own colon parts no fields
  [`arn:aws:kms:*:\${aws:PrincipalAccount}:key/*`, undefined],
  [`arn:aws:kms:\${aws:RequestedRegion}:\${aws:PrincipalAccount}:keys/*`, 'INVALID_ARN_RESOURCE'],
  // the reference writes the service of these as a variable, or does not know them
  [`arn:aws:backup:*:${account}:recovery-point:*`, undefined],
  ['arn:aws:apigateway:*::/v2/apis/*', undefined],
  ['arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31', undefined],
]

for (const [Resource, code] of rows) {
  test(`${Resource}: ${code ?? 'nothing to say'} (RSN-2)`, () => {
    assert.deepEqual(codes({ Resource }), code === undefined ? [] : [code])
  })
}

test('operators that do not fit a key of a service (RSN-2)', () => {
  const under = (operator: string, key: string, value: unknown) =>
    codes({ Action: 'ec2:*', Resource: '*', Condition: { [operator]: { [key]: value } } })
  assert.deepEqual(under('StringEquals', 'ec2:InstanceType', 't3.micro'), [])
  assert.deepEqual(under('StringEquals', 'ec2:Encrypted', 'true'), ['TYPE_MISMATCH'])
  assert.deepEqual(under('NumericLessThanIfExists', 'ec2:VolumeSize', '10'), [])
  assert.deepEqual(under('StringEquals', 's3:x-amz-object-ownership', 'a'), [])
  assert.deepEqual(under('StringEquals', 'dynamodb:Attributes', 'a'), ['MISSING_QUALIFIER'])
  assert.deepEqual(under('ForAllValues:StringEquals', 'dynamodb:Attributes', 'a'), [])
  assert.deepEqual(under('ForAllValues:StringEquals', 'ec2:InstanceType', 'a'), [
    'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
  ])
  assert.deepEqual(under('Null', 'dynamodb:Attributes', 'true'), [])
})

test('tags of services that know none (RSN-2)', () => {
  const tagged = (key: string, more: object) =>
    codes({ Resource: '*', Condition: { StringEquals: { [key]: 'a' } }, ...more })
  const code = (kind: string) => `${kind}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE`
  const none = 'account:GetContactInformation'
  assert.deepEqual(tagged('aws:ResourceTag/a', { Action: ['iam:GetRole', 'ec2:*'] }), [])
  assert.deepEqual(tagged('aws:ResourceTag/a', { Action: ['iam:GetRole', none] }), [code('ALLOW')])
  assert.deepEqual(tagged('aws:RequestTag/a', { Action: none, Effect: 'Deny' }), [code('DENY')])
  const others = { Action: undefined, NotAction: 'iam:*' }
  assert.deepEqual(tagged('aws:ResourceTag/a', others), [code('ALLOW_NOTACTION')])
  assert.deepEqual(tagged('aws:ResourceTag/a', { ...others, Effect: 'Deny' }), [code('DENY_NOTACTION')])
})

test('RCPs know some services only (RSN-2)', () => {
  const deny = { Effect: 'Deny', Principal: '*', Resource: '*' }
  assert.deepEqual(codes({ ...deny, Action: ['s3:*', 'kms:Decrypt'] }, 'rcp'), [])
  assert.deepEqual(codes({ ...deny, Action: ['iam:*', '*'] }, 'rcp'), [
    'RCP_SYNTAX_ERROR_ACTION',
    'RCP_SYNTAX_ERROR_ACTION',
  ])
})
