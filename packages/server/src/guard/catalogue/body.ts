import { crc32, inflateRawSync } from 'node:zlib'
import type { HttpRequest } from '../../base/index.ts'
import type { IdentifiedCall } from './call.ts'
import { Unreadable } from './input.ts'

/** Bodies are read up to this length: DynamoDB takes 16 MB in a batch. */
export const longestBody = 16 << 20
/** The same of one that was compressed: SDKs compress lists of metrics, of 1 MB at most. */
export const longestUnpacked = 4 << 20

const unpacked = new WeakMap<HttpRequest, HttpRequest>()

/**
 * The request with its body unpacked, if the client compressed it, as SDKs do with long lists of metrics. @throws
 * Unreadable if the body is not gzip, or longer than the limit
 */
export function withPlainBody(request: HttpRequest): HttpRequest {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity' || request.body.length === 0) return request
  if (request.body.length > longestUnpacked) throw tooLong(longestUnpacked)
  let plain = unpacked.get(request)
  if (plain === undefined) {
    plain = { ...request, body: decoded(request.body, encoding) }
    unpacked.set(request, plain)
  }
  return plain
}

/**
 * Returns whether a call's body may be compressed. The encoding of an S3 object, or of other content of the caller, is
 * a property of that content.
 */
export function mayBeCompressed({ protocol, packed }: Pick<IdentifiedCall, 'protocol' | 'packed'>): boolean {
  return protocol !== 'restXml' && packed.raw !== true
}

/**
 * A compressed body as it was authorized, to forward in its place: not every upstream reads Content-Encoding
 * (behaviour GRD-43). Undefined if it arrived plain. @throws Unreadable if it cannot be read
 */
export function unpackedBody(call: IdentifiedCall): Uint8Array | undefined {
  if (!mayBeCompressed(call)) return undefined
  const plain = withPlainBody(call.request)
  return plain === call.request ? undefined : plain.body
}

/**
 * The beginning of what SDKs compress: no name and no comment, in which a careless reader could find another call.
 */
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

/** The uncompressed body; nothing may follow it. */
function inflated(bytes: Uint8Array): Buffer {
  try {
    const options = { maxOutputLength: longestUnpacked, info: true }
    // with `info` the result has both, which its types do not show
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as Inflated
    if (engine.bytesWritten !== bytes.length) throw new Unreadable('The body is no gzip')
    return buffer
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    throw thrown instanceof RangeError ? tooLong(longestUnpacked) : new Unreadable('The body is no gzip')
  }
}

function tooLong(most: number): Unreadable {
  return new Unreadable(`The body is longer than ${most} bytes`)
}
