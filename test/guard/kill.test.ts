import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { omen, type Served, serve, temporaryHome } from '../cli/process.ts'
import { startSink } from '../support/upstream.ts'
import { send } from './house.ts'

describe('kill -9 of the guard', () => {
  test('what was forwarded and not yet answered is in the history, its outcome unknown (GRD-90, GRD-97)', async (t) => {
    const arrived: string[] = []
    await using sink = await startSink((incoming, outgoing) => {
      const target = String(incoming.headers['x-amz-target'])
      arrived.push(target)
      incoming.resume()
      if (target.endsWith('CreateQueue')) return // it never answers
      outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}')
    })
    const home = temporaryHome(t)
    const first = await serve(home, ['--no-shared-iam', '--upstream', sink.url])
    t.after(() => first.stop('SIGKILL'))
    const ask = (operation: string, input: object, as = first.keys.admin) =>
      send(first.url, {
        method: 'POST',
        service: 'sqs',
        as,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
        body: JSON.stringify(input),
      })
    assert.equal((await ask('TagQueue', { QueueUrl: url, Tags: { a: 'b' } })).status, 200)
    const { headers } = await ask('DeleteQueue', { QueueUrl: url }, await nobody(first))
    const why = await omen(['why', String(headers['x-omen-decision-id']), '--home', home])
    assert.match(why.stdout, /DENIED {2}sqs:DeleteQueue/)
    const broken = ask('CreateQueue', { QueueName: 'lost' }).catch(() => 'cut off')
    while (!arrived.includes('AmazonSQS.CreateQueue')) await sleep(5)
    // who looks it up finds the answered call's outcome, so that it is on the disk
    assert.deepEqual((await newest(first, 'TagQueue'))?.additionalEventData, { upstreamStatus: 200 })
    await first.stop('SIGKILL')
    assert.equal(await broken, 'cut off')

    const second = await serve(home, ['--no-shared-iam', '--upstream', sink.url])
    t.after(() => second.stop('SIGTERM'))
    const created = await newest(second, 'CreateQueue')
    assert.equal(created?.errorCode, 'OutcomeUnknown')
    assert.deepEqual(created?.requestParameters, { queueName: 'lost' })
    assert.equal((await newest(second, 'TagQueue'))?.errorCode, undefined)
    assert.deepEqual((await newest(second, 'TagQueue'))?.additionalEventData, { upstreamStatus: 200 })
    // a denial outlives the process, too (RSN-10)
    assert.deepEqual(await omen(['why', String(headers['x-omen-decision-id']), '--home', home]), why)
  })
})

async function nobody({ url: endpoint, keys }: Served) {
  const iam = new IAM({ endpoint, region: 'us-east-1', credentials: keys.admin })
  await iam.createUser({ UserName: 'nobody' })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'nobody' })
  iam.destroy()
  return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
}

const url = 'http://localhost/123456789012/kept'

async function newest(served: Served, AttributeValue: string) {
  const cloudtrail = new CloudTrail({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: served.keys.admin,
  })
  const { Events: events = [] } = await cloudtrail.lookupEvents({
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
  })
  cloudtrail.destroy()
  assert.ok(events.length < 2, `${events.length} events of one call`)
  const [event] = events
  return event && (JSON.parse(event.CloudTrailEvent!) as Readonly<Record<string, unknown>>)
}
