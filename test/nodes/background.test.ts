import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import type { TrailTarget } from '../../packages/server/src/delivery/index.ts'
import { runInvocation } from '../../packages/server/src/services/lambda/index.ts'
import { zipOf } from '../support/index.ts'
import { account, openNodes } from './twins.ts'
import { policy } from './wire-calls.ts'

describe('work that no call asked for rests on what other nodes have changed', () => {
  const files: string[] = []
  const target = {
    async put({ bucket, key }: { readonly bucket: string; readonly key: string }) {
      files.push(`${bucket}/${key}`)
    },
  } as TrailTarget
  let open: Awaited<ReturnType<typeof openNodes>>
  before(async () => {
    open = await openNodes([{ delay: () => 0 }, { delay: () => 0 }], {
      trailTarget: target,
      runFunctions: 'unconfined',
    })
    // the second node knows the account as it is now, and is asked nothing more
    await open.nodes[1]!.sts().getCallerIdentity({})
  })
  after(() => open.close())
  const logFiles = (bucket: string) =>
    files.filter((path) => path.startsWith(`${bucket}/AWSLogs/`) && path.endsWith('.json.gz'))

  test('the node that delivers finds a trail that another node made, and its end', async () => {
    const [one, two] = open.nodes
    const trail = one!.client(CloudTrail)
    await trail.createTrail({ Name: 'all', S3BucketName: 'all-events' })
    await trail.startLogging({ Name: 'all' })
    await two!.omen.deliverTrails()
    assert.ok(logFiles('all-events').length > 0)
    await trail.updateTrail({ Name: 'all', S3BucketName: 'other-bucket' })
    files.length = 0
    await two!.omen.deliverTrails()
    assert.deepEqual([logFiles('all-events').length, logFiles('other-bucket').length > 0], [0, true])
  })

  test('the node that runs an event finds a function that another node made', async () => {
    const [one, two] = open.nodes
    await one!.client(IAM).createRole({
      RoleName: 'function',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    })
    await one!.client(Lambda).createFunction({
      FunctionName: 'new',
      Role: `arn:aws:iam::${account}:role/function`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.js': 'exports.handler = async () => "ran"' }) },
    })
    const invocation = {
      id: '5e4c0f0e-0000-4000-8000-000000000000',
      account,
      region: 'us-east-1',
      name: 'new',
      partition: 'aws',
      event: '{}',
      at: Date.now(),
    }
    const end = await runInvocation(invocation, two!.omen.deps)
    assert.equal(end?.payload, '"ran"')
    await one!.client(Lambda).deleteFunction({ FunctionName: 'new' })
    assert.equal(await runInvocation(invocation, two!.omen.deps), undefined)
  })
})
