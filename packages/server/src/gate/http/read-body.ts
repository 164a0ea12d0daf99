import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHead } from '../../base/index.ts'
import { noteBodyHash } from '../../wire/sigv4/index.ts'
import { type Bodies, type HeldBody, Pieces } from './bodies.ts'
import { limits } from './limits.ts'

const nothing = new Uint8Array(0)

/** A body that was read, or why there is none. */
export type ReadBody = Uint8Array | 'too large' | 'no room'

/** The data that reading a body needs beside the request. */
export interface Reading {
  readonly head: RequestHead
  readonly bodies: Bodies
  /** The most bytes that it may have. */
  readonly bytes: number
  /** The most milliseconds until it is complete; absent if the server itself watches the time. */
  readonly within: number | undefined
  /** Receives the body that is then in memory, to be released after the answer. */
  readonly holds: (body: HeldBody) => void
}

/** The whole body of a request. @throws Error if the caller hangs up or is too slow */
export function readBody(incoming: IncomingMessage, reading: Reading): Promise<ReadBody> {
  const { head, bodies, bytes, within } = reading
  const announced = announcedBytes(head)
  if (announced !== undefined && announced > bytes) return Promise.resolve('too large')
  if (announced === 0) return Promise.resolve(nothing)
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error('the body came too slowly'))
    const timer = within === undefined ? undefined : setTimeout(late, within)
    const stop = (why: ReadBody) => {
      incoming.off('data', take).pause()
      clearTimeout(timer)
      held.release()
      resolve(why)
    }
    const held = bodies.begin({ caller: callerOf(head), giveUp: () => stop('no room') })
    reading.holds(held)
    const pieces = new Pieces()
    // a large body is hashed as it arrives, so that the check of its signature does not block other requests
    const hash = (announced ?? 0) > limits.smallBody ? createHash('sha256') : undefined
    const take = (piece: Buffer) => {
      if (pieces.length + piece.length > bytes) return stop('too large')
      if (!held.grow(piece.length)) return stop('no room')
      pieces.add(piece)
      hash?.update(piece)
    }
    incoming.on('data', take)
    incoming.on('end', () => {
      clearTimeout(timer)
      held.whole()
      const body = pieces.length === 0 ? nothing : pieces.join()
      if (hash !== undefined) noteBodyHash(body, hash.digest('hex'))
      resolve(body)
    })
    incoming.on('error', reject)
    incoming.on('close', () => {
      clearTimeout(timer)
      if (!incoming.complete) reject(new Error('the caller hung up'))
    })
  })
}

/** The announced length of a body; undefined if it comes in chunks. */
export function announcedBytes({ headers }: RequestHead): number | undefined {
  const length = headers['content-length']
  if (length !== undefined) return Number(length)
  return headers['transfer-encoding'] === undefined ? 0 : undefined
}

/** Whose bodies are counted together: those of one claimed key at one address. */
export function callerOf({ headers, remoteAddress }: RequestHead): string {
  const key = /Credential=(\w{16,128})\//.exec(headers.authorization ?? '')?.[1] ?? ''
  return `${remoteAddress} ${key}`
}
