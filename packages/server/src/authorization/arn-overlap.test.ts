import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { overlaps } from './arn-overlap.ts'

describe('an ARN of a policy and one of the reference', () => {
  for (const [written, reference, expected] of [
    ['arn:aws:s3:::mutant-*', 'arn:${Partition}:s3:::${BucketName}', true],
    ['arn:aws:s3:::*tan', 'arn:${Partition}:s3:::mutant', false],
    ['arn:aws:s3:::mu*', 'arn:${Partition}:s3:::mutant', true],
    ['arn:aws:s3:::${aws:username}', 'arn:${Partition}:s3:::mutant', true],
    ['arn:aws:s3:::a/b', 'arn:${Partition}:s3:::${BucketName}', false],
    ['arn:aws:s3:::a/b', 'arn:${Partition}:s3:::${BucketName}/${ObjectName}', true],
    [
      'arn:aws:ec2:us-east-1:123456789012:instance/*',
      'arn:${Partition}:ec2:${Region}:${Account}:volume/${VolumeId}',
      false,
    ],
    ['arn:aws:sqs:*:*:a', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', false],
    ['arn:aws:sns:*:*:a?c', 'arn:${Partition}:sns:${Region}:${Account}:abc', true],
    ['arn:aws:sns:*:*:a?c', 'arn:${Partition}:sns:${Region}:${Account}:abbc', false],
    // the last field may contain colons
    ['arn:aws:sns:us-east-1:1:a:b:c', 'arn:${Partition}:sns:${Region}:${Account}:${Name}:c', true],
    // a wildcard may match the fields after it too
    ['arn:*:instance/i-1', 'arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}', true],
    ['arn:aws:sns:*:*:x', 'arn:${Partition}:sns:${Region}:${Account}:b:x', true],
    ['arn:*', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', true],
  ] as const)
    it(`${written} and ${reference}: ${expected ? 'some' : 'none'} in common (LNT-1)`, () => {
      assert.equal(overlaps(written, reference), expected)
    })
})
