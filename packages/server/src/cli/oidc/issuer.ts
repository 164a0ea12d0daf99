import type { JWK } from 'jose'
import type { HttpRequest, HttpResponse } from '../../base/index.ts'

/** The address at which a local issuer serves the documents of the issuer that it replaces. */
export function localBase(url: string, issuer: string): string {
  return `${url}/${issuer.replace(/^https:\/\//, '').replace(/\/$/, '')}`
}

/** Ends of the two documents' paths, after the name of the issuer as in `localBase`. */
const discovery = '/.well-known/openid-configuration'
const keySet = '/.well-known/jwks'

/**
 * Answers as any issuer that the path names: its discovery document, and the keys that sign for all of them. The
 * documents use the issuer's own name; the server knows their real address.
 */
export function issuerAnswer(request: HttpRequest, key: JWK): HttpResponse {
  const { method, rawPath } = request
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'Only GET is answered here.' })
  if (rawPath.endsWith(keySet)) return json(200, { keys: [key] })
  if (!rawPath.endsWith(discovery) || rawPath.length === discovery.length)
    return json(404, { error: `Ask for /ISSUER${discovery} or /ISSUER${keySet}.` })
  const issuer = `https:/${rawPath.slice(0, -discovery.length)}`
  return json(200, {
    issuer,
    jwks_uri: issuer + keySet,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'],
  })
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}
