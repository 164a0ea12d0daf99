import type { IncomingMessage } from 'node:http'
import { drain, type Exchange } from './exchange.ts'
import { errorCodeOf, type Outcome, upstreamFaults } from './outcome.ts'

/** Headers of one connection; a `trailer` stays, for what it announces follows. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Under which names answers carry the request's id. */
const idHeaders: ReadonlySet<string> = new Set(['x-amzn-requestid', 'x-amz-request-id', 'x-amzn-request-id'])

/** An answer on its way from the upstream to the caller. */
export interface Relayed {
  readonly exchange: Exchange
  readonly response: IncomingMessage
  readonly requestId: string
  /** Headers of ours: they take the place of the upstream's. */
  readonly headers: Readonly<Record<string, string>>
  /** Awaited before the last piece leaves: no answer is whole before its event is kept. */
  readonly settle: (outcome: Outcome) => Promise<void>
}

/**
 * Passes an answer on as it comes. The last piece waits for `settle`; an answer that breaks off before any of it
 * left can still be a fault, which is returned, later the caller's connection breaks off as well.
 */
export function relay(relayed: Relayed): Promise<Outcome> {
  const { exchange, response, settle } = relayed
  const { outgoing, incoming } = exchange
  const status = response.statusCode ?? 502
  let held: Buffer | undefined
  let ended = false
  return new Promise((resolve, reject) => {
    const sendHead = () => {
      if (outgoing.headersSent) return
      outgoing.writeHead(status, headersOf(relayed))
    }
    const finish = async () => {
      ended = true
      const errorCode = errorCodeOf(status, response.headers, outgoing.headersSent ? undefined : held)
      const outcome: Outcome = { kind: 'answered', status, ...(errorCode === undefined ? {} : { errorCode }) }
      await settle(outcome)
      sendHead()
      if (response.rawTrailers.length > 0) outgoing.addTrailers(pairs(response.rawTrailers))
      outgoing.end(held)
      if (!incoming.complete) drain(incoming)
      resolve(outcome)
    }
    const breakOff = async (by: 'upstream' | 'caller') => {
      if (ended) return
      ended = true
      response.destroy()
      if (!outgoing.headersSent && by === 'upstream') {
        resolve({ kind: 'failed', fault: upstreamFaults.brokenOff() })
        return
      }
      const outcome: Outcome = { kind: 'brokenOff', status, by }
      await settle(outcome)
      outgoing.destroy()
      resolve(outcome)
    }
    response.on('data', (piece: Buffer) => {
      const ready = held
      held = piece
      if (ready === undefined) return
      sendHead()
      if (!outgoing.write(ready)) response.pause()
    })
    outgoing.on('drain', () => response.resume())
    response.on('end', () => {
      if (response.complete && !ended) finish().catch(reject)
    })
    response.on('error', () => {})
    response.on('close', () => {
      if (!response.complete) breakOff('upstream').catch(reject)
    })
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) breakOff('caller').catch(reject)
    })
  })
}

function headersOf({ response, headers, exchange, requestId }: Relayed): string[] {
  const raw = response.rawHeaders
  const flat: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    const lower = name.toLowerCase()
    if (ownHeaders.has(lower) || lower in headers || lower in exchange.headers) continue
    flat.push(name, idHeaders.has(lower) ? requestId : raw[i + 1]!)
  }
  for (const name in headers) flat.push(name, headers[name]!)
  for (const name in exchange.headers) flat.push(name, exchange.headers[name]!)
  if (!exchange.incoming.complete) flat.push('connection', 'close')
  return flat
}

function pairs(raw: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i]!, raw[i + 1]!])
  return list
}
