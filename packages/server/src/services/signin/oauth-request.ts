import type { Dependencies } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import type { Fields } from './fields.ts'
import { baseOf, clientKind, isRedirectOf } from './oauth-client.ts'

/** A program's checked request. It is in the page, sealed, and stored nowhere. */
export interface OauthRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  readonly scope: string
  readonly challenge: string
  readonly method: string
  /** The address of the browser that brought it. */
  readonly from: string
  readonly at: number
}

const purpose = 'oauth-request'
/** A page is answered within ten minutes. */
const lifetime = 600_000

/** Reads the query of /v1/authorize; a text says what is wrong (behaviour SSO-2). */
export function readOauthRequest(fields: Fields, request: HttpRequest, now: number): OauthRequest | string {
  const get = (name: string) => fields.get(name) ?? ''
  const clientId = get('client_id')
  const kind = clientKind(clientId)
  const redirectUri = get('redirect_uri')
  const base = baseOf({ secure: request.secure, host: request.headers.host ?? '' })
  if (get('response_type') !== 'code') return 'response_type must be code.'
  if (kind === undefined) return 'client_id is unknown.'
  if (!isRedirectOf(kind, redirectUri, base)) return 'redirect_uri does not belong to the client.'
  if (!/^[\x21-\x7e]{1,128}$/.test(get('state'))) return 'state must have 1 to 128 characters.'
  if (!['S256', 'SHA-256'].includes(get('code_challenge_method')))
    return 'code_challenge_method must be SHA-256.'
  if (!/^[\w\-.~]{43,128}$/.test(get('code_challenge')))
    return 'code_challenge must have 43 to 128 characters.'
  if (get('scope') !== 'openid') return 'scope must be openid.'
  return {
    clientId,
    redirectUri,
    state: get('state'),
    scope: get('scope'),
    challenge: get('code_challenge'),
    method: get('code_challenge_method'),
    from: request.remoteAddress,
    at: now,
  }
}

export function sealRequest(request: OauthRequest, { vault }: Dependencies): string {
  return vault.sealText(purpose, JSON.stringify(request))
}

/** Returns a sealed request; undefined if it is none, or too old. */
export function openRequest(sealed: string, { vault, clock }: Dependencies): OauthRequest | undefined {
  const text = vault.openText(purpose, sealed)
  if (text === undefined) return undefined
  const request = JSON.parse(text) as OauthRequest // sealed by sealRequest
  return clock.now() < request.at + lifetime ? request : undefined
}

/** The address that an answer leads to. */
export function answerTo(
  { redirectUri, state }: OauthRequest,
  answer: { readonly code: string } | { readonly error: string; readonly error_description: string },
): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries({ ...answer, state })) url.searchParams.set(name, value)
  return url.href
}
