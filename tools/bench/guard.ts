import { Agent, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret } from '../../packages/server/src/base/index.ts'
import type { PlainKey } from '../../packages/server/src/gate/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { needs, startMoto } from '../../test/support/index.ts'
import { compare, median, type Ports, roundMilliseconds, rounds, told } from './doors.ts'
import { guardAgainstBefore } from './guard-before.ts'
import { realClients } from './guard-clients.ts'
import {
  type BenchedServer,
  firstLine,
  newHome,
  runScript,
  signed,
  startServer,
  stopProcess,
} from './house.ts'
import { type ClientRequest, type LoadResult, load, loadByClients } from './load.ts'

const connections = 16
const warmMilliseconds = 20_000
const variants = 200
const pauseMilliseconds = 20
const megabyte = 1024 * 1024
const largeBytes = 512 * megabyte

interface Small {
  readonly name: string
  readonly service: string
  readonly target: string
  readonly body: string
}

const queue = '"QueueUrl":"http://localhost/123456789012/bench"'
const smalls: readonly Small[] = [
  {
    name: 'a read (GetQueueAttributes)',
    service: 'sqs',
    target: 'AmazonSQS.GetQueueAttributes',
    body: `{${queue},"AttributeNames":["All"]}`,
  },
  {
    name: 'a write (SendMessage)',
    service: 'sqs',
    target: 'AmazonSQS.SendMessage',
    body: `{${queue},"MessageBody":"m"}`,
  },
]

const createQueue: Small = {
  name: 'CreateQueue',
  service: 'sqs',
  target: 'AmazonSQS.CreateQueue',
  body: '{"QueueName":"bench"}',
}

/** First calls of services that share nothing. */
const firsts: readonly Small[] = [
  { name: 'dynamodb', service: 'dynamodb', target: 'DynamoDB_20120810.ListTables', body: '{}' },
  { name: 'glue', service: 'glue', target: 'AWSGlue.GetJobs', body: '{}' },
  { name: 'ssm', service: 'ssm', target: 'AmazonSSM.GetParameter', body: '{"Name":"/a"}' },
  { name: 'ecs', service: 'ecs', target: 'AmazonEC2ContainerServiceV20141113.ListClusters', body: '{}' },
  { name: 'kms', service: 'kms', target: 'TrentService.ListKeys', body: '{}' },
]

/**
 * Verified, authorised, recorded and forwarded calls against the same upstream called directly. Beside it stands what
 * decides nothing, for a second hop costs what it costs: a proxy, one that verifies and signs, and for large bodies a
 * pipe between sockets. With `BENCH_BEFORE` only the guard of that checkout stands beside it.
 */
export async function bench(): Promise<void> {
  const { BENCH_BEFORE: folder } = process.env
  if (folder !== undefined) return guardAgainstBefore(folder)
  const upstream = runScript('./bare-upstream.ts')
  const direct = Number(await firstLine(upstream))
  const bareProxy = runScript('./bare-proxy.ts', `http://127.0.0.1:${direct}`)
  const proxy = Number(await firstLine(bareProxy))
  const barePipe = runScript('./bare-pipe.ts', String(direct))
  const pipe = Number(await firstLine(barePipe))
  const { home, remove } = newHome()
  const server = await startServer(home, '--upstream', `http://127.0.0.1:${direct}`)
  const signingProxy = runScript(
    './bare-proxy.ts',
    `http://127.0.0.1:${direct}`,
    server.keys.admin.secretAccessKey,
  )
  const signing = Number(await firstLine(signingProxy))
  try {
    await firstCalls(server)
    const ports = { direct, proxy, guard: server.port }
    await realClients(server, { direct, guard: server.port })
    for (const small of smalls) await compareSmall(small, server, { ...ports, signing })
    for (const direction of ['GET', 'PUT'] as const) await compareLarge(direction, server, { ...ports, pipe })
    process.stdout.write(`${'memory after all'.padEnd(48)} ${server.residentMegabytes()} MB\n`)
  } finally {
    await server.stop()
    for (const process of [barePipe, signingProxy, bareProxy, upstream]) await stopProcess(process)
    remove()
  }
  await beforeMoto()
}

/** In front of an emulator that people use: the guard must not be seen there. */
async function beforeMoto(): Promise<void> {
  const { skip } = needs('moto')
  if (skip !== false) {
    process.stdout.write(`not measured in front of moto: this machine ${skip}\n`)
    return
  }
  await using moto = await startMoto()
  const { home, remove } = newHome()
  const server = await startServer(home, '--upstream', moto.url)
  try {
    const direct = Number(new URL(moto.url).port)
    await transferSmall(server.port, server.keys.admin, createQueue)
    for (const small of smalls) {
      const requests = requestsOf(small, server)
      const rates = await compare({ direct, guard: server.port }, async (to) =>
        rateOf(await loadByClients(to, requests, connections, roundMilliseconds)),
      )
      process.stdout.write(`${`${small.name}, before moto`.padEnd(48)} ${told(rates, '/s')}\n`)
    }
  } finally {
    await server.stop()
    remove()
  }
}

function rateOf({ rate, failures }: LoadResult): number {
  if (failures > 0) throw new Error(`${failures} answers were no 200`)
  return rate
}

async function firstCalls({ port, keys }: BenchedServer): Promise<void> {
  // the first call of all reads the catalogue's index
  for (const first of [smalls[0]!, ...firsts]) {
    const started = performance.now()
    await transferSmall(port, keys.admin, first)
    const took = performance.now() - started
    process.stdout.write(`first call of ${first.service.padEnd(16)} ${took.toFixed(1)} ms\n`)
  }
}

async function compareSmall(
  small: Small,
  server: BenchedServer,
  ports: Ports<'direct' | 'proxy' | 'signing' | 'guard'>,
): Promise<void> {
  const requests = requestsOf(small, server)
  const raw = requests.map(({ headers, body }) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`), body])
  })
  const clients = {
    'node:http client': (to: number) => loadByClients(to, requests, connections, roundMilliseconds),
    'bare sockets': (to: number) => load(to, raw, connections, roundMilliseconds),
  }
  // V8 makes code quick in the background, for some ten seconds under load: on two cores nothing is quick meanwhile
  for (const to of Object.values(ports)) {
    await loadByClients(
      to,
      requests,
      connections,
      to === ports.guard ? warmMilliseconds : warmMilliseconds / 4,
    )
  }
  for (const [client, run] of Object.entries(clients)) {
    const rates = await compare(ports, async (to) => rateOf(await run(to)))
    process.stdout.write(`${`${small.name}, ${client}`.padEnd(48)} ${told(rates, '/s')}\n`)
  }
  const added: { p50: number; p99: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const direct = await paced(ports.direct, requests)
    const guarded = await paced(ports.guard, requests)
    added.push({ p50: guarded.p50 - direct.p50, p99: guarded.p99 - direct.p99 })
  }
  process.stdout.write(
    `${`${small.name}, ${connections} clients of 50 calls/s`.padEnd(48)} p50 +${median(added.map(({ p50 }) => p50)).toFixed(1)} ms, ` +
      `p99 +${median(added.map(({ p99 }) => p99)).toFixed(1)} ms\n`,
  )
}

/**
 * Clients that call, wait, and call again: what a call takes where nothing queues. They wait for 20 ms as they happen
 * to: those that wait equally long soon call all at once, for who met once meets again.
 */
async function paced(
  port: number,
  requests: readonly ClientRequest[],
): Promise<{ p50: number; p99: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const until = performance.now() + roundMilliseconds * 2
  const lane = async (_: unknown, number: number) => {
    await sleep(number * 1.25)
    for (let next = number; performance.now() < until; next += connections) {
      const { headers, body } = requests[next % requests.length]!
      const started = performance.now()
      await transfer(port, 'POST', '/', headers, body, agent)
      latencies.push(performance.now() - started)
      await sleep(pauseMilliseconds * (0.5 + Math.random()))
    }
  }
  await Promise.all(Array.from({ length: connections }, lane))
  agent.destroy()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!
  return { p50: at(0.5), p99: at(0.99) }
}

async function compareLarge(
  method: 'GET' | 'PUT',
  { port, keys }: BenchedServer,
  ports: Ports<'direct' | 'pipe' | 'proxy' | 'guard'>,
): Promise<void> {
  const path = method === 'GET' ? `/bench/large?versionId=${largeBytes}` : '/bench/large'
  const [rawPath = '', rawQuery = ''] = path.split('?')
  const headers = signedHeaders(
    {
      method,
      rawPath,
      rawQuery,
      headers: {
        host: `127.0.0.1:${port}`,
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
        ...(method === 'PUT' && { 'content-length': String(largeBytes) }),
      },
      body: Buffer.of(),
    },
    signer(keys.admin, 's3'),
    Date.now(),
    'UNSIGNED-PAYLOAD',
  )
  const bytes = method === 'PUT' ? largeBytes : 0
  const rates = await compare(ports, (to) => bandwidth(to, method, path, headers, bytes))
  process.stdout.write(`${`${method} of ${largeBytes / megabyte} MB`.padEnd(48)} ${told(rates, ' MB/s')}\n`)
}

async function bandwidth(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  bytes: number,
): Promise<number> {
  const started = performance.now()
  await transfer(port, method, path, headers, bytes)
  return largeBytes / megabyte / ((performance.now() - started) / 1000)
}

const piece = Buffer.alloc(64 * 1024, 'y')

/** One exchange; the body is given, or that many bytes. */
function transfer(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | number,
  agent: Agent | false = false,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent })
    sent.on('error', reject)
    sent.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`${method} ${path}: ${response.statusCode}`))
      response.on('data', () => {})
      response.on('end', resolve)
    })
    if (typeof body !== 'number') {
      sent.end(body)
      return
    }
    let left = body
    const more = () => {
      while (left > 0) {
        left -= piece.length
        if (!sent.write(piece)) {
          sent.once('drain', more)
          return
        }
      }
      sent.end()
    }
    more()
  })
}

function transferSmall(port: number, key: PlainKey, small: Small): Promise<void> {
  const { headers, body } = signedSmall(small, port, key, 0)
  return transfer(port, 'POST', '/', headers, body)
}

function requestsOf(small: Small, { port, keys }: BenchedServer): readonly ClientRequest[] {
  return Array.from({ length: variants }, (_, variant) => signedSmall(small, port, keys.admin, variant))
}

function signedSmall(small: Small, port: number, key: PlainKey, variant: number): ClientRequest {
  const { service, target } = small
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }
  return signed({ service, headers, body: Buffer.from(small.body) }, port, key, variant)
}

function signer(key: PlainKey, service: string) {
  const secret = new Secret(key.secretAccessKey)
  return { accessKeyId: key.accessKeyId, secret, region: 'us-east-1', service }
}
