import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Secret } from '../../packages/server/src/base/index.ts'
import type { FirstKeys, PlainKey } from '../../packages/server/src/gate/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { answerLength, type ClientRequest } from './load.ts'

/** A server in a process of its own, on disk. */
export interface BenchedServer {
  readonly home: string
  readonly pid: number
  readonly port: number
  readonly keys: FirstKeys
  /** Milliseconds from the start of the process to its first answer. */
  readonly startMilliseconds: number
  residentMegabytes(): number
  stop(): Promise<void>
}

/** A new folder for a server; `remove` when all is measured. */
export function newHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}

/** Starts `omen start` on a free port and waits for its first answer. `BENCH_PROGRAM` may name another checkout's. */
export async function startServer(home: string, ...args: readonly string[]): Promise<BenchedServer> {
  const started = performance.now()
  const child = runScript(
    process.env.BENCH_PROGRAM ?? '../../packages/server/bin/omen.mjs',
    'start',
    '--port',
    '0',
    '--home',
    home,
    ...args,
  )
  const { port, keys } = await serving(home, child)
  await (await fetch(`http://127.0.0.1:${port}/_omen/health`)).text()
  return {
    home,
    pid: child.pid!, // it has answered
    port,
    keys,
    startMilliseconds: performance.now() - started,
    residentMegabytes: () => residentMegabytes(child),
    stop: () => stopProcess(child),
  }
}

/** Runs a script of this repository as a process that sees the sources. */
export function runScript(file: string, ...args: readonly string[]): ChildProcess {
  const path = isAbsolute(file) ? file : fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, ['--conditions=@omen/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The first thing that a process prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  )
}

export function stopProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** What is sent to the server, before it is signed. */
export interface Unsigned {
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The request signed; `variant` makes requests differ. */
export function signed(unsigned: Unsigned, port: number, key: PlainKey, variant: number): ClientRequest {
  const { service, body } = unsigned
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: {
      host: `127.0.0.1:${port}`,
      ...unsigned.headers,
      'user-agent': 'omen-bench',
      'amz-sdk-invocation-id': `00000000-0000-4000-8000-${String(variant).padStart(12, '0')}`,
    },
    body,
  }
  const secret = new Secret(key.secretAccessKey)
  const signer = { accessKeyId: key.accessKeyId, secret, region: 'us-east-1', service }
  const headers = signedHeaders(request, signer, Date.now())
  return { headers: { ...headers, 'content-length': String(body.length) }, body }
}

/** A request of the query protocol, signed. */
export function signedCall(
  port: number,
  key: PlainKey,
  service: string,
  parameters: Readonly<Record<string, string>>,
  variant = 0,
): ClientRequest {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const body = Buffer.from(new URLSearchParams(parameters).toString())
  return signed({ service, headers, body }, port, key, variant)
}

/** The same as the bytes of a whole HTTP request. */
export function signedRequest(
  port: number,
  key: PlainKey,
  service: string,
  parameters: Readonly<Record<string, string>>,
  variant = 0,
): Buffer {
  const { headers, body } = signedCall(port, key, service, parameters, variant)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body])
}

/** Sends one request and returns its answer, head and body; throws where it is no 200. */
export async function ask(port: number, request: Buffer): Promise<string> {
  const answer = await new Promise<string>((resolve, reject) => {
    let read = Buffer.alloc(0)
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.once('error', reject)
    socket.on('data', (chunk) => {
      read = Buffer.concat([read, chunk])
      const length = answerLength(read)
      if (length === undefined || read.length < length) return
      socket.destroy()
      resolve(read.toString('utf8'))
    })
  })
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer.slice(0, 600))
  return answer
}

async function serving(home: string, child: ChildProcess): Promise<{ port: number; keys: FirstKeys }> {
  for (let tries = 0; tries < 4_000; tries++) {
    try {
      const note = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'))
      const { url, keys, pid } = note as { url: string; keys: FirstKeys; pid: number } // what omen start writes
      if (pid === child.pid) return { port: Number(new URL(url).port), keys }
    } catch {
      // not there yet
    }
    await sleep(3)
  }
  throw new Error('the server did not start within 12 s')
}

/** NaN where the system does not tell. */
function residentMegabytes(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
  } catch {
    return Number.NaN
  }
}
