import { parentPort, workerData } from 'node:worker_threads'
import { argon2id } from 'hash-wasm'
import type { Argon2Order } from './argon2.ts'

/** A thread that computes one hash and ends. */
const { message, nonce, memory, passes, parallelism, tagLength } = workerData as Argon2Order // argon2.ts sends it
const hash = await argon2id({
  password: message,
  salt: nonce,
  memorySize: memory,
  iterations: passes,
  parallelism,
  hashLength: tagLength,
  outputType: 'binary',
})
parentPort?.postMessage(hash)
