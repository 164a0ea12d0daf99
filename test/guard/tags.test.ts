import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { type RecordedUpstream, startRecordedUpstream } from '../recordings/upstream.ts'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { answerOf, boto } from './boto3.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'
import { taggedKinds } from './tagged-resources.ts'

describe('tags of resources behind the guard', () => {
  let upstream: RecordedUpstream
  let server: GuardServer
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
    server = await guardServer({ upstream: { url: upstream.url } })
    as = await server.user('user')
  })
  after(async () => {
    await server.close()
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
    return send(server.omen.endpoint, { method: 'POST', service: 'sqs', headers, body, as })
  }
  const asked = () => upstream.reached.filter(({ operation }) => operation === 'ListQueueTags').length
  const only = (condition: object) => server.allow('user', allowing({ action: 'sqs:*', condition }))

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
    await server.allow('user', allowing({ action: 'sqs:*' }))
    const send = async (name: string, text: string) => {
      policy = text
      return call('SendMessage', name, { MessageBody: 'x' })
    }
    for (const [index, text] of ['{"Statement":[]}', '{"Version":"2012-10-17"}', ' ', 'null'].entries())
      assert.equal((await send(`empty-${index}`, text)).status, 200, text)
    // an emulator keeps two statements of one name
    const statement = { Sid: 's', Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }
    const twins = (Action: string) => JSON.stringify({ Statement: [{ ...statement, Action }, statement] })
    assert.equal((await send('twins', twins('sqs:PurgeQueue'))).status, 403)
    assert.doesNotMatch((await send('twins', twins('sqs:PurgeQueue'))).body, /cannot be read/)
    for (const [index, text] of ['{"Statement":[{}]}', '{', '[]'].entries()) {
      const { status, body } = await send(`wrong-${index}`, text)
      assert.equal(status, 403, text)
      assert.match(body, /policy of arn:aws:sqs:us-east-1:123456789012:wrong-\d cannot be read/)
    }
    policy = undefined
  })

  test('nothing is read where no policy asks for a tag (GRD-142)', async () => {
    await server.allow('user', allowing({ action: 'sqs:*' }))
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
    const told = await send(server.omen.endpoint, {
      path: '/_omen/undecidable',
      service: 'omen',
      as: server.admin,
    })
    assert.match(told.body, /own allows sqs:SendMessage by aws:ResourceTag\/Env, which only the upstream/)
    tags = {}
    await only(conditions[0]!)
    assert.equal((await call('SendMessage', 'd', { MessageBody: 'x' })).status, 200)
  })
})

describe('tags of resources in front of a whole emulator', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  /** Of each kind one with `env` dev, and one with prod: how a call uses it. */
  const uses: (readonly [client: string, method: string, dev: object, prod: object])[] = []

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: moto, forward: ['lambda'] })
    const services = ['states.amazonaws.com', 'lambda.amazonaws.com']
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }],
    }
    const params = { RoleName: 'runner', AssumeRolePolicyDocument: JSON.stringify(trust) }
    await server.iam.createRole(params)
    // the emulator has an IAM of its own, in which the role must be
    const own = { accessKeyId: 'test', secretAccessKey: 'test' }
    await boto(moto.url, [{ client: 'iam', method: 'create_role', params, as: own }])
    const calls = (of: 'make' | 'tag') =>
      taggedKinds.flatMap(({ client, [of]: call }) =>
        ['dev', 'prod'].flatMap((env) =>
          call === undefined
            ? []
            : [{ client, method: call[0], params: call[1](`a-${env}`, env), as: server.admin }],
        ),
      )
    const made = await boto(server.omen.endpoint, calls('make'))
    for (const tagged of await boto(server.omen.endpoint, calls('tag'))) answerOf(tagged)
    for (const [index, { client, use }] of taggedKinds.entries()) {
      const [method, params] = use
      const [dev, prod] = ['dev', 'prod'].map((env, of) => params(`a-${env}`, answerOf(made[2 * index + of])))
      uses.push([client, method, dev!, prod!])
    }
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  test('an Allow and a Deny by a tag count for every service (GRD-142)', async () => {
    const as = await server.user('tagged')
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
    const of = (env: string) => ({ Condition: { StringEquals: { 'aws:ResourceTag/env': env } } })
    const policies = [
      [{ ...everything, ...of('dev') }],
      [everything, { ...everything, Effect: 'Deny', ...of('prod') }],
    ]
    for (const Statement of policies) {
      await server.allow('tagged', JSON.stringify({ Version: '2012-10-17', Statement }))
      const results = await boto(
        server.omen.endpoint,
        // what is refused comes first, so that it is there
        uses.flatMap(([client, method, dev, prod]) =>
          [prod, dev].map((params) => ({ client, method, params: { ...params }, as })),
        ),
      )
      const wrong = uses.flatMap(([client, method], index) => {
        const [prod, dev] = results.slice(2 * index, 2 * index + 2)
        const isRefused = /AccessDenied|AuthorizationError/.test(prod?.code ?? '')
        const isLet = !/AccessDenied|AuthorizationError/.test(dev?.code ?? '')
        return isRefused && isLet ? [] : [`${client} ${method}: ${prod?.code}, ${dev?.code} ${dev?.message}`]
      })
      assert.deepEqual(wrong, [])
    }
  })
})
