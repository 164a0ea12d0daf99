import { createHash, createHmac } from 'node:crypto'
import type { ClientCredentials } from 'omen-iam'

/** What is to be signed into a URL. */
export interface Presigned {
  readonly method: string
  readonly path: string
  readonly as: ClientCredentials
  readonly expires?: number
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Path and query of a presigned URL of S3, as Amazon's documentation says it; the host alone is signed. */
export function presignedPath(endpoint: string, { method, path, as, expires = 60 }: Presigned): string {
  const [rawPath = '/', own = ''] = path.split('?', 2)
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${as.accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': 'host',
  }
  const pairs = [
    ...(own === '' ? [] : own.split('&').map((pair) => (pair.includes('=') ? pair : `${pair}=`))),
    ...Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
  ]
  const query = pairs.sort().join('&')
  const canonical = `${method}\n${rawPath}\n${query}\nhost:${new URL(endpoint).host}\n\nhost\nUNSIGNED-PAYLOAD`
  const hashed = createHash('sha256').update(canonical).digest('hex')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${as.secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hashed}`).toString('hex')
  return `${rawPath}?${query}&X-Amz-Signature=${signature}`
}
