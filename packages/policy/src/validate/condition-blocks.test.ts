import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { validate } from './validate.ts'

/** Findings of the class and code for a statement with a condition. */
function found(condition: unknown, kind: PolicyKind, code: string): readonly string[] {
  const trust = {
    Principal: {
      Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }
  const document = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      ...(kind === 'trust' ? trust : { Action: 's3:GetObject', Resource: '*' }),
      Condition: condition,
    },
  }
  return validate(JSON.stringify(document), kind)
    .filter((finding) => finding.code === code)
    .map((finding) => finding.class)
}

const tag = 'aws:PrincipalTag/a'
const audience = 'token.actions.githubusercontent.com:aud'
const rows: readonly (readonly [
  id: string,
  code: string,
  kind: PolicyKind,
  severity: string,
  bad: unknown,
  good: unknown,
])[] = [
  ['LNT-20', 'EMPTY_OBJECT_CONDITION', 'identity', 'suggestion', {}, { StringLike: { [tag]: 'a' } }],
  [
    'LNT-20',
    'EMPTY_OBJECT_CONDITION',
    'identity',
    'suggestion',
    { StringLike: {} },
    { Bool: { [tag]: true } },
  ],
  [
    'LNT-20',
    'INVALID_CONDITION_DATA_TYPE',
    'identity',
    'error',
    { StringLike: { [tag]: ['1', 1] } },
    { StringLike: { [tag]: [1, 2] } },
  ],
  [
    'LNT-21',
    'MISSING_PAIRED_CONDITION_KEYS',
    'identity',
    'securityWarning',
    { IpAddress: { 'aws:VpcSourceIp': '10.1.0.0/16' } },
    {
      IpAddress: { 'aws:VpcSourceIp': '10.1.0.0/16' },
      StringEquals: { 'aws:SourceVpc': 'vpc-12345678' },
    },
  ],
  [
    'LNT-22',
    'CONFIRM_AUDIENCE_CLAIM_TYPE',
    'trust',
    'suggestion',
    { 'ForAllValues:StringEquals': { [audience]: 'sts.amazonaws.com' } },
    { StringEquals: { [audience]: 'sts.amazonaws.com' } },
  ],
]
for (const [index, [id, code, kind, severity, bad, good]] of rows.entries())
  test(`${id} ${code}, ${index + 1}`, () => {
    assert.deepEqual([found(bad, kind, code), found(good, kind, code)], [[severity], []])
  })
