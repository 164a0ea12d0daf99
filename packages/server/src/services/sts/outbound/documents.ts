import type { Dependencies } from '../../../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../../../base/index.ts'
import { publicKeys, signingAlgorithms } from '../../../grants/index.ts'
import { type AskedIssuer, issuerDomain } from '../../doors/index.ts'

/**
 * Returns the discovery document and the keys of an account's outbound issuer, for the verification of a token of
 * GetWebIdentityToken (behaviour STS-104).
 */
export async function issuerDocument(
  request: HttpRequest,
  { id, path, base }: AskedIssuer,
  deps: Dependencies,
): Promise<HttpResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'GET only' })
  if (path === '/.well-known/jwks.json') return json(200, { keys: await publicKeys(deps) })
  if (path !== '/.well-known/openid-configuration') return json(404, { error: 'There is no such document.' })
  const origin = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}`
  return json(200, {
    issuer: `https://${id}${issuerDomain}`,
    jwks_uri: `${origin}${base}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: signingAlgorithms,
    subject_types_supported: ['public'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'https://sts.amazonaws.com/'],
  })
}

function json(status: number, value: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    body: JSON.stringify(value),
  }
}
