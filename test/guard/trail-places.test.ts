import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Secret, systemClock } from '../../packages/server/src/base/index.ts'
import { s3Target } from '../../packages/server/src/delivery/index.ts'
import { awsCli, needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

const group = `arn:aws:logs:us-east-1:${account}:log-group:trail:*`
const stream = `${account}_CloudTrail_us-east-1`
const context = {
  StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${account}:trail/*` },
}

interface Event {
  readonly eventName: string
  readonly requestParameters: Readonly<Record<string, string>> | null
}

describe('places of trails behind the guard, by the AWS CLI', needs('moto', 'awsCli'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let roleArn: string

  before(async () => {
    moto = await startMoto()
    const key = { accessKeyId: 'test', secret: new Secret('test') }
    const trailTarget = s3Target({ url: moto.url, region: 'us-east-1', ...key }, systemClock)
    server = await guardServer({ upstream: moto, trailTarget })
    roleArn = await server.role('trail-logs', 'cloudtrail.amazonaws.com')
    await send(server.omen.endpoint, { method: 'PUT', path: '/trail-bucket', as: server.admin })
    await ask('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'trail' })
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  const run = (...words: readonly string[]) =>
    awsCli({ endpoint: server.omen.endpoint, credentials: server.admin }, ...words, '--output', 'json')
  const aws = async <T = Readonly<Record<string, string>>>(...words: readonly string[]): Promise<T> => {
    const { status, stdout, stderr } = await run(...words)
    assert.equal(status, 0, stderr)
    return stdout.trim().startsWith('{') ? JSON.parse(stdout) : ({} as T)
  }
  /** A call in JSON, faster than a process of the CLI. */
  const ask = async <T>(service: string, target: string, input: object): Promise<T> => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
    const sent = { method: 'POST', headers, body: JSON.stringify(input), service, as: server.admin }
    const { status, body } = await send(server.omen.endpoint, sent)
    assert.equal(status, 200, body)
    return (body === '' ? {} : JSON.parse(body)) as T
  }
  const cloudtrail = <T>(operation: string, input: object) =>
    ask<T>('cloudtrail', `CloudTrail_20131101.${operation}`, input)
  const kms = <T>(operation: string, input: object) => ask<T>('kms', `TrentService.${operation}`, input)
  const refused = async (code: string, text: RegExp, ...words: readonly string[]) => {
    const { status, stderr } = await run(...words)
    assert.notEqual(status, 0, `${code} was expected`)
    assert.match(stderr, new RegExp(`\\(${code}\\)`))
    assert.match(stderr, text)
  }
  const trail = (name: string) => [
    'cloudtrail',
    'create-trail',
    '--name',
    name,
    '--s3-bucket-name',
    'trail-bucket',
  ]
  const logs = ['--cloud-watch-logs-log-group-arn', group, '--cloud-watch-logs-role-arn']
  const permit = (policy: string) =>
    server.iam.putRolePolicy({ RoleName: 'trail-logs', PolicyName: 'own', PolicyDocument: policy })
  const status = () => aws('cloudtrail', 'get-trail-status', '--name', 'logged')
  const messages = async (): Promise<readonly Event[]> => {
    const { events } = await ask<{ events: { message: string }[] }>('logs', 'Logs_20140328.GetLogEvents', {
      logGroupName: 'trail',
      logStreamName: stream,
      startFromHead: true,
    })
    return events.map(({ message }) => JSON.parse(message))
  }

  test('what a log group and its role must be (CTR-23, CTR-24, CTR-25)', async () => {
    const role = 'InvalidCloudWatchLogsRoleArnException'
    const badGroup = 'InvalidCloudWatchLogsLogGroupArnException'
    await refused(
      role,
      /You must specify a role ARN as well as a log group\./,
      ...trail('refused'),
      ...logs.slice(0, 2),
    )
    const other = await server.role('other', 'ec2.amazonaws.com')
    await refused(role, /Access denied\. Check the trust relationships/, ...trail('refused'), ...logs, other)
    await refused(badGroup, /Access denied\. Check the permissions/, ...trail('refused'), ...logs, roleArn)
    await permit(allowing({ action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }))
    const wrong = [logs[0]!, group.replace('trail', 'none'), logs[2]!, roleArn]
    await refused(badGroup, /CloudTrail can't validate it/, ...trail('refused'), ...wrong)
    const limited = await server.user('limited', allowing({ action: 'cloudtrail:*' }))
    const passing = await awsCli(
      { endpoint: server.omen.endpoint, credentials: limited },
      ...trail('refused'),
      ...logs,
      roleArn,
    )
    assert.match(passing.stderr, /not authorized to perform: iam:PassRole on resource: .*role\/trail-logs/)
  })

  test('events come as the role, and a refusal is in the status (TRL-120 to TRL-123)', async () => {
    const made = await aws(...trail('logged'), ...logs, roleArn)
    assert.equal(made.CloudWatchLogsLogGroupArn, group)
    assert.equal(made.CloudWatchLogsRoleArn, roleArn)
    await cloudtrail('StartLogging', { Name: 'logged' })
    await server.iam.createUser({ UserName: 'seen' })
    await server.omen.omen.deliverTrails()
    const seen = (await messages()).find(({ eventName }) => eventName === 'CreateUser')
    assert.deepEqual(seen?.requestParameters, { userName: 'seen' })
    assert.ok((await status()).LatestCloudWatchLogsDeliveryTime)

    await permit(allowing({ action: 'logs:CreateLogStream' }))
    await server.iam.createUser({ UserName: 'waits' })
    await server.omen.omen.deliverTrails()
    assert.equal((await status()).LatestCloudWatchLogsDeliveryError, 'AccessDeniedException')
    assert.ok(!(await messages()).some(({ requestParameters }) => requestParameters?.userName === 'waits'))

    await permit(allowing({ action: 'logs:*' }))
    await server.omen.omen.deliverTrails()
    assert.equal((await status()).LatestCloudWatchLogsDeliveryError, undefined)
    const waited = (await messages()).filter(
      ({ requestParameters }) => requestParameters?.userName === 'waits',
    )
    assert.equal(waited.length, 1)
    // what CloudTrail itself sends is no event of the trail
    assert.ok(!(await messages()).some(({ eventName }) => eventName === 'PutLogEvents'))
    // what a call does not name stays, also if it could not be given now
    await server.iam.deleteRolePolicy({ RoleName: 'trail-logs', PolicyName: 'own' })
    await server.iam.deleteRole({ RoleName: 'trail-logs' })
    const kept = await cloudtrail<Readonly<Record<string, string>>>('UpdateTrail', {
      Name: 'logged',
      S3KeyPrefix: 'other',
    })
    assert.equal(kept.CloudWatchLogsLogGroupArn, group)
    const none = ['--cloud-watch-logs-log-group-arn', '', '--cloud-watch-logs-role-arn', '']
    const gone = await aws('cloudtrail', 'update-trail', '--name', 'logged', ...none)
    assert.equal(gone.CloudWatchLogsLogGroupArn, undefined)
  })

  test('a key must be there and let CloudTrail generate data keys (CTR-26 to CTR-28)', async () => {
    const { KeyMetadata: key } = await kms<{ KeyMetadata: { KeyId: string; Arn: string } }>('CreateKey', {})
    const by = ['--kms-key-id', key.KeyId]
    await refused('KmsKeyNotFoundException', /alias\/none/, ...trail('keyed'), '--kms-key-id', 'alias/none')
    const denied = 'InsufficientEncryptionPolicyException'
    await refused(denied, /S3 bucket trail-bucket or KMS key/, ...trail('keyed'), ...by)
    const statement = (condition: object) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 'kms:GenerateDataKey*',
          Resource: '*',
          Condition: condition,
        },
      ],
    })
    const put = (condition: object) =>
      kms('PutKeyPolicy', {
        KeyId: key.KeyId,
        PolicyName: 'default',
        Policy: JSON.stringify(statement(condition)),
      })
    await put({ StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:us-east-1:${account}:trail/another` } })
    await refused(denied, /KMS key/, ...trail('keyed'), ...by)
    await put(context)
    const made = await aws(...trail('keyed'), ...by)
    assert.equal(made.KmsKeyId, key.Arn)

    await cloudtrail('StartLogging', { Name: 'keyed' })
    await server.iam.createUser({ UserName: 'sealed' })
    await server.omen.omen.deliverTrails()
    const listed = await send(server.omen.endpoint, { path: '/trail-bucket?list-type=2', as: server.admin })
    const files = [...listed.body.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, name]) => name!)
    const heads = await Promise.all(
      files.map((name) =>
        send(server.omen.endpoint, { method: 'HEAD', path: `/trail-bucket/${name}`, as: server.admin }),
      ),
    )
    const keys = heads.map(({ headers }) => headers['x-amz-server-side-encryption-aws-kms-key-id'])
    assert.ok(keys.includes(key.Arn), listed.body)

    await kms('DisableKey', { KeyId: key.KeyId })
    await server.iam.createUser({ UserName: 'unsealed' })
    await server.omen.omen.deliverTrails()
    const { LatestDeliveryError: error } = await aws('cloudtrail', 'get-trail-status', '--name', 'keyed')
    assert.equal(error, 'KMS.DisabledException')
    const kept = await cloudtrail<Readonly<Record<string, string>>>('UpdateTrail', {
      Name: 'keyed',
      S3KeyPrefix: 'other',
    })
    assert.equal(kept.KmsKeyId, key.Arn)
  })
})
