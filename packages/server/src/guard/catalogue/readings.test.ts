import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lastPiece } from '../../base/index.ts'
import { readingsOf } from './readings.ts'

/** By the beginning of a kind: which separators its names may hold, by AWS's reference. */
const free: Readonly<Record<string, string>> = {
  'apigateway:x/': '/:',
  'application-autoscaling:x/': '/:',
  'autoscaling:x/': '/:',
  'batch:job-definition/': ':',
  'batch:job-queue/': '',
  'cloudwatch:alarm:': '/:',
  'codeartifact:repository/': '/:',
  'cognito-identity:identitypool/': ':',
  'ec2:instance/': '/:',
  'ecr:repository/': '/',
  'ecr-public:repository/': '/',
  'execute-api:x/': '/:',
  'glue:schema/': '/',
  'glue:table/': '',
  'iam:role/': '/',
  'iot:thing/': '/:',
  'kms:alias/': '/',
  'kms:key/': '',
  'logs:log-group:': '/:',
  'mediastore:container/': '/:',
  's3:object/': '/:',
  'secretsmanager:secret:': '/',
  'ssm:parameter/': '/',
  'ssm:document/': '',
  'sqs:': '',
  'dynamodb:table/': '',
}

describe('the readings of a name', () => {
  for (const [kind, separators] of Object.entries(free))
    it(`of ${kind} end at a separator unless its names hold it`, () => {
      const ends = (separator: string) => (separators.includes(separator) ? [] : ['b'])
      assert.deepEqual(readingsOf('a/b', kind), ['a/b', ...ends('/')])
      assert.deepEqual(readingsOf('a:b', kind), ['a:b', ...ends(':')])
      assert.deepEqual(readingsOf('ab', kind), ['ab'])
    })

  it('are each once, behind the last separator of either sort', () => {
    assert.deepEqual(readingsOf('a/b:c/d', 'sqs:'), ['a/b:c/d', 'd', 'c/d'])
    assert.deepEqual(readingsOf('a/b/', 'sqs:'), ['a/b/', ''])
    assert.deepEqual(['a/b:c', 'a:b/c', 'c', ''].map(lastPiece), ['c', 'c', 'c', ''])
  })
})
