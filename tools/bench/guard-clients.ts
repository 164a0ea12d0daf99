import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand, S3 } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, SendMessageCommand, SQS } from '@aws-sdk/client-sqs'
import { needs } from '../../test/support/index.ts'
import { compare, type Ports, roundMilliseconds, told } from './doors.ts'
import type { BenchedServer } from './house.ts'

const lanes = 16
const megabyte = 1024 * 1024
const sdkBytes = 256 * megabyte
const cliBytes = 1024 * megabyte
const QueueUrl = 'http://localhost/123456789012/bench'

type Doors = Ports<'direct' | 'guard'>

/** What people have before the guard: clients that sign what they send and read what they get. */
export async function realClients(server: BenchedServer, ports: Doors): Promise<void> {
  await small(
    'a read',
    server,
    ports,
    () => new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  await small('a write', server, ports, () => new SendMessageCommand({ QueueUrl, MessageBody: 'm' }))
  const rates = {
    GET: await compare(ports, (port) => get(server, port)),
    PUT: await compare(ports, (port) => put(server, port)),
  }
  for (const [name, measured] of Object.entries(rates)) {
    say(`${name} of ${sdkBytes / megabyte} MB, AWS SDK`, told(measured, ' MB/s'))
  }
  const { skip } = needs('awsCli')
  if (skip === false) await byCommand(server, ports)
}

async function small(
  name: string,
  server: BenchedServer,
  ports: Doors,
  command: () => GetQueueAttributesCommand | SendMessageCommand,
): Promise<void> {
  const rates = await compare(ports, async (port) => {
    const client = new SQS({ ...configuration(server, port), md5: false })
    const until = performance.now() + roundMilliseconds
    let answers = 0
    const lane = async () => {
      for (; performance.now() < until; answers++) {
        const asked = command()
        await (asked instanceof SendMessageCommand ? client.send(asked) : client.send(asked))
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    client.destroy()
    return (answers * 1000) / roundMilliseconds
  })
  say(`${name}, AWS SDK`, told(rates, '/s'))
}

async function get(server: BenchedServer, port: number): Promise<number> {
  const client = new S3({ ...configuration(server, port), forcePathStyle: true })
  const started = performance.now()
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: 'bench', Key: 'large', VersionId: String(sdkBytes) }),
  )
  let length = 0
  for await (const piece of Body as Readable) length += (piece as Buffer).length // on Node a stream of buffers
  if (length !== sdkBytes) throw new Error(`${length} bytes came`)
  client.destroy()
  return sdkBytes / megabyte / ((performance.now() - started) / 1000)
}

async function put(server: BenchedServer, port: number): Promise<number> {
  const client = new S3({ ...configuration(server, port), forcePathStyle: true })
  const piece = Buffer.alloc(64 * 1024, 'y')
  let left = sdkBytes
  const Body = new Readable({
    read() {
      this.push(left > 0 ? piece : null)
      left -= piece.length
    },
  })
  const started = performance.now()
  await client.send(new PutObjectCommand({ Bucket: 'bench', Key: 'large', Body, ContentLength: sdkBytes }))
  client.destroy()
  return sdkBytes / megabyte / ((performance.now() - started) / 1000)
}

/** The AWS CLI, its own start left out of the count. */
async function byCommand(server: BenchedServer, ports: Doors): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  const file = join(folder, 'large')
  writeFileSync(file, '')
  for (let at = 0; at < cliBytes; at += 64 * megabyte) {
    writeFileSync(file, Buffer.alloc(64 * megabyte, 'y'), { flag: 'a' })
  }
  const object = ['--bucket', 'bench', '--key', 'large']
  const runs = {
    GET: ['s3api', 'get-object', ...object, '--version-id', String(cliBytes), '/dev/null'],
    PUT: ['s3api', 'put-object', ...object, '--body', file],
  }
  const start = await seconds(server, ports.direct, ['--version'])
  for (const [name, args] of Object.entries(runs)) {
    const rates = await compare(ports, async (port) => {
      return cliBytes / megabyte / ((await seconds(server, port, args)) - start)
    })
    say(`${name} of ${cliBytes / megabyte} MB, AWS CLI`, told(rates, ' MB/s'))
  }
  rmSync(folder, { recursive: true })
}

function seconds(server: BenchedServer, port: number, args: readonly string[]): Promise<number> {
  const { accessKeyId, secretAccessKey } = server.keys.admin
  const env = {
    ...process.env,
    HOME: server.home,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  }
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn('aws', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve((performance.now() - started) / 1000)
      else reject(new Error(`aws ${args.join(' ')}: ${code}`))
    })
  })
}

function configuration({ keys }: BenchedServer, port: number) {
  return { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: keys.admin }
}

function say(what: string, measured: string): void {
  process.stdout.write(`${what.padEnd(48)} ${measured}\n`)
}
