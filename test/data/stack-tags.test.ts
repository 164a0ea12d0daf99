import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { actionInfo, stackTags, taggersOf } from '../../packages/server/src/authorization/catalogue/index.ts'

describe('stack-tags.json', () => {
  test('its actions are of AWS, but for the newest, and each type is there once (GRD-511)', () => {
    const rows = Object.entries(stackTags().tagged)
    const types = rows.flatMap(([, each]) => each.split(' '))
    assert.equal(new Set(types).size, types.length)
    assert.deepEqual(
      types.filter((type) => !/^\w+::\w+::\w+(?:::\w+)?$/.test(type)),
      [],
    )
    const actions = rows.flatMap(([each]) => each.split(' '))
    const unknown = actions.filter((action) => actionInfo(action) === undefined)
    assert.ok(unknown.length < actions.length / 20, unknown.join(' '))
    assert.deepEqual(taggersOf('AWS::SQS::Queue'), { add: 'sqs:TagQueue', remove: 'sqs:UntagQueue' })
    assert.deepEqual(taggersOf('AWS::S3::Bucket')?.add, 's3:PutBucketTagging')
    assert.equal(taggersOf('AWS::IAM::ManagedPolicy'), undefined)
  })
})
