import type { Dependencies } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import type { Fields } from './fields.ts'
import { baseOf, clientKind, externalId, isRedirectOf, isResource } from './oauth-client.ts'
import { publicClient } from './public-client.ts'
import { isAllowedRedirect, redirectHash } from './redirects.ts'

/** A program's checked request. It is in the page, sealed, and stored nowhere. */
export interface OauthRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  readonly scope: string
  readonly challenge: string
  readonly method: string
  /** The resource that a program which registered itself wants tokens for. */
  readonly resource?: string
  /** The address of the browser that brought it. */
  readonly from: string
  readonly at: number
}

const purpose = 'oauth-request'
/** A page is answered within ten minutes. */
const lifetime = 600_000

/** Reads the query of /v1/authorize; a text says what is wrong (behaviours SSO-2, SGN-64). */
export async function readOauthRequest(
  fields: Fields,
  request: HttpRequest,
  deps: Dependencies,
): Promise<OauthRequest | string> {
  const get = (name: string) => fields.get(name) ?? ''
  const now = deps.clock.now()
  const clientId = get('client_id')
  const isAgent = externalId(clientId) !== undefined
  if (get('response_type') !== 'code') return 'response_type must be code.'
  const wrong = isAgent ? await wrongOfAgent(fields, deps) : wrongOfTool(fields, request)
  if (wrong !== undefined) return wrong
  // a program that registered itself may leave state and scope out
  if (!/^[\x21-\x7e]{1,128}$/.test(get('state')) && !(isAgent && get('state') === ''))
    return 'state must have 1 to 128 characters.'
  if (!(isAgent ? ['S256'] : ['S256', 'SHA-256']).includes(get('code_challenge_method')))
    return `code_challenge_method must be ${isAgent ? 'S256' : 'SHA-256'}.`
  if (!/^[\w\-.~]{43,128}$/.test(get('code_challenge')))
    return 'code_challenge must have 43 to 128 characters.'
  if (get('scope') !== 'openid' && !(isAgent && get('scope') === '')) return 'scope must be openid.'
  return {
    clientId,
    redirectUri: get('redirect_uri'),
    state: get('state'),
    scope: get('scope'),
    challenge: get('code_challenge'),
    method: get('code_challenge_method'),
    ...(isAgent && { resource: get('resource') }),
    from: request.remoteAddress,
    at: now,
  }
}

function wrongOfTool(fields: Fields, request: HttpRequest): string | undefined {
  const kind = clientKind(fields.get('client_id') ?? '')
  if (kind === undefined) return 'client_id is unknown.'
  const base = baseOf({ secure: request.secure, host: request.headers.host ?? '' })
  return isRedirectOf(kind, fields.get('redirect_uri') ?? '', base)
    ? undefined
    : 'redirect_uri does not belong to the client.'
}

async function wrongOfAgent(fields: Fields, deps: Dependencies): Promise<string | undefined> {
  const firstAccount = await deps.directory.find(deps.firstAccount)
  const client = firstAccount && publicClient(fields.get('client_id') ?? '', firstAccount, deps.clock.now())
  if (client === undefined) return 'client_id is unknown.'
  const redirectUri = fields.get('redirect_uri') ?? ''
  // the list is asked again: it may have become shorter since the registration
  if (!isAllowedRedirect(redirectUri) || !client.redirectHashes.includes(redirectHash(redirectUri)))
    return 'redirect_uri was not registered.'
  return isResource(fields.get('resource') ?? '') ? undefined : 'resource must name what the tokens are for.'
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
  for (const [name, value] of Object.entries({ ...answer, ...(state !== '' && { state }) }))
    url.searchParams.set(name, value)
  return url.href
}
