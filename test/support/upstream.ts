import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { toolPath } from './needs.ts'

/** An endpoint for a guard. */
export interface UpstreamServer extends AsyncDisposable {
  readonly url: string
  close(): Promise<void>
}

/** Starting takes moto this long at most, in milliseconds. */
const startLimit = 60_000

/** A moto_server of its own on a free port: seconds to start, so one serves a whole file. */
export async function startMoto(): Promise<UpstreamServer> {
  const program = 'import sys; from moto.server import main; main(sys.argv[1:])'
  const port = await freePort()
  const child = spawn(
    toolPath('moto'),
    ['-W', 'ignore', '-c', program, '-H', '127.0.0.1', '-p', String(port)],
    {
      env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), LC_ALL: 'C.UTF-8' },
      stdio: 'ignore',
    },
  )
  const url = `http://127.0.0.1:${port}`
  const close = () => ended(child)
  try {
    await answers(url, child)
  } catch (error) {
    await close()
    throw error
  }
  return { url, close, [Symbol.asyncDispose]: close }
}

/** A plain server that answers as the test says. */
export async function startSink(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<UpstreamServer & { readonly server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, server, close, [Symbol.asyncDispose]: close }
}

/** The same, called once a request's whole body is there; not for one that breaks off. */
export function startReader(
  answer: (incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse) => void,
): ReturnType<typeof startSink> {
  return startSink((incoming, outgoing) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('error', () => {})
    incoming.on('end', () => answer(incoming, Buffer.concat(pieces), outgoing))
  })
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + startLimit
  while (child.exitCode === null && Date.now() < until) {
    const answered = await fetch(url).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    )
    if (answered !== undefined) return
    await sleep(100)
  }
  throw new Error('moto_server did not start')
}

async function freePort(): Promise<number> {
  await using probe = await startSink(() => {})
  return Number(new URL(probe.url).port)
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
