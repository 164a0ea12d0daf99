import { endOfTurn, type Fault } from '../base/index.ts'
import { PassingBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import type { Outcome } from './outcome.ts'
import type { Payload } from './payload.ts'
import { Relay } from './relay.ts'
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
  /** Of an answer that nothing is there: the fault that the caller gets instead, if any. */
  readonly ofMissing?: ((errorCode: string | undefined) => Promise<Fault | undefined>) | undefined
}

/** The last step: sends a call on and passes its answer back. `failed` says that nothing was answered yet. */
export async function forward(forwarding: Forwarding): Promise<Outcome> {
  const { exchange, upstream, request, body, requestId, headers, ofMissing } = forwarding
  await endOfTurn()
  return new Promise((ended, crashed) => {
    const relay = new Relay({ exchange, requestId, headers, ofMissing, ended, crashed })
    if (body instanceof Uint8Array) {
      upstream.send(request, body.length === 0 ? null : body, relay)
      return
    }
    exchange.invite()
    upstream.send(request, new PassingBody(exchange.incoming, body), relay)
  })
}
