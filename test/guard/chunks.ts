import { createHash, createHmac } from 'node:crypto'
import type { ClientCredentials } from 'omen-iam'
import { headersOf, type Sent } from './house.ts'

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** A PUT whose body comes in unsigned chunks, with a checksum behind them, as SDKs send it over TLS. */
export function unsignedPut(
  endpoint: string,
  path: string,
  as: ClientCredentials,
  chunks: readonly Uint8Array[],
  {
    length = chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    trailer = 'x-amz-checksum-crc32:AAAAAA==',
  } = {},
): Sent & { readonly headers: Record<string, string>; readonly body: Buffer } {
  const headers = headersOf(endpoint, {
    method: 'PUT',
    path,
    as,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(length),
      'x-amz-trailer': 'x-amz-checksum-crc32',
    },
    payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  })
  const pieces = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ])
  return {
    method: 'PUT',
    path,
    headers,
    body: Buffer.concat([...pieces, Buffer.from(`0\r\n${trailer}\r\n\r\n`)]),
  }
}

/** A PUT whose body is signed chunk by chunk, as Amazon's documentation says it. */
export function chunkedPut(
  endpoint: string,
  path: string,
  as: ClientCredentials,
  chunks: readonly Uint8Array[],
  trailer?: readonly [name: string, value: string],
): Sent & { readonly headers: Record<string, string>; readonly body: Buffer } {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const headers = headersOf(endpoint, {
    method: 'PUT',
    path,
    as,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(length),
      ...(trailer && { 'x-amz-trailer': trailer[0] }),
    },
    payloadHash: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`,
  })
  const date = headers['x-amz-date']!
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${as.secretAccessKey}`)
  let previous = /Signature=([0-9a-f]+)/.exec(headers.authorization!)![1]!
  const sign = (kind: string, rest: string) => {
    previous = hmac(key, `AWS4-HMAC-SHA256-${kind}\n${date}\n${scope}\n${previous}\n${rest}`).toString('hex')
    return previous
  }
  const pieces: Buffer[] = []
  for (const chunk of [...chunks, Buffer.of()]) {
    const signature = sign('PAYLOAD', `${sha256('')}\n${sha256(chunk)}`)
    pieces.push(Buffer.from(`${chunk.length.toString(16)};chunk-signature=${signature}\r\n`))
    if (chunk.length > 0) pieces.push(Buffer.from(chunk), Buffer.from('\r\n'))
  }
  if (trailer === undefined) pieces.push(Buffer.from('\r\n'))
  else {
    const line = `${trailer[0]}:${trailer[1]}`
    pieces.push(
      Buffer.from(`${line}\r\nx-amz-trailer-signature:${sign('TRAILER', sha256(`${line}\n`))}\r\n\r\n`),
    )
  }
  return { method: 'PUT', path, headers, body: Buffer.concat(pieces) }
}
