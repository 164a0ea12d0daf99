import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createOmen, type RunningOmen } from 'omen-iam'
import { openMetricsPort } from '../../packages/server/src/gate/index.ts'
import { Registry } from '../../packages/server/src/metrics/index.ts'
import { type MetricFamily, needs, parseOpenMetrics, remarksOn, toolPath } from '../support/index.ts'

const mayScrape = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'omen:GetMetrics', Resource: '*' }],
}
const path = '/_omen/metrics'
const signed = { service: 'omen' }

describe('metrics', () => {
  let omen: RunningOmen
  before(async () => {
    omen = await createOmen({
      seed: {
        users: {
          scraper: { policies: [mayScrape] },
          other: {},
        },
      },
    })
  })
  after(() => omen.close())

  const scrape = async () => {
    const answer = await omen.as('user/admin').fetch(path, signed)
    assert.equal(answer.status, 200)
    assert.equal(
      answer.headers.get('content-type'),
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    )
    return answer.text()
  }
  const sampleOf = (
    families: readonly MetricFamily[],
    name: string,
    labels: Readonly<Record<string, string>> = {},
  ) => {
    const samples = families.flatMap((family) => family.samples).filter((sample) => sample.name === name)
    return samples.find((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )?.value
  }

  test('are OpenMetrics, and keep the rules for names', async () => {
    const families = parseOpenMetrics(await scrape())
    assert.ok(families.length > 15)
    assert.deepEqual(remarksOn(families), [])
  })

  test('are read by the reference parser', needs('openMetrics'), async () => {
    const script = [
      'import sys',
      'from prometheus_client.openmetrics.parser import text_string_to_metric_families as read',
      'print(len(list(read(sys.stdin.read()))))',
    ].join('\n')
    const text = await scrape()
    const { stdout, stderr } = spawnSync(toolPath('openMetrics'), ['-c', script], {
      input: text,
      encoding: 'utf8',
    })
    assert.equal(Number(stdout), parseOpenMetrics(text).length, stderr)
  })

  test('count calls by service, operation and outcome', async () => {
    const count = async (labels: Readonly<Record<string, string>>) =>
      sampleOf(parseOpenMetrics(await scrape()), 'omen_calls_total', labels) ?? 0
    const identity = { service: 'sts', operation: 'GetCallerIdentity', outcome: 'ok' }
    const denied = { service: 'iam', operation: 'CreateUser', outcome: 'denied' }
    const missing = { service: 'iam', operation: 'GetUser', outcome: 'fault' }
    const counts = async () => [await count(identity), await count(denied), await count(missing)]
    const earlier = await counts()
    await omen.client(STSClient, 'admin').send(new GetCallerIdentityCommand({}))
    const other = omen.client(IAMClient, omen.as('user/other').credentials)
    await assert.rejects(other.send(new CreateUserCommand({ UserName: 'x' })), { name: 'AccessDenied' })
    const get = new GetUserCommand({ UserName: 'nobody' })
    await assert.rejects(omen.client(IAMClient, 'admin').send(get), { name: 'NoSuchEntityException' })
    assert.deepEqual(
      await counts(),
      earlier.map((each) => each + 1),
    )
    const families = parseOpenMetrics(await scrape())
    assert.ok(sampleOf(families, 'omen_call_seconds_count', { service: 'sts' })! >= 1)
  })

  test('measure the store', async () => {
    const commits = async () =>
      sampleOf(parseOpenMetrics(await scrape()), 'omen_commit_seconds_count', { kind: 'changes' }) ?? 0
    const earlier = await commits()
    await omen.client(IAMClient, 'admin').send(new CreateUserCommand({ UserName: 'measured' }))
    assert.equal(await commits(), earlier + 1)
    const families = parseOpenMetrics(await scrape())
    assert.equal(sampleOf(families, 'omen_store_up'), 1)
    assert.equal(sampleOf(families, 'omen_ready'), 1)
    assert.ok(sampleOf(families, 'omen_commit_batch_count')! > 0)
    assert.ok(sampleOf(families, 'omen_accounts_bytes')! > 0)
    assert.ok(sampleOf(families, 'process_resident_memory_bytes')! > 10_000_000)
  })

  test('have no label from what callers send', async () => {
    const url = `${omen.endpoint}/`
    const body = new URLSearchParams({ Action: 'Xyzzy', Version: '2010-05-08' })
    for (const target of ['AWSXyzzy_20171011.Xyzzy', 'AWSOrganizationsV20161128.Xyzzy'])
      await fetch(url, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' })
    await fetch(url, { method: 'POST', body })
    await fetch(`${url}xyzzy/Xyzzy`)
    const ec2 = omen.client(EC2Client, { accessKeyId: 'AKIAXYZZYXYZZYXYZZYX', secretAccessKey: 'xyzzy' })
    await assert.rejects(ec2.send(new DescribeRegionsCommand({})))
    const text = await scrape()
    assert.doesNotMatch(text, /xyzzy/i)
    assert.ok(
      sampleOf(parseOpenMetrics(text), 'omen_calls_total', { service: 'unknown', operation: 'unknown' })! > 0,
    )
  })

  test('need the permission omen:GetMetrics', async () => {
    const allowed = await omen.as('user/scraper').fetch(path, signed)
    assert.equal(allowed.status, 200)
    const denied = await omen.as('user/other').fetch(path, signed)
    assert.equal(denied.status, 403)
    assert.match(await denied.text(), /omen:GetMetrics/)
    assert.equal((await fetch(omen.endpoint + path)).status, 403)
  })

  test('have a port of their own, which serves nothing else and no page of a browser', async () => {
    const port = await openMetricsPort({ host: '127.0.0.1', port: 0 }, omen.omen.metrics)
    try {
      const answer = await fetch(port.url)
      assert.equal(answer.status, 200)
      assert.ok(parseOpenMetrics(await answer.text()).length > 15)
      const { origin } = new URL(port.url)
      assert.equal((await fetch(`${origin}/_omen/status`)).status, 404)
      assert.equal((await fetch(port.url, { method: 'POST' })).status, 405)
      const page = get(port.url, { headers: { origin: 'http://rebound.example', host: 'rebound.example' } })
      const [rebound] = (await once(page, 'response')) as [IncomingMessage] // by the event's type
      assert.equal(rebound.statusCode, 421)
      rebound.resume()
    } finally {
      port.close()
    }
  })
})

test('series beyond the limit are counted together', () => {
  const metrics = new Registry()
  const series = metrics.counters({ name: 'things', help: 'Things.' })
  for (let i = 0; i < 3_000; i++) series.of({ name: `n${i}` }).add()
  const [family] = parseOpenMetrics(metrics.text())
  assert.equal(family!.samples.length, 2_001)
  assert.equal(family!.samples.find(({ labels }) => labels.name === 'other')?.value, 1_000)
})

test('label values are escaped', () => {
  const metrics = new Registry()
  metrics.info({ name: 'a', help: 'Says "a\\b"\nand more.' }, { name: 'a"b\\c\nd' })
  assert.deepEqual(parseOpenMetrics(metrics.text())[0]!.samples[0]!.labels, { name: 'a"b\\c\nd' })
})
