import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { type RecordedUpstream, startRecordedUpstream } from '../recordings/upstream.ts'
import { account, allowing, type GuardHouse, guardHouse, send } from './house.ts'

describe('tags of resources behind the guard', () => {
  let upstream: RecordedUpstream
  let house: GuardHouse
  let as: ClientCredentials
  /** What the upstream answers about the queue's tags: undefined if it does not have the operation. */
  let tags: Record<string, string> | undefined

  let policy: string | undefined

  before(async () => {
    upstream = await startRecordedUpstream()
    upstream.world = ({ operation, forwarded }) => {
      if (forwarded) return { body: '{}' }
      if (operation === 'ListQueueTags') return tags && { body: { Tags: tags } }
      if (operation === 'GetQueueAttributes')
        return { body: policy === undefined ? {} : { Attributes: { Policy: policy } } }
      return undefined
    }
    house = await guardHouse({ upstream: { url: upstream.url } })
    as = await house.user('user')
  })
  after(async () => {
    await house.close()
    await upstream.close()
  })

  const call = async (operation: string, name: string, more: object = {}) => {
    const QueueUrl = `http://localhost/${account}/${name}`
    const headers = {
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      'x-recorded-row': 'call',
    }
    const body = JSON.stringify({ QueueUrl, ...more })
    return send(house.omen.endpoint, { method: 'POST', service: 'sqs', headers, body, as })
  }
  const asked = () => upstream.reached.filter(({ operation }) => operation === 'ListQueueTags').length
  const only = (condition: object) => house.allow('user', allowing({ action: 'sqs:*', condition }))

  test('an Allow by a tag counts, and a change through the guard is seen at once (GRD-142)', async () => {
    await only({ StringEquals: { 'aws:ResourceTag/Env': 'dev' } })
    tags = { env: 'dev' }
    assert.equal((await call('SendMessage', 'a', { MessageBody: 'x' })).status, 200)
    upstream.reached = []
    tags = { env: 'prod' }
    // remembered
    assert.equal((await call('SendMessage', 'a', { MessageBody: 'x' })).status, 200)
    assert.equal(asked(), 0)
    await call('TagQueue', 'a', { Tags: { env: 'prod' } })
    assert.equal((await call('SendMessage', 'a', { MessageBody: 'x' })).status, 403)
    assert.equal(asked(), 1)
  })

  test('a policy without statements allows and denies nothing; one that cannot be read refuses (GRD-149)', async () => {
    await house.allow('user', allowing({ action: 'sqs:*' }))
    const send = async (name: string, text: string) => {
      policy = text
      return call('SendMessage', name, { MessageBody: 'x' })
    }
    for (const [index, text] of ['{"Statement":[]}', '{"Version":"2012-10-17"}', ' ', 'null'].entries())
      assert.equal((await send(`empty-${index}`, text)).status, 200, text)
    for (const [index, text] of ['{"Statement":[{}]}', '{', '[]'].entries()) {
      const { status, body } = await send(`wrong-${index}`, text)
      assert.equal(status, 403, text)
      assert.match(body, /policy of arn:aws:sqs:us-east-1:123456789012:wrong-\d cannot be read/)
    }
    policy = undefined
  })

  test('nothing is read where no policy asks for a tag (GRD-142)', async () => {
    await house.allow('user', allowing({ action: 'sqs:*' }))
    upstream.reached = []
    assert.equal((await call('SendMessage', 'b', { MessageBody: 'x' })).status, 200)
    assert.equal(asked(), 0)
  })

  test('what the upstream does not tell is not absent (GRD-141)', async () => {
    tags = undefined
    const conditions: readonly object[] = [
      { Null: { 'aws:ResourceTag/Env': 'true' } },
      { StringNotEquals: { 'aws:ResourceTag/Env': 'prod' } },
      { StringEqualsIfExists: { 'aws:ResourceTag/Env': 'dev' } },
      { 'ForAllValues:StringEquals': { 'aws:ResourceTag/Env': 'dev' } },
    ]
    for (const condition of conditions) {
      await only(condition)
      const { status } = await call('SendMessage', 'c', { MessageBody: 'x' })
      assert.equal(status, 403, JSON.stringify(condition))
    }
    const told = await send(house.omen.endpoint, {
      path: '/_omen/undecidable',
      service: 'omen',
      as: house.admin,
    })
    assert.match(told.body, /own allows sqs:SendMessage by aws:ResourceTag\/Env, which only the upstream/)
    tags = {}
    await only(conditions[0]!)
    assert.equal((await call('SendMessage', 'd', { MessageBody: 'x' })).status, 200)
  })
})
