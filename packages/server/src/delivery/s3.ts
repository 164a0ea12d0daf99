import { createHash } from 'node:crypto'
import type { Clock, Secret } from '../base/index.ts'
import { escapeBytes, signedHeaders } from '../wire/sigv4/index.ts'
import { DeliveryFailure, type TrailTarget } from './target.ts'

/** An S3 endpoint, of AWS or compatible with it, and the key that may put objects there. */
export interface S3Endpoint {
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secret: Secret
  readonly sessionToken?: string
}

/** The time limit of a PUT, in milliseconds. */
const patience = 30_000
/** The most bytes that are read of a refusal. */
const refusalBytes = 16_384

/** Buckets of an S3 endpoint, in its path style, by signed PUTs. */
export function s3Target(endpoint: S3Endpoint, clock: Clock): TrailTarget {
  return {
    description: endpoint.url,
    encrypts: true,
    async put({ bucket, key, bytes, metadata, encryption }) {
      const url = new URL(endpoint.url)
      // encoded as S3 does it to verify the signature: characters such as ( and ' are escaped too (behaviour SIG-21)
      const path = escapeBytes(`${bucket}/${key}`, '/')
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
      const headers: Record<string, string> = {
        host: url.host,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
      }
      for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name}`] = value
      if (encryption !== undefined) {
        const context = JSON.stringify({ 'aws:cloudtrail:arn': encryption.trailArn })
        headers['x-amz-server-side-encryption'] = 'aws:kms'
        headers['x-amz-server-side-encryption-aws-kms-key-id'] = encryption.key
        headers['x-amz-server-side-encryption-context'] = Buffer.from(context).toString('base64')
      }
      const request = { method: 'PUT', rawPath: url.pathname, rawQuery: '', headers, body: bytes }
      const { host: _, ...signed } = signedHeaders(request, { ...endpoint, service: 's3' }, clock.now())
      const { status, said } = await send(url, bytes, signed)
      if (status >= 200 && status < 300) return
      const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(said)?.[1] ?? String(status)
      throw new DeliveryFailure(code, `${url.host} refused ${bucket}/${key}: ${code}`)
    },
  }
}

/** The answer: its status, and the beginning of the body if it is a refusal. */
async function send(
  url: URL,
  bytes: Uint8Array,
  headers: Record<string, string>,
): Promise<{ readonly status: number; readonly said: string }> {
  try {
    const body = new Uint8Array(bytes) // bytes of an ArrayBuffer of their own, as `fetch` wants them
    const signal = AbortSignal.timeout(patience)
    // a redirect is refused: it would send the log to another place, or count as delivered what was not
    const response = await fetch(url, { method: 'PUT', headers, body, signal, redirect: 'manual' })
    return {
      status: response.status,
      said: response.ok ? await ended(response) : await beginningOf(response),
    }
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw new DeliveryFailure('ServiceUnavailable', `${url.host} does not answer: ${cause}`)
  }
}

async function ended(response: Response): Promise<string> {
  await response.body?.cancel()
  return ''
}

/** Reads the beginning of a refusal's body and does not wait for the rest. */
async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= refusalBytes) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, refusalBytes)
}
