import * as crypto from 'node:crypto'
import { Worker } from 'node:worker_threads'

/** What a hash costs, in the words of Node's `crypto.argon2`. Memory is in KiB, `tagLength` in bytes. */
export interface Argon2Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly tagLength: number
}

/** What the thread is told. */
export interface Argon2Order extends Argon2Cost {
  readonly message: string
  readonly nonce: Uint8Array
}

/** The argon2id hash (RFC 9106), computed beside the main thread: by Node itself from 24.7 on, else by WebAssembly. */
export const argon2id: (order: Argon2Order) => Promise<Uint8Array> =
  // the types are those of the newest Node; older ones have no such function
  (crypto.argon2 as typeof crypto.argon2 | undefined) === undefined ? argon2idInThread : argon2idOfNode

function argon2idOfNode(order: Argon2Order): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    crypto.argon2('argon2id', order, (error, hash) => (error === null ? resolve(hash) : reject(error)))
  })
}

/** The same hash by `hash-wasm`, which blocks its thread for some 60 ms: a thread for each hash, gone after it. */
export function argon2idInThread(order: Argon2Order): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadModule(), { workerData: order, name: 'argon2' })
    worker.once('message', (hash: Uint8Array) => resolve(hash))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the argon2 thread ended without a hash'))) // too late after a hash
  })
}

/** The thread's module is beside this one, as source and as published. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './argon2-thread.ts' : './argon2-thread.js',
    import.meta.url,
  )
}
