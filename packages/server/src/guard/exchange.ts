import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpResponse, RequestHead } from '../base/index.ts'
import { guardLimits } from './limits.ts'

/** The memory of what waits of a body that passes. */
export interface HeldPart {
  /** Counts so many bytes as all that waits. False if there is no room for them. */
  fit(bytes: number): boolean
  release(): void
}

/** One request as the gate hands it over, before its body is read. */
export interface ExchangeParts {
  readonly head: RequestHead
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Headers that every answer carries. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the caller waits for a word before it sends its body (Expect: 100-continue). */
  readonly expects: boolean
  /** The whole body; undefined if it is larger than this number of bytes. */
  readBody(bytes: number): Promise<Uint8Array | undefined>
  /** Counts what waits of the body with the bodies of all requests. @param giveUp called if it must go to make room */
  hold(giveUp: () => void): HeldPart
}

/** One request and its answer while they pass. */
export class Exchange {
  readonly head: RequestHead
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  readonly #parts: ExchangeParts
  #awaited: boolean

  constructor(parts: ExchangeParts) {
    this.head = parts.head
    this.incoming = parts.incoming
    this.outgoing = parts.outgoing
    this.headers = parts.headers
    this.#parts = parts
    this.#awaited = parts.expects
  }

  /** Sends 100 Continue to a caller that waits for it. */
  invite(): void {
    if (!this.#awaited) return
    this.#awaited = false
    this.outgoing.writeContinue()
  }

  /** The whole body; undefined if it is larger than this number of bytes. */
  readBody(bytes: number): Promise<Uint8Array | undefined> {
    this.invite()
    return this.#parts.readBody(bytes)
  }

  /** Counts what waits of the body with the bodies of all requests. */
  hold(giveUp: () => void): HeldPart {
    return this.#parts.hold(giveUp)
  }

  /** Answers at once, whatever is still to come of the body. */
  answer(response: HttpResponse): void {
    const { incoming, outgoing } = this
    const { body } = response
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    const unread = !incoming.complete
    outgoing.writeHead(response.status, {
      ...response.headers,
      ...this.headers,
      ...(unread ? { connection: 'close' } : {}),
      ...(response.status === 503 ? { 'retry-after': '1' } : {}),
      'content-length': length,
    })
    outgoing.end(incoming.method === 'HEAD' ? undefined : body)
    // a caller that waited for 100 Continue sends nothing now; any other is read for a while, so that it reads the
    // answer
    if (unread) drain(incoming)
  }
}

/** Reads on and throws away, up to a limit: a connection cut while the caller writes loses it the answer. */
export function drain(incoming: IncomingMessage): void {
  let length = 0
  incoming.removeAllListeners('data')
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > guardLimits.drained) incoming.destroy()
  })
  incoming.on('error', () => {})
  incoming.resume()
}
