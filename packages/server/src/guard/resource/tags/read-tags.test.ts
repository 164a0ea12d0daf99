import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tagsIn } from './read-tags.ts'

const arn = 'arn:aws:apigateway:us-east-1::/restapis/b'

test('of the tags of several resources those of the one that is meant count (GRD-142)', () => {
  const listed = (...arns: readonly string[]) => {
    const ResourceTagMappingList = arns.map((ResourceARN) => ({
      ResourceARN,
      Tags: [{ Key: 'of', Value: ResourceARN }],
    }))
    const text = JSON.stringify({ ResourceTagMappingList })
    return tagsIn({ status: 200, text }, ['ResourceTagMappingList', '=ResourceARN', 'Tags'], arn)
  }
  assert.deepEqual(listed('arn:aws:s3:::other', arn), new Map([['of', arn]]))
  // what is not listed may have tags
  assert.equal(listed('arn:aws:s3:::other'), undefined)
  assert.equal(listed(), undefined)
  const item = (id: string) => `<item><resourceId>${id}</resourceId><key>of</key><value>${id}</value></item>`
  const text = `<DescribeTagsResponse><tagSet>${item('i-1')}${item('i-2')}</tagSet></DescribeTagsResponse>`
  const tags = tagsIn({ status: 200, text }, [], 'arn:aws:ec2:us-east-1:111122223333:instance/i-2')
  assert.deepEqual(tags, new Map([['of', 'i-2']]))
})
