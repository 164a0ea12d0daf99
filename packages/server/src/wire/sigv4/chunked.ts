import { createHash, type Hash, hash } from 'node:crypto'
import { type HmacKey, hmac } from './hmac.ts'
import type { Claim } from './types.ts'
import { sameSignature, scopeOf } from './verify.ts'

/** Why a chunked body is refused. */
export type ChunkProblem =
  | { readonly kind: 'malformed'; readonly message: string }
  | { readonly kind: 'tooLarge'; readonly message: string }
  | { readonly kind: 'mismatch'; readonly stringToSign: string }

/**
 * The claims about a body that a request's own signature leaves for the body to prove, and the key that signs its
 * chunks.
 */
export interface PayloadProof {
  readonly claim: Claim
  readonly key: HmacKey
}

/** The claim in the request's x-amz-content-sha256. */
export interface ChunkForm {
  /** Whether each chunk carries a signature. */
  readonly signed: boolean
  /** Whether headers follow the last chunk. */
  readonly trailer: boolean
}

const forms: Readonly<Record<string, ChunkForm>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
}

/** Returns the form of chunks that a claim announces, or undefined if the body is not chunked. */
export function chunkForm(claim: Claim): ChunkForm | undefined {
  return claim.contentHash === undefined ? undefined : forms[claim.contentHash]
}

/** A signed chunk stays in memory until its signature is verified, so its size is limited. */
const largestChunk = 16 * 1024 * 1024
const longestLine = 4096
const longestTrailer = 16 * 1024
/** Header names (RFC 9110, 5.6.2), and characters that a value cannot have: a reader may take them for ends of lines. */
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/
const unprintable = /[\x00-\x08\x0a-\x1f\x7f]/
const emptyHash = hash('sha256', '', 'hex')

type Awaited = 'chunkLine' | 'data' | 'dataEnd' | 'trailerLine' | 'lastLine' | 'nothing'

/**
 * Reads an aws-chunked body as it arrives and releases data only when its chunk's signature is verified. Each
 * signature covers the previous one, the first that of the request (behaviour SIG-30).
 */
export class ChunkedPayload {
  readonly #form: ChunkForm
  readonly #key: HmacKey
  readonly #signs: string
  readonly trailers = new Map<string, string>()
  #previous: string
  #awaited: Awaited = 'chunkLine'
  #problem: ChunkProblem | undefined
  #line = ''
  #remaining = 0
  #signature = ''
  #digest: Hash = createHash('sha256')
  #waiting: Uint8Array[] = []
  #waitingLength = 0
  #trailerText = ''
  #trailerLength = 0

  /** `key` is the signing key that verified the request itself. */
  constructor(claim: Claim, form: ChunkForm, key: HmacKey) {
    this.#form = form
    this.#key = key
    this.#signs = `${claim.date}\n${scopeOf(claim)}`
    this.#previous = claim.signature
  }

  /** Bytes of the chunk that waits for its signature. */
  get waiting(): number {
    return this.#waitingLength
  }

  /** Reads bytes and returns the verified payload, or the problem. A problem is final. */
  push(bytes: Uint8Array): readonly Uint8Array[] | ChunkProblem {
    const proven: Uint8Array[] = []
    let at = 0
    while (at < bytes.length && this.#problem === undefined) {
      at = this.#awaited === 'data' ? this.#takeData(bytes, at, proven) : this.#takeLine(bytes, at, proven)
    }
    return this.#problem ?? proven
  }

  /** Must be called at the end of the body. Returns undefined if the body was complete. */
  end(): ChunkProblem | undefined {
    if (this.#problem === undefined && this.#awaited !== 'nothing') this.#malformed('the body ends too early')
    return this.#problem
  }

  #takeData(bytes: Uint8Array, at: number, proven: Uint8Array[]): number {
    const piece = bytes.slice(at, at + this.#remaining)
    if (this.#form.signed) {
      this.#digest.update(piece)
      this.#waiting.push(piece)
      this.#waitingLength += piece.length
    } else proven.push(piece)
    this.#remaining -= piece.length
    if (this.#remaining === 0) this.#awaited = 'dataEnd'
    return at + piece.length
  }

  #takeLine(bytes: Uint8Array, at: number, proven: Uint8Array[]): number {
    if (this.#awaited === 'nothing') return this.#malformed('there is more after the last chunk')
    const newline = bytes.indexOf(10, at)
    const end = newline < 0 ? bytes.length : newline
    if (this.#line.length + end - at > longestLine) return this.#malformed('a line is too long')
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1')
    if (newline < 0) return end
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
    this.#line = ''
    this.#readLine(line, proven)
    return end + 1
  }

  #readLine(line: string, proven: Uint8Array[]): void {
    switch (this.#awaited) {
      case 'chunkLine':
        this.#beginChunk(line)
        break
      case 'dataEnd':
        if (line !== '') this.#malformed('a chunk is longer than it says')
        else if (this.#chunkIsRight()) {
          for (const piece of this.#waiting) proven.push(piece)
          this.#waiting = []
          this.#waitingLength = 0
          this.#awaited = 'chunkLine'
        }
        break
      case 'trailerLine':
        this.#readTrailer(line)
        break
      case 'lastLine':
        if (line !== '') this.#malformed('there is more after the last chunk')
        else this.#awaited = 'nothing'
    }
  }

  #beginChunk(line: string): void {
    const match = this.#form.signed
      ? /^([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})$/.exec(line)
      : /^([0-9a-fA-F]{1,10})$/.exec(line)
    if (match === null) {
      this.#malformed('a chunk begins with its size and signature')
      return
    }
    this.#remaining = Number.parseInt(match[1]!, 16)
    this.#signature = match[2] ?? ''
    this.#digest = createHash('sha256')
    if (this.#form.signed && this.#remaining > largestChunk) {
      this.#problem = { kind: 'tooLarge', message: `a chunk may have ${largestChunk} bytes` }
    } else if (this.#remaining > 0) {
      this.#awaited = 'data'
    } else if (this.#chunkIsRight()) {
      this.#awaited = this.#form.trailer ? 'trailerLine' : 'lastLine'
    }
  }

  #chunkIsRight(): boolean {
    if (!this.#form.signed) return true
    return this.#check(
      `AWS4-HMAC-SHA256-PAYLOAD\n${this.#signs}\n${this.#previous}\n${emptyHash}\n${this.#digest.digest('hex')}`,
      this.#signature,
    )
  }

  #readTrailer(line: string): void {
    this.#trailerLength += line.length
    if (this.#trailerLength > longestTrailer) {
      this.#malformed('the trailer is too long')
    } else if (line === '') {
      // A signed trailer may have blank lines between its headers; its signature ends it.
      if (!this.#form.signed) this.#awaited = 'nothing'
    } else {
      const colon = line.indexOf(':')
      const name = trim(line.slice(0, Math.max(colon, 0))).toLowerCase()
      const value = trim(line.slice(colon + 1))
      if (!headerName.test(name) || unprintable.test(value))
        this.#malformed('a trailer is a name and a value')
      else if (this.#form.signed && name === 'x-amz-trailer-signature') this.#endTrailer(value)
      else {
        this.trailers.set(name, value)
        this.#trailerText += `${name}:${value}\n`
      }
    }
  }

  #endTrailer(signature: string): void {
    const stringToSign = `AWS4-HMAC-SHA256-TRAILER\n${this.#signs}\n${this.#previous}\n${hash('sha256', this.#trailerText, 'hex')}`
    if (this.#check(stringToSign, signature)) this.#awaited = 'lastLine'
  }

  #check(stringToSign: string, signature: string): boolean {
    if (!sameSignature(hmac(this.#key, stringToSign, 'hex'), signature)) {
      this.#problem = { kind: 'mismatch', stringToSign }
      return false
    }
    this.#previous = signature
    return true
  }

  /** Records the problem and returns a position that ends every loop. */
  #malformed(what: string): number {
    this.#problem = { kind: 'malformed', message: `The chunked body is malformed: ${what}.` }
    return Number.MAX_SAFE_INTEGER
  }
}

/** Removes the blanks that a header may have around it; no other character is a blank there. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start++
  while (end > start && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
