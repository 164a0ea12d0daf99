import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { answerOf, type BotoCall, type BotoResult, boto } from './boto3.ts'
import { account, allowing, type GuardServer, guardServer, send, visiting } from './house.ts'
import { arn, type Subject, subjectsOf } from './resource-subjects.ts'

describe('policies of resources behind the guard', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let visitor: ClientCredentials
  let visitorAccount: string
  let subjects: readonly Subject[]

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: moto, forward: ['lambda'] })
    user = await server.user('user')
    ;({ visitor, visitorAccount } = await visiting(server))
    const as = server.admin
    const made = (
      await boto(server.omen.endpoint, [
        { client: 's3', method: 'create_bucket', params: { Bucket: 'policies' }, as },
        { client: 's3', method: 'put_object', params: { Bucket: 'policies', Key: 'key', Body: 'open' }, as },
        { client: 'sqs', method: 'create_queue', params: { QueueName: 'policies' }, as },
        { client: 'sns', method: 'create_topic', params: { Name: 'policies' }, as },
        { client: 'kms', method: 'create_key', as },
        {
          client: 'secretsmanager',
          method: 'create_secret',
          params: { Name: 'policies', SecretString: 'x' },
          as,
        },
        { client: 'ecr', method: 'create_repository', params: { repositoryName: 'policies' }, as },
        { client: 'events', method: 'create_event_bus', params: { Name: 'policies' }, as },
      ])
    ).map(answerOf)
    subjects = subjectsOf(
      String(made[2]!.QueueUrl),
      (made[4]!.KeyMetadata as { Arn: string }).Arn,
      String(made[5]!.ARN),
    )
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  const statement = (effect: string, principal: unknown, { action, resource }: Subject) => ({
    Sid: 'test',
    Effect: effect,
    Principal: principal,
    Action: action,
    Resource: resource,
  })
  const everything = (subject: Subject) => ({
    ...statement('Allow', { AWS: `arn:aws:iam::${account}:user/admin` }, subject),
    Sid: 'admin',
    Action: `${subject.action.split(':')[0]}:*`,
  })

  test('an allow of theirs is enough within the account, and a deny final (GRD-80, GRD-81)', async () => {
    const as = server.admin
    for (const subject of subjects) {
      const put = (...statements: readonly object[]): BotoCall => ({
        ...subject.put(policyText(everything(subject), ...statements)),
        as,
      })
      const results = await boto(server.omen.endpoint, [
        { ...subject.call, as: user },
        put(statement('Allow', { AWS: `arn:aws:iam::${account}:user/user` }, subject)),
        { ...subject.call, as: user },
        put(statement('Deny', '*', subject)),
        { ...subject.call, as: user },
        { ...subject.call, as },
        // of an event bus, a statement takes the place of the one of its Sid
        put(statement('Allow', { AWS: `arn:aws:iam::${account}:user/admin` }, subject)),
        { ...subject.call, as },
      ])
      const [without, , allowed, , denied, adminDenied, , adminAllowed] = results.map(({ code }) => code)
      const outcome = { without, allowed, denied, adminDenied, adminAllowed }
      const expected = {
        without: subject.denied,
        allowed: undefined,
        denied: subject.denied,
        adminDenied: subject.denied,
        adminAllowed: undefined,
      }
      for (const index of [1, 3, 6]) answerOf(results[index])
      assert.deepEqual(outcome, expected, `${subject.action}: ${JSON.stringify(results)}`)
      if (subject.client !== 's3') continue
      assert.match(String(results[5]?.message), /with an explicit deny in a resource-based policy/)
    }
  })

  test('callers of other accounts need both: theirs and the resource’s (GRD-80)', async () => {
    const as = server.admin
    for (const subject of subjects) {
      const call = across(subject)
      const results = await boto(server.omen.endpoint, [
        { ...call, as: visitor },
        {
          ...subject.put(
            policyText(everything(subject), statement('Allow', { AWS: visitorAccount }, subject)),
          ),
          as,
        },
        { ...call, as: visitor },
        { ...subject.put(policyText(everything(subject))), as },
      ])
      answerOf(results[1])
      assert.deepEqual(
        [results[0]?.code, results[2]?.code],
        [subject.denied, undefined],
        `${subject.action}: ${JSON.stringify(results)}`,
      )
    }
  })

  test('a key’s policy alone decides whether identities’ count (GRD-80)', async () => {
    const subject = subjects.find(({ client }) => client === 'kms')!
    const as = server.admin
    const able = await server.user('encrypter', allowing({ action: 'kms:Encrypt' }))
    const root = { AWS: `arn:aws:iam::${account}:root` }
    const results = await boto(server.omen.endpoint, [
      { ...subject.put(policyText(everything(subject))), as },
      { ...subject.call, as: able },
      { ...subject.put(policyText(everything(subject), statement('Allow', root, subject))), as },
      { ...subject.call, as: able },
    ])
    assert.deepEqual([results[1]?.code, results[3]?.code], ['AccessDeniedException', undefined])
  })

  test('a bucket is anybody’s only by its policy, and not under a public access block (GRD-85, GRD-86)', async () => {
    const subject = subjects.find(({ client }) => client === 's3')!
    const as = server.admin
    const anybody = () => send(server.omen.endpoint, { path: '/policies/key' })
    const boto1 = async (...calls: readonly Omit<BotoCall, 'as'>[]) =>
      (await boto(
        server.omen.endpoint,
        calls.map((call) => ({ ...call, as })),
      )) as readonly BotoResult[]
    assert.equal((await anybody()).status, 403)
    const open = subject.put(policyText(statement('Allow', '*', subject)))
    const block = (settings: object) => ({
      client: 's3',
      method: 'put_public_access_block',
      params: { Bucket: 'policies', PublicAccessBlockConfiguration: settings },
    })
    answerOf((await boto1(open))[0])
    const answer = await anybody()
    assert.deepEqual([answer.status, answer.body], [200, 'open'])
    const [event] = await server.events('GetObject')
    assert.deepEqual(event?.userIdentity, {
      type: 'AWSAccount',
      principalId: '',
      accountId: 'ANONYMOUS_PRINCIPAL',
    })
    answerOf((await boto1(block({ RestrictPublicBuckets: true })))[0])
    assert.equal((await anybody()).status, 403)
    const [blocked, refused, again] = await boto1(block({ BlockPublicPolicy: true }), open, {
      client: 's3',
      method: 'delete_public_access_block',
      params: { Bucket: 'policies' },
    })
    answerOf(blocked)
    assert.equal(refused?.code, 'AccessDenied')
    assert.match(String(refused?.message), /BlockPublicPolicy/)
    answerOf(again)
    assert.equal((await anybody()).status, 200)
  })

  test('a function’s statements count, those of DynamoDB’s tables too (GRD-80, GRD-89)', async () => {
    const as = server.admin
    const upstreams = { accessKeyId: 'test', secretAccessKey: 'test' }
    const trust = { Version: '2012-10-17', Statement: [] }
    const Role = await server.role('runner', 'lambda.amazonaws.com')
    // the emulator has an IAM of its own, in which the role must be
    await boto(moto.url, [
      {
        client: 'iam',
        method: 'create_role',
        params: { RoleName: 'runner', AssumeRolePolicyDocument: JSON.stringify(trust) },
        as: upstreams,
      },
    ])
    const userArn = `arn:aws:iam::${account}:user/user`
    const tableArn = arn('dynamodb', 'table/policies')
    const getFunction = {
      client: 'lambda',
      method: 'get_function',
      params: { FunctionName: 'policies' },
      as: user,
    }
    const getItem = {
      client: 'dynamodb',
      method: 'get_item',
      params: { TableName: 'policies', Key: { pk: { S: 'a' } } },
      as: user,
    }
    const allowed = {
      Effect: 'Allow',
      Principal: { AWS: userArn },
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
    }
    const results = await boto(server.omen.endpoint, [
      {
        client: 'lambda',
        method: 'create_function',
        params: {
          FunctionName: 'policies',
          Runtime: 'python3.12',
          Handler: 'a.b',
          Role,
          Code: { S3Bucket: 'policies', S3Key: 'key' },
        },
        as,
      },
      getFunction,
      {
        client: 'lambda',
        method: 'add_permission',
        params: {
          FunctionName: 'policies',
          StatementId: 's',
          Action: 'lambda:GetFunction',
          Principal: userArn,
        },
        as,
      },
      getFunction,
      {
        client: 'lambda',
        method: 'remove_permission',
        params: { FunctionName: 'policies', StatementId: 's' },
        as,
      },
      getFunction,
      {
        client: 'dynamodb',
        method: 'create_table',
        params: {
          TableName: 'policies',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
        as,
      },
      getItem,
      {
        client: 'dynamodb',
        method: 'put_resource_policy',
        params: {
          ResourceArn: tableArn,
          Policy: policyText(allowed),
        },
        as,
      },
      getItem,
    ])
    assert.deepEqual(
      results.map(({ code }) => code),
      [
        undefined,
        'AccessDeniedException',
        undefined,
        undefined,
        undefined,
        'AccessDeniedException',
        undefined,
        'AccessDeniedException',
        undefined,
        undefined,
      ],
      JSON.stringify(results),
    )
  })

  test('what does not exist is asked of the upstream each time (GRD-81, GRD-82)', async () => {
    const as = server.admin
    const results = await boto(server.omen.endpoint, [
      { client: 's3', method: 'get_object', params: { Bucket: 'nothing-here', Key: 'k' }, as },
      {
        client: 'kms',
        method: 'encrypt',
        params: { KeyId: '00000000-0000-4000-8000-000000000000', Plaintext: 'x' },
        as,
      },
      { client: 'secretsmanager', method: 'get_secret_value', params: { SecretId: 'nothing-here' }, as },
    ])
    assert.deepEqual(
      results.map(({ code }) => code),
      ['NoSuchBucket', 'NotFoundException', 'ResourceNotFoundException'],
    )
    assert.equal(results[2]?.exception, 'ResourceNotFoundException')

    // made behind the guard's back, with a policy
    const Deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::nothing-here/*' }
    const made = await boto(moto.url, [
      { client: 's3', method: 'create_bucket', params: { Bucket: 'nothing-here' }, as },
      {
        client: 's3',
        method: 'put_bucket_policy',
        params: { Bucket: 'nothing-here', Policy: policyText(Deny) },
        as,
      },
    ])
    made.map(answerOf)
    const [denied] = await boto(server.omen.endpoint, [
      { client: 's3', method: 'get_object', params: { Bucket: 'nothing-here', Key: 'k' }, as },
    ])
    assert.equal(denied?.code, 'AccessDenied')
  })
})

/** The call as another account makes it: by ARN, or with the owner's number, where a name means one's own. */
function across({ call, client, resource }: Subject): Subject['call'] {
  switch (client) {
    case 'ecr':
      return { ...call, params: { ...call.params, registryId: account } }
    case 'events':
      return { ...call, params: { Name: resource } }
    default:
      return call
  }
}
