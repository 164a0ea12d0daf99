import type { Call } from '../authorization/index.ts'
import { endOfTurn } from '../base/index.ts'
import { PassingBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { noRoom, type Outcome } from './outcome.ts'
import { holderOf } from './passing.ts'
import type { Payload } from './payload.ts'
import { Relay, type Relayed, type WholeAnswer } from './relay.ts'
import type { Upstream, UpstreamRequest } from './upstream.ts'

/** A call that may go on. */
export interface Forwarding {
  readonly exchange: Exchange
  readonly upstream: Upstream
  readonly call: Call
  readonly request: UpstreamRequest
  /** The whole body, or how it is checked as it passes. */
  readonly body: Uint8Array | Payload
  readonly requestId: string
  /** Headers of ours in the answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly ofWhole?: WholeAnswer | undefined
  readonly ofBegun?: Relayed['ofBegun']
}

/** The last step: forwards a call and passes its answer back. `failed` means that no answer was sent yet. */
export async function forward(forwarding: Forwarding): Promise<Outcome> {
  const { exchange, upstream, call, request, body, requestId, headers, ofWhole, ofBegun } = forwarding
  await endOfTurn()
  const done = body instanceof Uint8Array ? () => {} : upstream.passing.begin(holderOf(call))
  if (done === undefined) return { kind: 'failed', fault: noRoom() }
  return new Promise<Outcome>((ended, crashed) => {
    const relay = new Relay({ exchange, requestId, headers, ofWhole, ofBegun, ended, crashed })
    if (body instanceof Uint8Array) {
      upstream.send(request, body.length === 0 ? null : body, relay)
      return
    }
    exchange.invite()
    upstream.send(request, new PassingBody(exchange, body), relay)
  }).finally(done)
}
