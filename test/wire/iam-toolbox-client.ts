import { Secret } from '../../packages/server/src/base/index.ts'
import type { ClientCredentials } from '../../packages/server/src/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

/** Calls GetRequestAuthorizationDetails as an SDK would that has the preview. */
export async function details(
  { endpoint }: { readonly endpoint: string },
  reader: ClientCredentials,
  id: string,
  query = '',
) {
  const url = new URL(`/authorization-details/${id}${query}`, endpoint)
  const request = {
    method: 'GET',
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host },
    body: new Uint8Array(),
  }
  const signer = {
    accessKeyId: reader.accessKeyId,
    secret: new Secret(reader.secretAccessKey),
    region: 'eu-west-1',
    service: 'iam',
  }
  const { host: _, ...headers } = signedHeaders(request, signer, Date.now())
  const response = await fetch(url, { headers })
  return {
    status: response.status,
    error: response.headers.get('x-amzn-errortype'),
    body: (await response.json()) as Record<string, never>,
  }
}
