import { createHash } from 'node:crypto'
import { Fault, type RequestHead } from '../base/index.ts'
import { ChunkedPayload, type ChunkForm, chunkForm, type PayloadProof } from '../wire/sigv4/index.ts'

/** A body on its way: what is forwarded of each piece. */
export interface Payload {
  /** The hash that represents the body in the signature for the upstream. */
  readonly hash: string
  /** Headers that change with it; undefined ones are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Bytes that wait until they are proven; absent if none do. */
  readonly waiting?: number
  /** @throws Fault if the body is not what was signed */
  push(piece: Uint8Array): readonly Uint8Array[]
  /** The rest at the end of the body. @throws Fault if it is not what was signed */
  end(): readonly Uint8Array[]
}

const unsigned = 'UNSIGNED-PAYLOAD'

/**
 * Chooses how a body is checked as it passes. A wrong body never becomes complete: the last piece is forwarded only
 * after everything is verified (behaviour GRD-64). @throws Fault if the caller announced the body in an unknown form
 */
export function payloadOf(head: RequestHead, proof: PayloadProof | undefined): Payload {
  const said = head.headers['x-amz-content-sha256']
  if (proof === undefined) return passing(said ?? unsigned)
  const { contentHash } = proof.claim
  const form = chunkForm(proof.claim)
  if (form !== undefined) return new Rechunked(head, proof, form)
  if (contentHash === undefined || contentHash === unsigned) return passing(unsigned)
  if (/^[0-9a-f]{64}$/.test(contentHash)) return new Hashed(contentHash)
  throw new Fault(
    'InvalidRequest',
    'The value of x-amz-content-sha256 header is invalid.', // in S3's words
    400,
  )
}

/**
 * A complete body without its chunks, verified against the signature. A trailing checksum is left out. @throws Fault
 * if it is not what was signed
 */
export function wholePayload(
  head: RequestHead,
  proof: PayloadProof | undefined,
  body: Uint8Array,
): Uint8Array {
  const form = proof && chunkForm(proof.claim)
  if (proof === undefined || form === undefined) {
    const payload = payloadOf(head, proof)
    payload.push(body)
    payload.end()
    return body
  }
  const chunks = new ChunkedPayload(proof.claim, form, proof.key)
  const proven = chunks.push(body)
  if ('kind' in proven) throw chunkFault(proven.kind, 'message' in proven ? proven.message : '')
  const problem = chunks.end()
  if (problem !== undefined) throw chunkFault(problem.kind, 'message' in problem ? problem.message : '')
  return Buffer.concat(proven)
}

/** A body without any statement about it. */
function passing(hash: string): Payload {
  return { hash, headers: {}, push: (piece) => [piece], end: () => [] }
}

/** A body of a known hash; its last piece waits until the hash is seen to be right. */
class Hashed implements Payload {
  readonly hash = unsigned
  readonly headers = {}
  readonly #expected: string
  readonly #digest = createHash('sha256')
  #held: Uint8Array | undefined

  constructor(expected: string) {
    this.#expected = expected
  }

  push(piece: Uint8Array): readonly Uint8Array[] {
    this.#digest.update(piece)
    const ready = this.#held
    this.#held = piece
    return ready === undefined ? [] : [ready]
  }

  end(): readonly Uint8Array[] {
    if (this.#digest.digest('hex') !== this.#expected) {
      throw new Fault(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        400,
      )
    }
    return this.#held === undefined ? [] : [this.#held]
  }
}

/** Bytes of a chunk to the upstream. */
const chunkBytes = 64 * 1024
const chunkLine = Buffer.from(`${chunkBytes.toString(16)}\r\n`)
const lineEnd = Buffer.from('\r\n')
/** Digits in base64 of the checksums that S3 takes after a body. */
const checksumLengths: Readonly<Record<string, number>> = {
  'x-amz-checksum-crc32': 8,
  'x-amz-checksum-crc32c': 8,
  'x-amz-checksum-crc64nvme': 12,
  'x-amz-checksum-sha1': 28,
  'x-amz-checksum-sha256': 44,
}

/**
 * A body in signed chunks. Each is forwarded once its signature is verified: plain, or, if a checksum follows it, in
 * unsigned chunks with the checksum behind them.
 */
class Rechunked implements Payload {
  readonly hash: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly #chunks: ChunkedPayload
  readonly #trailer: boolean
  readonly #length: number
  /** Names of headers behind the body, as the request announces them. */
  readonly #announced: readonly string[]
  #arrived = 0
  /** The last piece of a plain body is held until the last chunk, which alone shows that the body is complete. */
  #held: Uint8Array | undefined
  /** Pieces that do not fill a chunk yet. */
  #waiting: Uint8Array[] = []
  #waitingLength = 0

  constructor({ headers }: RequestHead, proof: PayloadProof, form: ChunkForm) {
    const decoded = headers['x-amz-decoded-content-length'] ?? ''
    if (!/^\d{1,15}$/.test(decoded)) {
      throw new Fault('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
    }
    this.#length = Number(decoded)
    this.#chunks = new ChunkedPayload(proof.claim, form, proof.key)
    this.#trailer = form.trailer
    this.#announced = namesIn(headers['x-amz-trailer'])
    this.hash = form.trailer ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' : unsigned
    const others = namesIn(headers['content-encoding'])
      .filter((each) => each !== 'aws-chunked')
      .join(',')
    if (form.trailer) {
      const length = this.#framedLength()
      this.headers = {
        'content-encoding': others === '' ? 'aws-chunked' : `aws-chunked,${others}`,
        'content-length': length,
      }
    } else {
      this.headers = {
        'content-encoding': others === '' ? undefined : others,
        'content-length': decoded,
        'x-amz-decoded-content-length': undefined,
      }
    }
  }

  get waiting(): number {
    return this.#chunks.waiting
  }

  push(piece: Uint8Array): readonly Uint8Array[] {
    const proven = this.#chunks.push(piece)
    if ('kind' in proven) throw chunkFault(proven.kind, 'message' in proven ? proven.message : '')
    for (const each of proven) this.#arrived += each.length
    if (this.#arrived > this.#length) throw chunkFault('malformed', 'The body is longer than it says.')
    return this.#trailer ? this.#framed(proven) : this.#plain(proven)
  }

  end(): readonly Uint8Array[] {
    const problem = this.#chunks.end()
    if (problem !== undefined) throw chunkFault(problem.kind, 'message' in problem ? problem.message : '')
    if (this.#arrived !== this.#length) throw chunkFault('malformed', 'The body is shorter than it says.')
    if (!this.#trailer) return this.#held === undefined ? [] : [this.#held]
    this.#checkTrailers()
    const pieces: Uint8Array[] = []
    if (this.#waitingLength > 0) pieces.push(...this.#chunk(this.#waitingLength))
    let end = '0\r\n'
    for (const [name, value] of this.#chunks.trailers) end += `${name}:${value}\r\n`
    pieces.push(Buffer.from(`${end}\r\n`, 'latin1'))
    return pieces
  }

  #plain(proven: readonly Uint8Array[]): readonly Uint8Array[] {
    if (proven.length === 0) return proven
    const ready = this.#held === undefined ? [...proven] : [this.#held, ...proven]
    this.#held = ready.pop()
    return ready
  }

  /** The following bytes must match the announcement exactly: the total length was sent before. */
  #checkTrailers(): void {
    const { trailers } = this.#chunks
    const right =
      trailers.size === this.#announced.length &&
      this.#announced.every((name) => {
        const value = trailers.get(name)
        return value !== undefined && (checksumLengths[name] ?? value.length) === value.length
      })
    if (!right)
      throw new Fault(
        'MalformedTrailerError',
        'The request contained trailing data that was not well-formed or did not conform to our published schema.',
        400,
      )
  }

  #framed(proven: readonly Uint8Array[]): readonly Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (const piece of proven) {
      let at = 0
      while (at < piece.length) {
        const taken = piece.subarray(at, at + chunkBytes - this.#waitingLength)
        this.#waiting.push(taken)
        this.#waitingLength += taken.length
        at += taken.length
        if (this.#waitingLength === chunkBytes) pieces.push(...this.#chunk(chunkBytes))
      }
    }
    return pieces
  }

  #chunk(length: number): readonly Uint8Array[] {
    const line = length === chunkBytes ? chunkLine : Buffer.from(`${length.toString(16)}\r\n`)
    const pieces = [line, ...this.#waiting, lineEnd]
    this.#waiting = []
    this.#waitingLength = 0
    return pieces
  }

  /** The length of the body in its new frames; undefined if it has a trailer of unknown length. */
  #framedLength(): string | undefined {
    const rest = this.#length % chunkBytes
    let length = ((this.#length - rest) / chunkBytes) * (chunkLine.length + chunkBytes + 2)
    if (rest > 0) length += rest.toString(16).length + 2 + rest + 2
    length += '0\r\n\r\n'.length
    for (const name of this.#announced) {
      const digits = checksumLengths[name]
      if (digits === undefined) return undefined
      length += name.length + 1 + digits + 2
    }
    return String(length)
  }
}

/** The names in a header's list, in lower case. */
function namesIn(list = ''): readonly string[] {
  return list
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function chunkFault(kind: 'malformed' | 'tooLarge' | 'mismatch', message: string): Fault {
  if (kind === 'mismatch') {
    return new Fault(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    )
  }
  if (kind === 'tooLarge') return new Fault('InvalidChunkSizeError', message, 403)
  return new Fault('IncompleteBody', message, 400)
}
