import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { parseOpenMetrics } from '../support/index.ts'
import { keysOf } from '../support/s3-server.ts'
import { serve, temporaryHome } from './process.ts'

const roleArn = 'arn:aws:iam::123456789012:role/none'

test('--log json writes a line for each call, without a secret', async (t) => {
  const served = await serve(temporaryHome(t), [...['--memory', '--log', 'json', '--node-name', 'omen-1']])
  t.after(() => served.child.kill('SIGKILL'))
  const client = { endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin, maxAttempts: 1 }
  const iam = new IAM(client)
  await iam.createUser({ UserName: 'ann' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ann' })
  const sts = new STS({
    ...client,
    credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
  })
  await assert.rejects(sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'work' }))
  const { stdout, status, stderr } = await served.stop('SIGTERM')
  assert.equal(status, 0)
  assert.equal(stderr, '')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    lines.map(({ message, operation }) => operation ?? message),
    ['serving', 'CreateUser', 'CreateAccessKey', 'AssumeRole', 'stopped'],
  )
  assert.ok(lines.every(({ node }) => node === 'omen-1'))
  const [, created, , denied] = lines
  const { time, requestId, milliseconds, decisionId, ...rest } = created!
  assert.deepEqual(rest, {
    level: 'info',
    node: 'omen-1',
    message: 'call',
    service: 'iam',
    operation: 'CreateUser',
    caller: 'arn:aws:iam::123456789012:user/admin',
    sourceIp: '127.0.0.1',
    status: 200,
    outcome: 'ok',
  })
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/)
  assert.match(String(requestId), /^[0-9a-f-]{36}$/)
  assert.equal(typeof milliseconds, 'number')
  assert.ok(decisionId !== undefined)
  assert.deepEqual([denied!.outcome, denied!.error, denied!.status], ['denied', 'AccessDenied', 403])
  for (const secret of [served.keys.admin.secretAccessKey, AccessKey!.SecretAccessKey!, 'role/none'])
    assert.ok(!stdout.includes(secret))
  iam.destroy()
  sts.destroy()
})

test('--log json-faults leaves out what went well; --metrics-port serves metrics; --lake keeps all events', async (t) => {
  const folder = temporaryHome(t)
  const served = await serve(temporaryHome(t), [
    ...['--memory', '--log', 'json-faults', '--metrics-port', '0'],
    ...['--trail-folder', folder, '--lake', 's3://lake/omen'],
  ])
  t.after(() => served.child.kill('SIGKILL'))
  const { metrics } = JSON.parse(await served.firstLine) as { metrics: string } // the line below
  const scraped = parseOpenMetrics(await (await fetch(metrics)).text())
  assert.ok(scraped.some(({ name }) => name === 'omen_calls'))
  const iam = new IAM({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
  await iam.listUsers({})
  await assert.rejects(iam.getUser({ UserName: 'nobody' }))
  iam.destroy()
  const { stdout } = await served.stop('SIGTERM')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    lines.map(({ message, error }) => error ?? message),
    ['serving', 'NoSuchEntity', 'stopped'],
  )
  const [file = '', ...more] = keysOf(join(folder, 'lake', 'omen'))
  assert.deepEqual(more, [])
  assert.match(
    file,
    /^AWSLogs\/123456789012\/CloudTrail\/us-east-1\/[\d/]{10}\/123456789012_CloudTrail_us-east-1_\w+\.json\.gz$/,
  )
  const written = gunzipSync(readFileSync(join(folder, 'lake', 'omen', file))).toString()
  const { Records } = JSON.parse(written) as { Records: { eventName: string }[] } // CloudTrail's form
  assert.deepEqual(Records.map(({ eventName }) => eventName).sort(), ['GetUser', 'ListUsers'])
})
