import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { policyText } from '../../../../../test/kit/index.ts'
import { isPublicPolicy } from './public-policy.ts'

const isPublic = (Condition: object, Principal: unknown = '*') => {
  const statement = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: '*', Condition }
  return isPublicPolicy(policyText(statement))
}
const from = (...ranges: readonly string[]) => isPublic({ IpAddress: { 'aws:SourceIp': ranges } })

describe('which bucket policies are public', () => {
  test('many addresses are everybody: more than /8 of IPv4, or /32 of IPv6 (GRD-86)', () => {
    assert.equal(from('0.0.0.0/0'), true)
    assert.equal(from('0.0.0.0/1', '128.0.0.0/1'), true)
    assert.equal(from('54.0.0.0/7'), true)
    assert.equal(from('192.0.2.0/24', '54.0.0.0/7'), true)
    assert.equal(from('::/0'), true)
    assert.equal(from('2000::/3'), true)
    assert.equal(from('2001:db8::/31'), true)
    assert.equal(from('192.0.2.0/'), true)
    assert.equal(from('54.0.0.0/8'), false)
    assert.equal(from('10.0.0.0/8', '192.0.2.1'), false)
    assert.equal(from('2001:db8::/32', '2001:db8::1'), false)
  })

  test('a condition that holds without its key narrows nothing (GRD-86)', () => {
    const organization = { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }
    assert.equal(isPublic({ StringEquals: organization }), false)
    assert.equal(isPublic({ 'ForAnyValue:StringEquals': organization }), false)
    assert.equal(isPublic({ 'ForAllValues:StringEquals': organization }), true)
    assert.equal(isPublic({ StringEqualsIfExists: organization }), true)
    assert.equal(isPublic({ StringNotEquals: organization }), true)
    assert.equal(isPublic({ StringLike: { 'aws:SourceVpc': 'vpc-*' } }), true)
  })

  test('access points of any name, but of one account (GRD-86)', () => {
    const through = (arn: string) => isPublic({ StringLike: { 's3:DataAccessPointArn': arn } })
    assert.equal(through('arn:aws:s3:us-west-2:123456789012:accesspoint/*'), false)
    assert.equal(through('arn:aws:s3:*:123456789012:accesspoint/*'), false)
    assert.equal(through('arn:aws:s3:us-west-2:*:accesspoint/name'), true)
    assert.equal(through('arn:aws:s3:us-west-2:12345678901?:accesspoint/*'), true)
    assert.equal(through('arn:aws:s3:us-west-2:123456789012:*'), true)
    assert.equal(through('*'), true)
  })

  test('every caller of an identity provider is public; a KMS condition key narrows (GRD-86)', () => {
    assert.equal(isPublic({}, { Federated: 'graph.facebook.com' }), true)
    assert.equal(isPublic({}, { AWS: '*' }), true)
    assert.equal(isPublic({}, { AWS: 'arn:aws:iam::123456789012:root' }), false)
    const key = {
      's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:us-east-1:123456789012:key/k',
    }
    assert.equal(isPublic({ StringEquals: key }), false)
  })
})
