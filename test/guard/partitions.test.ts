import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

const region = 'cn-north-1'
const here = `${region}:${account}`

describe('the guard of a house of partition aws-cn', () => {
  let upstream: UpstreamServer
  let server: GuardServer

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      // there is no policy on anything
      const isQuestion = /[?&](?:policy|encryption|publicAccessBlock|ownershipControls)=?(?:&|$)/.test(
        incoming.url ?? '',
      )
      incoming.resume().on('end', () => outgoing.writeHead(isQuestion ? 404 : 200).end('{}'))
    })
    server = await guardServer({ upstream, partition: 'aws-cn' })
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent) => send(server.omen.endpoint, { region, ...sent })
  const json = (service: string, target: string, input: object) => {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' }
    return { method: 'POST', path: '/', service, headers, body: JSON.stringify(input) } as const
  }

  test('asks about ARNs of the partition (PAR-1)', async () => {
    const scan = json('dynamodb', 'DynamoDB_20120810.Scan', { TableName: 'jobs' })
    for (const [table, status] of [
      ['jobs', 200],
      ['other', 400],
    ] as const) {
      const as = await server.user(
        `user-${table}`,
        allowing(
          { action: 'dynamodb:Scan', resource: `arn:aws-cn:dynamodb:${here}:table/${table}` },
          { action: 's3:GetObject', resource: `arn:aws-cn:s3:::${table}/*` },
        ),
      )
      assert.equal((await go({ ...scan, as })).status, status, table)
      const read = await go({ path: '/jobs/key', as, payloadHash: 'UNSIGNED-PAYLOAD' })
      assert.equal(read.status, table === 'jobs' ? 200 : 403, table)
    }
    const [event] = await server.events('Scan')
    assert.equal(event?.awsRegion, region)
    assert.ok(JSON.stringify(event?.resources).includes(`arn:aws-cn:dynamodb:${here}:table/jobs`))
  })

  test('hands roles on under the names of services in the partition (PAR-3)', async () => {
    const role = await server.role('emr', 'elasticmapreduce.amazonaws.com.cn')
    assert.equal(role, `arn:aws-cn:iam::${account}:role/emr`)
    const run = json('elasticmapreduce', 'ElasticMapReduce.RunJobFlow', {
      Name: 'jobs',
      Instances: {},
      ServiceRole: role,
    })
    for (const [service, status] of [
      ['elasticmapreduce.amazonaws.com.cn', 200],
      ['elasticmapreduce.amazonaws.com', 400],
    ] as const) {
      const as = await server.user(
        `by-${service}`,
        allowing(
          { action: 'elasticmapreduce:*' },
          {
            action: 'iam:PassRole',
            resource: role,
            condition: { StringEquals: { 'iam:PassedToService': service } },
          },
        ),
      )
      const answer = await go({ ...run, as })
      assert.equal(answer.status, status, `${service}: ${answer.body}`)
    }
  })
})
