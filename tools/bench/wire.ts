import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Secret } from '../../packages/server/src/base/index.ts'
import type { FirstKeys, PlainKey } from '../../packages/server/src/gate/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { load } from './load.ts'

const connections = 16
const roundMilliseconds = 3_000
const rounds = 3
const signedVariants = 200

interface Subject {
  readonly name: string
  readonly service: string
  readonly parameters: Readonly<Record<string, string>>
}

const subjects: readonly Subject[] = [
  {
    name: 'GetCallerIdentity',
    service: 'sts',
    parameters: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  },
  {
    name: 'AssumeRole',
    service: 'sts',
    parameters: {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/bench',
      RoleSessionName: 'bench',
    },
  },
  {
    name: 'GetRole',
    service: 'iam',
    parameters: { Action: 'GetRole', Version: '2010-05-08', RoleName: 'bench' },
  },
]

/** Signed, verified, authorised and recorded calls against a bare node:http server that answers the same bytes. */
export async function bench(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  const started = performance.now()
  const omen = run('../../packages/server/bin/omen.mjs', ['start', '--port', '0', '--home', home])
  try {
    const { port, keys } = await serving(home)
    await answered(port)
    process.stdout.write(
      `start to first answer  ${(performance.now() - started).toFixed(0)} ms (empty home, on disk)\n`,
    )
    await sleep(1_000)
    process.stdout.write(`idle memory            ${residentMegabytes(omen)} MB\n`)
    await compare(subjects[0]!, port, keys.admin)
    await prepare(port, keys.admin)
    for (const subject of subjects.slice(1)) await compare(subject, port, keys.admin)
    process.stdout.write(`memory after load      ${residentMegabytes(omen)} MB\n`)
  } finally {
    await stop(omen)
    rmSync(home, { recursive: true, force: true })
  }
}

async function compare(subject: Subject, port: number, key: PlainKey): Promise<void> {
  const requests = Array.from({ length: signedVariants }, (_, i) => signedRequest(subject, port, key, i))
  const sample = await ask(port, requests[0]!)
  if (!sample.startsWith('HTTP/1.1 200')) throw new Error(`${subject.name}: ${sample.slice(0, 400)}`)
  const [head = '', body = ''] = sample.split('\r\n\r\n')
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ') as [string, string]) // `Name: value`, by HTTP
      .filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name.toLowerCase())),
  )
  const bare = run('./bare-server.ts', [JSON.stringify({ headers, body })])
  const barePort = Number(await firstLine(bare))
  const ratios: number[] = []
  let omenRate = 0
  let bareRate = 0
  let p99 = 0
  let failures = 0
  await load(port, requests, connections, 1_000) // warm up
  for (let round = 0; round < rounds; round++) {
    const baseline = await load(barePort, requests, connections, roundMilliseconds)
    const omen = await load(port, requests, connections, roundMilliseconds)
    ratios.push(omen.rate / baseline.rate)
    omenRate = Math.max(omenRate, omen.rate)
    bareRate = Math.max(bareRate, baseline.rate)
    p99 = omen.p99
    failures += omen.failures
  }
  await stop(bare)
  ratios.sort((a, b) => a - b)
  process.stdout.write(
    `${subject.name.padEnd(22)} ratio ${ratios[1]!.toFixed(3)} of bare node:http  (${Math.round(omenRate)}/s of ${Math.round(bareRate)}/s, p99 ${p99.toFixed(1)} ms, ${failures} failures)\n`,
  )
}

/** The role that the subjects ask about, trusted by the account. */
async function prepare(port: number, key: PlainKey): Promise<void> {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
  })
  const parameters = {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'bench',
    AssumeRolePolicyDocument: trust,
  }
  const answer = await ask(
    port,
    signedRequest({ name: 'CreateRole', service: 'iam', parameters }, port, key, 0),
  )
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`CreateRole: ${answer.slice(0, 400)}`)
}

function signedRequest(subject: Subject, port: number, key: PlainKey, variant: number): Buffer {
  const body = Buffer.from(new URLSearchParams(subject.parameters).toString())
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: {
      host: `127.0.0.1:${port}`,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'user-agent': 'omen-bench',
      'amz-sdk-invocation-id': `00000000-0000-4000-8000-${String(variant).padStart(12, '0')}`,
    },
    body,
  }
  const signer = {
    accessKeyId: key.accessKeyId,
    secret: new Secret(key.secretAccessKey),
    region: 'us-east-1',
    service: subject.service,
  }
  const headers = signedHeaders(request, signer, Date.now())
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([
    Buffer.from(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`),
    body,
  ])
}

async function ask(port: number, request: Buffer): Promise<string> {
  const { connect } = await import('node:net')
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      socket.destroy()
      resolve(chunk.toString('utf8'))
    })
  })
}

async function serving(home: string): Promise<{ port: number; keys: FirstKeys }> {
  for (let tries = 0; tries < 2_000; tries++) {
    try {
      const note = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'))
      const { url, keys } = note as { url: string; keys: FirstKeys } // what omen start writes
      return { port: Number(new URL(url).port), keys }
    } catch {
      await sleep(5)
    }
  }
  throw new Error('the server did not start within 10 s')
}

async function answered(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/_omen/health`)
  await response.text()
}

function run(file: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, ['--conditions=@omen/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  )
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function residentMegabytes(child: ChildProcess): string {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return String(Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024))
  } catch {
    return '(unknown on this system)'
  }
}
