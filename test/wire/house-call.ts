import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

interface Target {
  readonly endpoint: string
  readonly now: number
}

/** Calls the server's own API with a signature. */
export function callServer(
  { endpoint, now }: Target,
  method: 'GET' | 'POST',
  path: string,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  region = 'us-east-1',
  body?: object,
): Promise<Response> {
  const url = new URL(path, endpoint)
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  }
  const signer = { accessKeyId, secret: new Secret(secretAccessKey), region, service: 'omen' }
  const { host: _, ...headers } = signedHeaders(request, signer, now)
  return fetch(url, { method, headers, ...(body !== undefined && { body: request.body }) })
}
