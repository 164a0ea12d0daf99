import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Fault } from '../base/index.ts'
import { guardLimits } from './limits.ts'
import { callerGone } from './outcome.ts'
import type { Payload } from './payload.ts'

/** Why a body ended before it was whole: the caller is told the fault. */
export class BodyFailure extends Error {
  override readonly name = 'BodyFailure'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/**
 * A body on its way from the caller to the upstream, checked as it passes. No more of it is in memory than one of
 * them is slower than the other. What is not what was signed, or breaks off, fails as a BodyFailure.
 */
export class PassingBody extends Readable {
  readonly #incoming: IncomingMessage
  readonly #payload: Payload

  constructor(incoming: IncomingMessage, payload: Payload) {
    super({ highWaterMark: 256 * 1024 })
    // whoever writes it out hears of its end; when nobody does any more, nobody need
    this.on('error', () => {})
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

  readonly #gone = (): void => {
    if (!this.#incoming.complete) this.destroy(new BodyFailure(callerGone))
  }

  /** Whether there is room for more. */
  #pass(next: () => readonly Uint8Array[]): boolean {
    try {
      let room = true
      for (const piece of next()) room = this.push(piece)
      return room
    } catch (thrown) {
      // a payload throws nothing but faults
      this.destroy(new BodyFailure(thrown as Fault))
      return false
    }
  }

  #leave(): void {
    const { socket } = this.#incoming
    this.#incoming.off('data', this.#take).off('end', this.#finish).off('close', this.#gone)
    socket.off('timeout', this.#gone).setTimeout(0)
  }
}
