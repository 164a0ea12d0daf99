import type { ClientRequest, IncomingMessage } from 'node:http'
import { Fault } from '../base/index.ts'
import type { Exchange } from './exchange.ts'
import { guardLimits } from './limits.ts'
import { type Outcome, upstreamFaults } from './outcome.ts'
import type { Payload } from './payload.ts'
import { pump } from './pump.ts'
import { relay } from './relay.ts'
import type { Upstream, UpstreamRequest } from './upstream.ts'

/** A call that may go on. */
export interface Forwarding {
  readonly exchange: Exchange
  readonly upstream: Upstream
  readonly request: UpstreamRequest
  /** The whole body, or how it is checked as it passes. */
  readonly body: Uint8Array | Payload
  readonly requestId: string
  /** Headers of ours in the answer. */
  readonly headers: Readonly<Record<string, string>>
  /** Awaited with how it ended, before the answer is whole. */
  readonly settle: (outcome: Outcome) => Promise<void>
}

/** The last step: sends a call on and passes its answer back. `failed` says that nothing was answered yet. */
export async function forward(forwarding: Forwarding): Promise<Outcome> {
  const { exchange, requestId, headers, settle } = forwarding
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await send(forwarding)
      return await relay({ exchange, response, requestId, headers, settle })
    } catch (error) {
      // a connection that waited may have been closed while the request was on its way
      if (error instanceof StaleConnection && attempt === 1) continue
      return { kind: 'failed', fault: error instanceof Fault ? error : faultOf(error) }
    }
  }
}

/** A connection that had waited ended before anything came back, of a request that can be sent again. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection'
}

class Silent extends Error {
  override readonly name = 'Silent'
}

class Unconnected extends Error {
  override readonly name = 'Unconnected'
}

function send({ exchange, upstream, request, body }: Forwarding): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = upstream.open(request)
    Object.assign(sent, strict)
    watch(sent, upstream)
    const whole = body instanceof Uint8Array
    // its own end ends the other side; what has been answered already goes on as `relay` sees it
    const abandon = () => {
      if (!exchange.outgoing.writableFinished) sent.destroy()
    }
    exchange.outgoing.once('close', abandon)
    sent.once('response', resolve)
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const stale = whole && sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      reject(stale ? new StaleConnection() : error)
    })
    sent.once('close', () => exchange.outgoing.off('close', abandon))
    if (whole) {
      sent.end(body)
      return
    }
    exchange.invite()
    pump(exchange.incoming, body, sent).catch((error: unknown) => {
      reject(error)
      sent.destroy()
    })
  })
}

/** Node counts what is written against the announced length: more would be taken for the next request. */
const strict = { strictContentLength: true }

/** Gives the upstream so long to take the connection, and so long to say a word. */
function watch(sent: ClientRequest, upstream: Upstream): void {
  sent.setTimeout(upstream.silence, () => sent.destroy(new Silent()))
  sent.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(() => sent.destroy(new Unconnected()), guardLimits.upstreamConnect)
    const taken = () => clearTimeout(timer)
    socket.once('connect', taken).once('close', taken)
  })
}

const notReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
])

function faultOf(error: unknown): Fault {
  if (error instanceof Silent) return upstreamFaults.silent()
  if (error instanceof Unconnected) return upstreamFaults.unreachable()
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return notReached.has(code) ? upstreamFaults.unreachable() : upstreamFaults.brokenOff()
}
