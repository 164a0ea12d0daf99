import { crc32, inflateRawSync } from 'node:zlib'
import type { HttpRequest } from '../../base/index.ts'
import type { IdentifiedCall } from './call.ts'
import { Unreadable } from './input.ts'

/** Bodies are read up to this length: DynamoDB takes 16 MB in a batch. */
export const longestBody = 16 << 20

const unpacked = new WeakMap<HttpRequest, HttpRequest>()

/**
 * The request with its body as it was before its client compressed it, as SDKs do with long lists of metrics.
 * @throws Unreadable where the body is no gzip, or longer than any that is read
 */
export function withPlainBody(request: HttpRequest): HttpRequest {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity' || request.body.length === 0) return request
  if (request.body.length > longestBody) throw tooLong()
  let plain = unpacked.get(request)
  if (plain === undefined) {
    plain = { ...request, body: decoded(request.body, encoding) }
    unpacked.set(request, plain)
  }
  return plain
}

/**
 * Whether a call's body may come compressed: of an object in S3, or of what else is the caller's own, the encoding is a
 * property that stays with it.
 */
export function mayBeCompressed({ protocol, packed }: Pick<IdentifiedCall, 'protocol' | 'packed'>): boolean {
  return protocol !== 'restXml' && packed.raw !== true
}

/**
 * A compressed body as it was decided on, to go on in its place: not every upstream reads what it says of itself
 * (behaviour GRD-43). Undefined where it came plain.
 * @throws Unreadable where it cannot be read
 */
export function unpackedBody(call: IdentifiedCall): Uint8Array | undefined {
  if (!mayBeCompressed(call)) return undefined
  const plain = withPlainBody(call.request)
  return plain === call.request ? undefined : plain.body
}

/** What begins what SDKs compress: no name, no comment, nothing in which a careless reader could find another call. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0])
const headBytes = 10
const tailBytes = 8

function decoded(body: Uint8Array, encoding: string): Uint8Array {
  if (encoding !== 'gzip') throw new Unreadable(`The body is encoded as ${encoding}`)
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  if (!bytes.subarray(0, gzipHead.length).equals(gzipHead) || bytes.length < headBytes + tailBytes)
    throw new Unreadable('The body is no gzip')
  const plain = inflated(bytes.subarray(headBytes, -tailBytes))
  // of several bodies in one, readers take the first or all
  if (
    bytes.readUInt32LE(bytes.length - 8) !== crc32(plain) ||
    bytes.readUInt32LE(bytes.length - 4) !== plain.length
  )
    throw new Unreadable('The body is no gzip')
  return plain
}

interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

/** What was compressed; nothing may follow it. */
function inflated(bytes: Uint8Array): Buffer {
  try {
    const options = { maxOutputLength: longestBody, info: true }
    // with `info` it is both, which its types do not say
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as Inflated
    if (engine.bytesWritten !== bytes.length) throw new Unreadable('The body is no gzip')
    return buffer
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    throw thrown instanceof RangeError ? tooLong() : new Unreadable('The body is no gzip')
  }
}

function tooLong(): Unreadable {
  return new Unreadable(`The body is longer than ${longestBody} bytes`)
}
