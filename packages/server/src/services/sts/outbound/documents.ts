import type { Dependencies } from '../../../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../../../base/index.ts'
import { publicKeys, signingAlgorithms } from '../../../grants/index.ts'

const domain = '.tokens.sts.global.api.aws'
const byPath = /^\/oidc\/([0-9a-f-]{36})(\/\.well-known\/[a-z.-]+)$/
const byHost = new RegExp(`^([0-9a-f-]{36})${domain.replaceAll('.', '\\.')}$`)

/**
 * Returns whether a request asks for a document of an outbound issuer: under `/oidc/ID`, or under the issuer's own
 * name.
 */
export function asksForIssuer(request: HttpRequest): boolean {
  return byPath.test(request.rawPath) || byHost.test(hostOf(request))
}

/**
 * Returns the discovery document and the keys of an account's outbound issuer, for the verification of a token of
 * GetWebIdentityToken (behaviour STS-104).
 */
export async function issuerDocument(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> {
  const [, idInPath, pathBehind] = byPath.exec(request.rawPath) ?? []
  const id = idInPath ?? byHost.exec(hostOf(request))?.[1]
  const path = pathBehind ?? request.rawPath
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'GET only' })
  if (path === '/.well-known/jwks.json') return json(200, { keys: await publicKeys(deps) })
  if (path !== '/.well-known/openid-configuration') return json(404, { error: 'There is no such document.' })
  const base = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}`
  return json(200, {
    issuer: `https://${id}${domain}`,
    jwks_uri: `${base}${idInPath === undefined ? '' : `/oidc/${idInPath}`}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: signingAlgorithms,
    subject_types_supported: ['public'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'https://sts.amazonaws.com/'],
  })
}

function hostOf({ headers }: HttpRequest): string {
  return (headers.host ?? '').replace(/:\d+$/, '')
}

function json(status: number, value: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    body: JSON.stringify(value),
  }
}
