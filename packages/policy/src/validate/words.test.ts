import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { readDocument } from '../parse/parse.ts'
import { validate } from './validate.ts'
import { inAnalyzersWords } from './words.ts'

const trusting = { Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', Resource: undefined }

/** The code and message of a malformed policy, in the reference's words; `undefined` members are left out. */
const rows: readonly (readonly [kind: PolicyKind, fault: object, code: string, message: string])[] = [
  ['identity', { Effect: 'Maybe' }, 'INVALID_EFFECT', 'The effect Maybe is not valid. Use Allow or Deny.'],
  ['identity', { Effekt: 'Allow' }, 'INVALID_POLICY_ELEMENT', 'The policy element Effekt is not valid.'],
  [
    'identity',
    { NotAction: 's3:*' },
    'UNSUPPORTED_ELEMENT_COMBINATION',
    'The policy elements Action and NotAction can not be used in the same statement. Remove one of these elements.',
  ],
  [
    'identity',
    { Condition: { StringEquals: { prefix: 'a' } } },
    'INVALID_CONDITION_KEY_FORMAT',
    'The condition key format prefix is not valid. Use the format service:keyname.',
  ],
  [
    'identity',
    { Condition: 'always' },
    'DATA_TYPE_MISMATCH',
    'The text does not match the expected JSON data type Object.',
  ],
  ['identity', { Action: 'GetObject' }, 'INVALID_ACTION', 'The action GetObject does not exist.'],
  [
    'identity',
    { Action: 's3:${aws:username}' },
    'VARIABLE_UNSUPPORTED_IN_ELEMENT',
    'Policy variables are supported in the Resource and Condition elements. Remove the policy variable ${aws:username} from this element.',
  ],
  [
    'identity',
    { Condition: { NumericEquals: { 's3:max-keys': '${aws:epochtime}' } } },
    'INVALID_VARIABLE_FOR_OPERATOR',
    'Policy variables can only be used with String and ARN operators.',
  ],
  [
    'identity',
    { Condition: { StringEquals: { 'aws:VpceOrgPaths': 'o-a/r-b/' } } },
    'MISSING_QUALIFIER',
    'The request context key aws:VpceOrgPaths has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy. Without one the condition never holds, and the statement allows nothing.',
  ],
  [
    'identity',
    { Resource: 'arn:aws:s3:::a/${}' },
    'EMPTY_VARIABLE',
    'Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure.',
  ],
  [
    'identity',
    { Resource: 'arn:aws:sqs:us-east-1' },
    'MISSING_ARN_FIELD',
    'Resource ARNs must include at least 6 fields in the following structure: arn:partition:service:region:account:resource',
  ],
  [
    'identity',
    { Resource: 'arn:aws:sqs:us-east-1:123:jobs' },
    'INVALID_ARN_ACCOUNT',
    'The resource ARN account ID 123 is not valid. Provide a 12-digit account ID.',
  ],
  [
    'trust',
    { ...trusting, Principal: { Human: 'a' } },
    'INVALID_PRINCIPAL_KEY',
    'The principal key Human is not valid.',
  ],
  [
    'trust',
    { ...trusting, Principal: 'everyone' },
    'INVALID_PRINCIPAL_FORMAT',
    'The Principal element contents are not valid. Specify a key-value pair in the Principal element.',
  ],
  [
    'trust',
    { ...trusting, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } },
    'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'Wildcards (*, ?) are not supported with the principal key AWS. Replace the wildcard with a valid principal value.',
  ],
  [
    'trust',
    { ...trusting, Action: 's3:GetObject' },
    'UNSUPPORTED_ACTION_IN_POLICY',
    'The action s3:GetObject is not supported for the resource-based policy attached to the resource type AWS::IAM::AssumeRolePolicyDocument.',
  ],
]

describe('Faults of form, in the words of the reference (POL-150)', () => {
  for (const [kind, fault, code, message] of rows) {
    test(`${kind} ${code}`, () => {
      const Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...fault }
      const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), kind)
      assert.deepEqual(
        found.filter((finding) => finding.code === code).map((finding) => finding.message),
        [message],
      )
    })
  }

  test('depend on no English sentence', () => {
    for (const [kind, fault] of rows) {
      const Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...fault }
      const text = JSON.stringify({ Version: '2012-10-17', Statement })
      for (const finding of readDocument(text, kind).report.findings) {
        const words = inAnalyzersWords(finding, kind, text)
        const again = inAnalyzersWords({ ...finding, message: 'anything' }, kind, text)
        assert.equal(again.code, words.code)
        assert.ok(again.message === words.message || words.message === finding.message, words.message)
      }
    }
  })

  test('a version of its own', () => {
    const [first] = validate('{"Version":"2026-01-01","Statement":[]}', 'identity')
    assert.equal(
      first?.message,
      'The version 2026-01-01 is not valid. Use one of the following versions: 2012-10-17, 2008-10-17',
    )
  })
})

test('an operator that AWS does not know is reported once', () => {
  const statement = {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: '*',
    Condition: { DateResembles: { 'aws:SecureTransport': '${aws:username}' } },
  }
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  assert.deepEqual(
    validate(text, 'identity').map(({ code }) => code),
    ['INVALID_CONDITION_OPERATOR'],
  )
})
