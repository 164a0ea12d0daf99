import * as crypto from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { threadEnvironment } from '../base/index.ts'

/** The cost of a hash, in the terms of Node's `crypto.argon2`. Memory is in KiB, `tagLength` in bytes. */
export interface Argon2Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly tagLength: number
}

/** The thread's input. */
export interface Argon2Order extends Argon2Cost {
  readonly message: string
  readonly nonce: Uint8Array
}

/**
 * Computes the argon2id hash (RFC 9106) outside the main thread: with Node's own function from 24.7 on, otherwise with
 * WebAssembly.
 */
export const argon2id: (order: Argon2Order) => Promise<Uint8Array> =
  // the types are those of the newest Node; older versions lack the function
  (crypto.argon2 as typeof crypto.argon2 | undefined) === undefined ? argon2idInThread : argon2idOfNode

function argon2idOfNode(order: Argon2Order): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    crypto.argon2('argon2id', order, (error, hash) => (error === null ? resolve(hash) : reject(error)))
  })
}

/** Computes the hash with `hash-wasm`, which blocks its thread for about 60 ms: one thread for each hash. */
export function argon2idInThread(order: Argon2Order): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadModule(), { workerData: order, name: 'argon2', env: threadEnvironment() })
    worker.once('message', (hash: Uint8Array) => resolve(hash))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the argon2 thread ended without a hash'))) // too late after a hash
  })
}

/** The thread's module is beside this one, in source form and in the published package. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './argon2-thread.ts' : './argon2-thread.js',
    import.meta.url,
  )
}
