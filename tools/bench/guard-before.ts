import { Secret } from '../../packages/server/src/base/index.ts'
import type { PlainKey } from '../../packages/server/src/gate/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { firstLine, newHome, runScript, startServer, stopProcess } from './house.ts'
import { load } from './load.ts'
import { median, processorTime, quantile } from './nodes-house.ts'

const variants = 100
const connections = 4
const warmCalls = 12_000
const turns = 31
const callsOfTurn = 500
const longestTurn = 60_000

interface Call {
  readonly name: string
  readonly service: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly target?: string
  readonly body: string
}

const json = (name: string, service: string, target: string, body: string): Call => {
  return { name, service, method: 'POST', path: '/', target, body }
}

/** Calls for which nothing is read but the policy of their resource, once a minute. */
const calls: readonly Call[] = [
  json('GetItem', 'dynamodb', 'DynamoDB_20120810.GetItem', '{"TableName":"bench","Key":{"k":{"S":"a"}}}'),
  json(
    'SendMessage',
    'sqs',
    'AmazonSQS.SendMessage',
    '{"QueueUrl":"http://localhost/123456789012/bench","MessageBody":"m"}',
  ),
  { name: 'GetObject', service: 's3', method: 'GET', path: '/bench/key', body: '' },
  json('ListClusters', 'ecs', 'AmazonEC2ContainerServiceV20141113.ListClusters', '{}'),
]

/**
 * What the guard takes of the processor for a call, beside the guard of the checkout `folder`: both before one upstream, in turn, long
 * after their code is compiled.
 */
export async function guardAgainstBefore(folder: string): Promise<void> {
  const upstream = runScript('./bare-upstream.ts')
  const url = `http://127.0.0.1:${await firstLine(upstream)}`
  const homes = [newHome(), newHome()] as const
  process.env.BENCH_PROGRAM = `${folder}/packages/server/bin/omen.mjs`
  const before = await startServer(homes[0].home, '--upstream', url)
  delete process.env.BENCH_PROGRAM
  const now = await startServer(homes[1].home, '--upstream', url)
  const servers = [before, now]
  try {
    for (const call of calls) {
      const sides = servers.map(({ pid, port, keys }) => {
        const requests = Array.from({ length: variants }, (_, n) => requestOf(call, port, keys.admin, n))
        return { pid, run: (most: number) => load(port, requests, connections, longestTurn, most) }
      })
      for (const { run } of sides) await run(warmCalls)
      const times: number[][] = [[], []]
      for (let turn = 0; turn < turns; turn++) {
        for (const side of turn % 2 === 0 ? [0, 1] : [1, 0]) {
          const { pid, run } = sides[side]! // there are two
          const began = processorTime(pid)
          const { answers, failures } = await run(callsOfTurn)
          if (failures > 0) throw new Error(`${call.name}: ${failures} answers were no 200`)
          times[side]!.push((processorTime(pid) - began) / answers)
        }
      }
      say(call.name, times[0]!, times[1]!)
    }
  } finally {
    for (const server of servers) await server.stop()
    for (const { remove } of homes) remove()
    await stopProcess(upstream)
  }
}

function say(name: string, before: readonly number[], now: readonly number[]): void {
  const ratios = now.map((time, turn) => time / before[turn]!) // of the same turn
  const inMicroseconds = (times: readonly number[]) => `${Math.round(median(times) * 1_000_000)} µs`
  const [low, high] = [quantile(ratios, 0.25).toFixed(2), quantile(ratios, 0.75).toFixed(2)]
  process.stdout.write(
    `${`${name}, processor time of the guard`.padEnd(48)} before ${inMicroseconds(before)}, now ${inMicroseconds(now)}, ` +
      `ratio ${median(ratios).toFixed(2)} (half of the turns ${low} to ${high})\n`,
  )
}

function requestOf(
  { service, method, path, target, body }: Call,
  port: number,
  key: PlainKey,
  n: number,
): Buffer {
  const own =
    target === undefined
      ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
      : { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }
  const bytes = Buffer.from(body)
  const headers = signedHeaders(
    {
      method,
      rawPath: path,
      rawQuery: '',
      headers: { host: `127.0.0.1:${port}`, 'user-agent': `omen-bench/${n}`, ...own },
      body: bytes,
    },
    {
      accessKeyId: key.accessKeyId,
      secret: new Secret(key.secretAccessKey),
      region: 'us-east-1',
      service,
    },
    Date.now(),
    target === undefined ? 'UNSIGNED-PAYLOAD' : undefined,
  )
  const lines = Object.entries({ ...headers, 'content-length': bytes.length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes])
}
