import { limits } from './limits.ts'

/** The end of a log: earlier output is dropped as it grows. */
export class LogTail {
  #chunks: Buffer[] = []
  #length = 0

  add(chunk: Buffer | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    this.#chunks.push(bytes.length > limits.logBytes ? bytes.subarray(-limits.logBytes) : bytes)
    this.#length += this.#chunks.at(-1)?.length ?? 0
    if (this.#length > 4 * limits.logBytes) {
      const kept = this.bytes()
      this.#chunks = [Buffer.from(kept)] // a copy: a slice would keep the whole in memory
      this.#length = kept.length
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-limits.logBytes)
  }
}
