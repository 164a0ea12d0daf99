import { Agent, request as send } from 'node:http'
import { connect, type Socket } from 'node:net'

/** What a round of load came to. */
export interface LoadResult {
  /** Answers a second. */
  readonly rate: number
  readonly answers: number
  /** Answers whose status was not 200. */
  readonly failures: number
  /** Milliseconds at the 50th and 99th percentile. */
  readonly p50: number
  readonly p99: number
}

/**
 * Sends prepared requests over keep-alive connections, one at a time on each, for a bounded time, and at most so many.
 * @param requests whole HTTP/1.1 requests, sent in turn
 */
export async function load(
  port: number,
  requests: readonly Buffer[],
  connections: number,
  milliseconds: number,
  most = Number.POSITIVE_INFINITY,
): Promise<LoadResult> {
  const latencies: number[] = []
  let failures = 0
  let next = 0
  const started = performance.now()
  const until = started + milliseconds
  await Promise.all(Array.from({ length: connections }, () => worker()))
  return resultOf(latencies, failures, performance.now() - started)

  async function worker(): Promise<void> {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    await new Promise<void>((resolve, reject) => {
      let sent = 0
      let pending = Buffer.alloc(0)
      const send = () => {
        sent = performance.now()
        socket.write(requests[next++ % requests.length]!)
      }
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
        const length = answerLength(pending)
        if (length === undefined || pending.length < length) return
        if (!pending.subarray(9, 12).equals(ok)) failures++
        pending = Buffer.alloc(0)
        const now = performance.now()
        latencies.push(now - sent)
        if (now < until && next < most) send()
        else end(socket, resolve)
      })
      send()
    })
  }
}

const ok = Buffer.from('200')

function end(socket: Socket, resolve: () => void): void {
  socket.removeAllListeners('data')
  socket.end(() => resolve())
}

/** Bytes of the answer at the head of a buffer, from its content-length; undefined while its headers are not whole. */
export function answerLength(buffer: Buffer): number | undefined {
  const headersEnd = buffer.indexOf('\r\n\r\n')
  if (headersEnd < 0) return undefined
  const head = buffer.toString('latin1', 0, headersEnd).toLowerCase()
  const at = head.indexOf('content-length: ')
  return headersEnd + 4 + (at < 0 ? 0 : Number.parseInt(head.slice(at + 16), 10))
}

/** One request for `loadByClients`. */
export interface ClientRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * The same load by an ordinary client, node:http with keep-alive connections: what a program that calls the
 * server has at its disposal. `load` sends prepared bytes and costs next to nothing itself.
 */
export async function loadByClients(
  port: number,
  requests: readonly ClientRequest[],
  connections: number,
  milliseconds: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  let failures = 0
  let next = 0
  const started = performance.now()
  const until = started + milliseconds
  const once = ({ headers, body }: ClientRequest) =>
    new Promise<void>((resolve, reject) => {
      const outgoing = send(
        { host: '127.0.0.1', port, agent, method: 'POST', path: '/', headers },
        (answer) => {
          if (answer.statusCode !== 200) failures++
          answer.resume()
          answer.on('end', resolve)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  const lane = async () => {
    while (performance.now() < until) {
      const sent = performance.now()
      await once(requests[next++ % requests.length]!)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: connections }, lane))
  agent.destroy()
  return resultOf(latencies, failures, performance.now() - started)
}

function resultOf(latencies: number[], failures: number, milliseconds: number): LoadResult {
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    rate: (latencies.length * 1000) / milliseconds,
    answers: latencies.length,
    failures,
    p50: at(0.5),
    p99: at(0.99),
  }
}
