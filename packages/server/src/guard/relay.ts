import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { endOfTurn, Fault } from '../base/index.ts'
import type { Begun } from './begun.ts'
import { drain, type Exchange } from './exchange.ts'
import { faultOf } from './failure.ts'
import { guardLimits } from './limits.ts'
import { type Outcome, upstreamError } from './outcome.ts'
import { pageHeaders } from './pages.ts'

/** Hop-by-hop headers; `trailer` stays, because what it announces follows. */
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

/** An answer that may turn out to be another once it is whole. */
export interface WholeAnswer {
  /** The statuses of those that may have one. */
  readonly statuses: readonly number[]
  /** Bytes of the longest. */
  readonly bytes: number
  /** Makes another answer for the caller; undefined to pass on the upstream's. */
  make(
    body: Buffer | undefined,
    errorCode: string | undefined,
  ): Promise<Fault | Buffer | ReplacedAnswer | undefined>
}

/** Another answer, with its own status. */
export interface ReplacedAnswer {
  readonly status: number
  readonly body: Buffer
}

/** The data that an answer on its way needs. */
export interface Relayed {
  readonly exchange: Exchange
  readonly requestId: string
  /** Headers of ours: they take the place of the upstream's. */
  readonly headers: Readonly<Record<string, string>>
  readonly ofWhole?: WholeAnswer | undefined
  /**
   * Decides whether the call is refused after all, once its answer has begun; undefined if nothing is to be waited for.
   */
  readonly ofBegun?: ((begun: Begun) => Promise<Fault | undefined> | undefined) | undefined
  /** Receives the outcome; `failed` means that no answer was sent. */
  readonly ended: (outcome: Outcome) => void
  readonly crashed: (error: unknown) => void
}

/** Of an answer's last piece, in bytes. */
const shortBytes = 4_096

type Controller = Dispatcher.DispatchController

/**
 * Passes the upstream's answer on as it arrives, one piece behind. An answer that breaks off before any of it was sent
 * can still become a fault; after that, the caller's connection breaks off as well.
 */
export class Relay implements Dispatcher.DispatchHandler {
  readonly #to: Relayed
  #controller: Controller | undefined
  #status: number | undefined
  #headers: IncomingHttpHeaders = {}
  #held: Buffer | undefined
  #over = false
  /** Until it is decided whether the answer may go on. */
  #decided: Promise<void> | undefined

  constructor(to: Relayed) {
    this.#to = to
    to.exchange.outgoing.on('close', this.#callerLeft)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#to.exchange.outgoing.destroyed) controller.abort(new Error('the caller left'))
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return // a word in between, meant for the guard
    this.#status = status
    this.#headers = headers
    const refusal = this.#to.ofBegun?.({ status, headers: headers as Begun['headers'] }) // lists are of no header that is read
    if (refusal === undefined) return
    controller.pause()
    this.#decided = refusal.then((fault) => this.#goOn(controller, fault), this.#to.crashed)
  }

  #goOn(controller: Controller, fault: Fault | undefined): void {
    this.#decided = undefined
    if (this.#over) return
    if (fault === undefined) {
      controller.resume()
      return
    }
    this.#over = true
    controller.abort(new Error('the answer is refused'))
    this.#to.ended({ kind: 'failed', fault })
  }

  onResponseData(controller: Controller, piece: Buffer): void {
    const ready = this.#held
    if (ready !== undefined && this.#waits) {
      if (ready.length + piece.length > this.#to.ofWhole!.bytes)
        controller.abort(new Error('the answer is too long'))
      else this.#held = Buffer.concat([ready, piece])
      return
    }
    this.#held = piece
    if (ready === undefined) return
    const { outgoing } = this.#to.exchange
    this.#sendHead()
    // to stop and start for each piece costs more than the piece
    if (outgoing.write(ready) || outgoing.writableLength < guardLimits.heldAnswer) return
    controller.pause()
    outgoing.once('drain', () => controller.resume())
  }

  /** Whether the answer may turn out to be another once it is whole. */
  get #waits(): boolean {
    return this.#status !== undefined && this.#to.ofWhole?.statuses.includes(this.#status) === true
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    // an answer without a body ends although it is paused
    if (this.#decided !== undefined) void this.#decided.then(() => this.onResponseEnd(controller, trailers))
    else if (!this.#over) this.#finish(trailers).catch(this.#to.crashed)
  }

  onResponseError(_: Controller, error: Error): void {
    if (!this.#over) this.#breakOff('upstream', error)
  }

  readonly #callerLeft = (): void => {
    if (this.#over) return
    if (this.#status === undefined) this.#controller?.abort(new Error('the caller left'))
    else this.#breakOff('caller')
  }

  async #finish(trailers: IncomingHttpHeaders): Promise<void> {
    this.#over = true
    const { exchange, ended } = this.#to
    const { outgoing, incoming } = exchange
    const status = this.#status!
    const error = upstreamError(status, this.#headers, outgoing.headersSent ? undefined : this.#held)
    let outcome: Outcome = { kind: 'answered', status, ...error }
    if (this.#waits) {
      const instead = await this.#to.ofWhole!.make(this.#held, error?.errorCode)
      if (instead instanceof Fault) return ended({ kind: 'failed', fault: instead })
      if (instead !== undefined) {
        const replaced = Buffer.isBuffer(instead) ? { status, body: instead } : instead
        this.#held = replaced.body
        this.#headers = { ...withoutChecksums(this.#headers), 'content-length': String(replaced.body.length) }
        this.#status = replaced.status
        if (replaced.status !== status) outcome = { kind: 'answered', status: replaced.status }
      }
    }
    await endOfTurn()
    this.#sendHead()
    for (const name in trailers) outgoing.addTrailers([[name, String(trailers[name])]])
    const last = this.#held
    // a short text leaves in one piece with the head, bytes would be a second one
    if (last !== undefined && last.length <= shortBytes) outgoing.end(last.toString('latin1'), 'latin1')
    else outgoing.end(last)
    this.#held = undefined
    if (!incoming.complete) drain(incoming)
    ended(outcome)
  }

  #breakOff(by: 'upstream' | 'caller', error?: Error): void {
    this.#over = true
    const { exchange, ended } = this.#to
    if (!exchange.outgoing.headersSent && by === 'upstream') {
      ended({ kind: 'failed', fault: faultOf(error, exchange) })
      return
    }
    this.#controller?.abort(new Error(`the ${by} broke off`))
    exchange.outgoing.destroy()
    ended({ kind: 'brokenOff', status: this.#status!, by })
  }

  #sendHead(): void {
    const { outgoing } = this.#to.exchange
    if (!outgoing.headersSent) outgoing.writeHead(this.#status!, this.#headersOut())
  }

  #headersOut(): Record<string, string | string[]> {
    const { headers, exchange, requestId } = this.#to
    const out: Record<string, string | string[]> = {}
    for (const name in this.#headers) {
      const value = this.#headers[name]
      if (value === undefined || ownHeaders.has(name) || name.startsWith('access-control-')) continue
      out[name] = idHeaders.has(name) ? requestId : value
    }
    Object.assign(out, headers, exchange.headers, pageHeaders(exchange.head, this.#headers))
    if (!exchange.incoming.complete) out.connection = 'close'
    return out
  }
}

/** The headers of an answer without those that prove its body: it gets another one. */
function withoutChecksums(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const others = Object.entries(headers).filter(
    ([name]) => !/^(?:x-amz-c(?:rc32$|hecksum-)|content-md5$)/.test(name),
  )
  return Object.fromEntries(others)
}
