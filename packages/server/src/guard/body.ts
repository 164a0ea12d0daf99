import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Fault } from '../base/index.ts'
import type { Exchange, HeldPart } from './exchange.ts'
import { guardLimits } from './limits.ts'
import { callerGone, noRoom } from './outcome.ts'
import type { Payload } from './payload.ts'

/** Why a body ended early: the fault that the caller gets. */
export class BodyFailure extends Error {
  override readonly name = 'BodyFailure'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/**
 * A body on its way from the caller to the upstream, checked as it passes. Memory holds no more of it than the faster
 * side is ahead of the slower one, and the chunk that waits for its signature, which counts with the bodies of all
 * requests (behaviour GRD-622). A body that breaks off, or is not what was signed, fails as a BodyFailure.
 */
export class PassingBody extends Readable {
  readonly #incoming: IncomingMessage
  readonly #payload: Payload
  readonly #held: HeldPart
  #waiting = 0

  constructor(exchange: Exchange, payload: Payload) {
    super({ highWaterMark: 256 * 1024 })
    // the writer learns of its end; without a writer no one needs to
    this.on('error', () => {})
    const { incoming } = exchange
    this.#held = exchange.hold(this.#giveUp)
    this.#incoming = incoming
    this.#payload = payload
    incoming.on('data', this.#take).on('end', this.#finish).on('close', this.#gone).on('error', this.#gone)
    incoming.socket.on('timeout', this.#gone).setTimeout(guardLimits.callerSilence)
  }

  override _read(): void {
    this.#incoming.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#leave()
    done(error)
  }

  readonly #take = (piece: Buffer): void => {
    if (!this.#pass(() => this.#payload.push(piece))) this.#incoming.pause()
  }

  readonly #finish = (): void => {
    this.#leave()
    if (this.#pass(() => this.#payload.end()) || !this.destroyed) this.push(null)
  }

  readonly #giveUp = (): void => {
    this.destroy(new BodyFailure(noRoom()))
  }

  readonly #gone = (): void => {
    if (!this.#incoming.complete) this.destroy(new BodyFailure(callerGone))
  }

  /** Passes pieces on; returns whether there is room for more. */
  #pass(next: () => readonly Uint8Array[]): boolean {
    try {
      let room = true
      for (const piece of next()) room = this.push(piece)
      const { waiting = 0 } = this.#payload
      if (waiting !== this.#waiting && !this.#held.fit(waiting)) throw noRoom()
      this.#waiting = waiting
      return room
    } catch (thrown) {
      // a payload throws nothing but faults
      this.destroy(new BodyFailure(thrown as Fault))
      return false
    }
  }

  #leave(): void {
    const { socket } = this.#incoming
    this.#held.release()
    this.#incoming.off('data', this.#take).off('end', this.#finish).off('close', this.#gone)
    socket.off('timeout', this.#gone).setTimeout(0)
  }
}
