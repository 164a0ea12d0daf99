import { gunzipSync } from 'node:zlib'
import type { HttpRequest } from '../../base/index.ts'
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
  if (request.body.length > longestBody) throw tooLong()
  if (encoding === undefined || encoding === 'identity' || request.body.length === 0) return request
  let plain = unpacked.get(request)
  if (plain === undefined) {
    plain = { ...request, body: decoded(request.body, encoding) }
    unpacked.set(request, plain)
  }
  return plain
}

function decoded(body: Uint8Array, encoding: string): Uint8Array {
  if (encoding !== 'gzip') throw new Unreadable(`The body is encoded as ${encoding}`)
  try {
    return gunzipSync(body, { maxOutputLength: longestBody })
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLong()
    throw new Unreadable('The body is no gzip')
  }
}

function tooLong(): Unreadable {
  return new Unreadable(`The body is longer than ${longestBody} bytes`)
}
