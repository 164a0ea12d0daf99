import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import type { ClientCredentials } from 'omen-iam'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { answerOf, type BotoCall, type BotoResult, boto } from './boto3.ts'
import { type Allowed, account, allowing, type GuardServer, guardServer } from './house.ts'
import { arn, type Case, casesOf, roleArn } from './service-cases.ts'

const denials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
])
describe('services behind the guard', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let cases: readonly Case[]

  before(async () => {
    moto = await startMoto()
    server = await guardServer({
      upstream: { url: moto.url, unchecked: ['cloudformation'] },
      forward: ['lambda', 'cloudtrail'],
    })
    for (const service of [
      'lambda',
      'ecs-tasks',
      'states',
      'events',
      'scheduler',
      'cloudformation',
      'glue',
      'codebuild',
    ])
      await server.role(`for-${service}`, `${service}.amazonaws.com`)
    const as = server.admin
    const table = (TableName: string) => ({
      client: 'dynamodb',
      method: 'create_table',
      params: {
        TableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
      as,
    })
    const results = await boto(server.omen.endpoint, [
      { client: 's3', method: 'create_bucket', params: { Bucket: 'cases' }, as },
      { client: 's3', method: 'put_object', params: { Bucket: 'cases', Key: 'from', Body: 'b' }, as },
      { client: 'sqs', method: 'create_queue', params: { QueueName: 'cases' }, as },
      { client: 'sns', method: 'create_topic', params: { Name: 'cases' }, as },
      table('cases'),
      table('others'),
      { client: 'kms', method: 'create_key', as },
      { client: 'secretsmanager', method: 'create_secret', params: { Name: 'cases', SecretString: 'x' }, as },
      {
        client: 'ssm',
        method: 'put_parameter',
        params: { Name: '/cases/a', Value: 'v', Type: 'String' },
        as,
      },
      { client: 'logs', method: 'create_log_group', params: { logGroupName: 'cases' }, as },
      {
        client: 'events',
        method: 'put_rule',
        params: { Name: 'cases', ScheduleExpression: 'rate(1 day)' },
        as,
      },
      { client: 'apigateway', method: 'create_rest_api', params: { name: 'cases' }, as },
      { client: 'ecs', method: 'create_cluster', params: { clusterName: 'cases' }, as },
    ])
    const made = results.map(answerOf)
    const key = made[6]!.KeyMetadata as { KeyId: string }
    const aliased = { AliasName: 'alias/cases', TargetKeyId: key.KeyId }
    answerOf(
      (await boto(server.omen.endpoint, [{ client: 'kms', method: 'create_alias', params: aliased, as }]))[0],
    )
    cases = casesOf({
      queueUrl: String(made[2]!.QueueUrl),
      topic: String(made[3]!.TopicArn),
      keyId: key.KeyId,
      secret: String(made[7]!.ARN),
      api: String(made[11]!.id),
    })
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  test('each call is allowed by exactly what it needs, and denied without any of it', {
    timeout: 120_000,
  }, async () => {
    const calls: { readonly call: BotoCall; readonly case: Case; readonly without: string | undefined }[] = []
    for (const [number, each] of cases.entries()) {
      const ask = (as: ClientCredentials, without: string | undefined) => {
        const { client, method, params = {} } = each
        calls.push({ call: { client, method, params, as }, case: each, without })
      }
      for (const [part, missing] of each.needs.entries()) {
        const others = each.needs.map((need) => (need === missing ? elsewhere(need) : need))
        ask(await server.user(`case-${number}-${part}`, allowing(...others)), missing.action as string)
      }
      ask(await server.user(`case-${number}`, allowing(...each.needs)), undefined)
    }
    const results = await boto(
      server.omen.endpoint,
      calls.map(({ call }) => call),
    )
    const wrong = calls.flatMap(({ case: each, without }, index) => {
      const complaint = complain(each, without, results[index]!)
      return complaint === undefined
        ? []
        : [`${each.client}.${each.method}${without ? ` without ${without}` : ''}: ${complaint}`]
    })
    assert.deepEqual(wrong, [])
  })

  test('a role that is limited in all services reaches nothing else (GRD-13)', {
    timeout: 120_000,
  }, async () => {
    const allowed = cases.filter((_, number) => number % 2 === 0)
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
    }
    const name = { RoleName: 'limited' }
    const { Role } = await server.iam.createRole({ ...name, AssumeRolePolicyDocument: JSON.stringify(trust) })
    const PolicyDocument = allowing(...allowed.flatMap((each) => each.needs))
    await server.iam.putRolePolicy({ ...name, PolicyName: 'own', PolicyDocument })
    const sts = server.omen.client(STS, 'admin')
    const { Credentials: given } = await sts.assumeRole({ RoleArn: Role!.Arn!, RoleSessionName: 'limited' })
    const as = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    }
    const calls = cases.map(({ client, method, params = {} }) => ({ client, method, params, as }))
    const results = (await boto(server.omen.endpoint, calls)).map((each) => deletionRefused(each) ?? each)
    const reached = cases.filter((_, number) => !denials.has(results[number]?.code ?? ''))
    const names = (some: readonly Case[]) => some.map(({ client, method }) => `${client}.${method}`)
    assert.deepEqual(names(reached), names(allowed))
    assert(new Set(cases.map(({ client }) => client)).size >= 10)
  })

  test('a role that does not trust the service cannot be handed to it (GRD-88)', async () => {
    const [result] = await boto(server.omen.endpoint, [
      {
        client: 'stepfunctions',
        method: 'create_state_machine',
        params: { name: 'untrusted', definition: '{}', roleArn: roleArn('for-glue') },
        as: server.admin,
      },
    ])
    assert.equal(result?.code, 'AccessDeniedException')
    assert.match(String(result?.message), /role\/for-glue cannot be assumed by states\.amazonaws\.com/)
  })

  test('with CloudTrail forwarded, trails and their insight selectors are the upstream’s (CTR-11)', async () => {
    const InsightSelectors = [{ InsightType: 'ApiCallRateInsight' }]
    const trail = (method: string, params: object, as = server.admin): BotoCall => ({
      client: 'cloudtrail',
      method,
      params: { TrailName: 'insights', ...params },
      as,
    })
    const reader = await server.user('trails', allowing({ action: 'cloudtrail:Get*' }))
    const create = { Name: 'insights', S3BucketName: 'cases', TrailName: undefined }
    const [made, put, got, denied] = await boto(server.omen.endpoint, [
      trail('create_trail', create),
      trail('put_insight_selectors', { InsightSelectors }),
      trail('get_insight_selectors', {}, reader),
      trail('put_insight_selectors', { InsightSelectors: [] }, reader),
    ])
    for (const each of [made, put]) answerOf(each)
    assert.deepEqual(answerOf(got).InsightSelectors, InsightSelectors)
    assert.match(JSON.stringify(denied), /AccessDeniedException/)
  })

  test('events record the calls, in CloudTrail’s form (GRD-90 to GRD-96)', async () => {
    const [put] = await server.events('PutItem')
    assert.deepEqual(
      [put?.eventSource, put?.eventCategory, put?.managementEvent, put?.readOnly],
      ['dynamodb.amazonaws.com', 'Data', false, false],
    )
    const [get] = await server.events('GetSecretValue')
    assert.deepEqual(
      [get?.eventSource, get?.eventCategory, get?.readOnly],
      ['secretsmanager.amazonaws.com', 'Management', true],
    )
    assert.equal(JSON.stringify(await server.events('CreateSecret')).includes('"x"'), false)
    const [queue] = await server.events('CreateQueue')
    assert.deepEqual(queue?.requestParameters, { queueName: 'cases' })
    assert.deepEqual(queue?.resources, [
      { accountId: account, type: 'AWS::SQS::Queue', ARN: arn('sqs', 'cases') },
    ])
  })
})

/** The same permission on another resource. */
function elsewhere(need: Allowed & { readonly resource: string }): Allowed {
  return { ...need, resource: need.resource === '*' ? arn('none', 'none') : `${need.resource}-not` }
}

function complain(each: Case, without: string | undefined, answered: BotoResult): string | undefined {
  const result = deletionRefused(answered) ?? answered
  const isDenied = result.code !== undefined && denials.has(result.code)
  if (without === undefined) return isDenied ? `${result.code} ${result.message}` : undefined
  if (!isDenied) return `was not denied: ${JSON.stringify(result)}`
  const expected = each.denied ?? 'AccessDeniedException'
  if (result.code !== expected) return `${result.code} rather than ${expected}`
  const says = result.message
    ?.toLowerCase()
    .includes(`is not authorized to perform: ${without.toLowerCase()} on resource`)
  return says ? undefined : result.message
}

/** DeleteObjects answers 200 and refuses each object by itself (behaviour GRD-110). */
function deletionRefused({ answer }: BotoResult): BotoResult | undefined {
  const { Errors: [first] = [] } = (answer ?? {}) as {
    readonly Errors?: readonly { readonly Code: string; readonly Message: string }[]
  }
  return first && { code: first.Code, message: first.Message }
}
