import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accountInArn } from './arn.ts'

describe('the account in an ARN', () => {
  it('is found whatever else is empty, in the fifth place alone', () => {
    for (const arn of [
      'arn:aws:iam::111122223333:user/a:b',
      'arn:aws:sqs:eu-west-1:111122223333:',
      'arn::::111122223333:x',
    ])
      assert.equal(accountInArn(arn), '111122223333', arn)
    for (const none of [
      'arn:aws:s3:::111122223333',
      'arn:aws:iam::111122223333',
      'arn:aws:iam::11112222333:user/a',
      'arn:aws:iam::aws:policy/a',
      'arn:aws:iam:111122223333::user/a',
      'urn:aws:iam::111122223333:user/a',
      '111122223333',
      '*',
      '',
    ])
      assert.equal(accountInArn(none), undefined, none)
  })
})
