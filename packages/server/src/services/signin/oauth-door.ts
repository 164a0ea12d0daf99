import type { Dependencies, Origin } from '../../authorization/index.ts'
import { assert, Fault, type HttpRequest, type HttpResponse, uuid } from '../../base/index.ts'
import { metadataPath } from '../doors/index.ts'
import { type AgentInput, type AgentOutput, oauthError } from './agent-token.ts'
import { bodyFields, type Fields } from './fields.ts'
import { baseOf, externalId } from './oauth-client.ts'

/** Answers a request that speaks OAuth. @throws errors that are bugs; an error of the caller is an answer */
export async function answerOauth(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> {
  if (request.rawPath === metadataPath) return json(200, metadata(request))
  const id = uuid(deps.random)
  try {
    const account = await deps.directory.find(deps.firstAccount)
    assert(account !== undefined, 'a server has its first account')
    const output = (await deps.perform({
      service: 'signin',
      operation: 'CreateOAuth2Token',
      input: { ...inputOf(bodyFields(request)) },
      caller: { kind: 'anonymous', account: account.id },
      account,
      origin: originOf(request),
    })) as AgentOutput // what the operation answers an agent
    return json(200, output, { 'x-amzn-requestid': id })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message, status = 400, members } = error
    return json(
      status,
      { error: errorOf(String(members.error)), error_description: message },
      { 'x-amzn-requestid': id, 'x-amzn-errortype': code },
    )
  }
}

function originOf({ headers, remoteAddress, secure, tls }: HttpRequest): Origin {
  const userAgent = headers['user-agent'] ?? ''
  const origin = { sourceIp: remoteAddress, userAgent, host: headers.host ?? '', secure }
  return tls === undefined ? origin : { ...origin, tls }
}

/** @throws Fault */
function inputOf(fields: Fields | undefined): AgentInput {
  if (fields === undefined) throw oauthError('invalid_request', 'Send a form, or JSON.')
  const clientId = text(fields, 'client_id', 2_048)
  const grantType = text(fields, 'grant_type', 64)
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    throw oauthError('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.')
  if (externalId(clientId) === undefined)
    throw oauthError('unauthorized_client', 'A form is for clients that registered themselves.')
  const resource = fields.get('resource')
  const more =
    grantType === 'refresh_token'
      ? { refreshToken: text(fields, 'refresh_token', 2_048) }
      : {
          code: text(fields, 'code', 512),
          codeVerifier: text(fields, 'code_verifier', 128),
          redirectUri: text(fields, 'redirect_uri', 2_048),
        }
  return { tokenInput: { clientId, grantType, resource, ...more }, agent: true }
}

function text(fields: Fields, name: string, most: number): string {
  const value = fields.get(name) ?? ''
  if (value === '' || value.length > most)
    throw oauthError('invalid_request', `${name} is missing or too long.`)
  return value
}

/** The sign-in's own codes, as OAuth names them (RFC 6749, 5.2). */
function errorOf(error: string): string {
  switch (error) {
    case 'TOKEN_EXPIRED':
    case 'AUTHCODE_EXPIRED':
    case 'USER_CREDENTIALS_CHANGED':
      return 'invalid_grant'
    case 'INSUFFICIENT_PERMISSIONS':
      return 'access_denied'
    case 'INVALID_REQUEST':
      return 'invalid_request'
    default:
      return error
  }
}

/** The description of this server for programs (RFC 8414). */
function metadata({ secure = false, headers }: HttpRequest) {
  const base = baseOf({ secure, host: headers.host ?? '' })
  return {
    issuer: base,
    authorization_endpoint: `${base}/v1/authorize`,
    token_endpoint: `${base}/v1/token`,
    registration_endpoint: `${base}/v1/register`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid'],
  }
}

function json(status: number, value: object, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  }
}
