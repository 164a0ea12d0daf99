import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventLine } from './event-line.ts'

test('a pattern is shown by more than its star', () => {
  const told = (arn: string) => {
    const record = {
      eventTime: '2026-01-01T00:00:00Z',
      eventSource: 'cloudformation.amazonaws.com',
      eventName: 'DescribeStacks',
      awsRegion: 'us-east-1',
      recipientAccountId: '123456789012',
      resources: [{ ARN: arn }],
      requestParameters: null,
      userIdentity: { type: 'IAMUser', userName: 'dev' },
    }
    return eventLine({ record }, process.stdout).split(/ {2,}/)[3]
  }
  assert.equal(told('arn:aws:cloudformation:us-east-1:123456789012:stack/Shop/*'), 'Shop/*')
  assert.equal(told('arn:aws:sqs:us-east-1:123456789012:*'), '*')
  assert.equal(told('arn:aws:s3:::bucket/a/key'), 'key')
})

test('an event of the server itself shows its principal', () => {
  const record = {
    eventTime: '2026-01-01T00:00:00Z',
    eventSource: 'omen',
    eventName: 'PathToAdministratorOpened',
    awsRegion: 'us-east-1',
    recipientAccountId: '123456789012',
    requestParameters: null,
    serviceEventDetails: { principal: 'arn:aws:iam::123456789012:role/web', verdict: 'proven' },
    userIdentity: { type: 'AWSService', invokedBy: 'omen' },
  }
  assert.match(eventLine({ record }, process.stdout), /omen:PathToAdministratorOpened +web$/)
})
