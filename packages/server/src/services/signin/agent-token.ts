import type { TokenSigner } from '../../assertions/index.ts'
import { type Call, signedCaller, userIdOf } from '../../authorization/index.ts'
import { type AccountId, type Fault, fault, uuid } from '../../base/index.ts'
import {
  type Brought,
  broughtBy,
  byRefreshToken,
  type Code,
  findCode,
  isVerifier,
  type OpenGrant,
  openWho,
  readToken,
  refreshToken,
  turnGrant,
} from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { type SignedCaller, signInSessionArn } from '../../session/index.ts'
import { type AgentGrant, checkSignIn, endOf, exchangeCode, type Who } from './who.ts'

/** The beginnings of tokens, as the API reference names them (behaviour AGT-10). */
export const prefixes = { access: 'ASOA', refresh: 'ASOR' } as const
const accessSeconds = 3_600

/** The input of CreateOAuth2Token of a program that registered itself: the door of OAuth alone makes it. */
export interface AgentInput {
  readonly tokenInput: Signin.CreateOAuth2TokenRequestBody & { readonly resource?: string | undefined }
  readonly agent: true
}

/** The tokens of an agent, as OAuth names them. */
export interface AgentOutput {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly refresh_token?: string
  readonly id_token?: string
}

/** Returns the input of an agent; undefined if it is that of `aws login`. */
export function agentInput(input: object): AgentInput | undefined {
  return 'agent' in input ? (input as AgentInput) : undefined // no model has the member: the door put it there
}

type Found = { readonly who: Who; readonly allowed: AgentGrant } & (
  | { readonly code: Code }
  | { readonly open: OpenGrant<Who> }
)

/** The account that keeps the grant of a code or a token. */
export function agentAccounts({ tokenInput }: AgentInput): readonly AccountId[] {
  const { grantType, code = '', refreshToken: token = '' } = tokenInput
  const parts = grantType === 'refresh_token' ? readToken(token, prefixes.refresh) : readToken(code)
  return parts === undefined ? [] : [parts.account]
}

/** Returns the grant of a code or a refresh token. @throws Fault */
export function agentGrant({ tokenInput }: AgentInput, call: Call): Found {
  const { who, ...rest } =
    tokenInput.grantType === 'refresh_token' ? byToken(tokenInput, call) : byCode(tokenInput, call)
  const { agent: allowed } = who
  if (allowed === undefined) throw invalidGrant()
  if (tokenInput.resource === undefined) throw oauthError('invalid_request', 'resource is required.')
  if (tokenInput.resource !== allowed.resource)
    throw oauthError('invalid_target', 'The person allowed another resource.')
  checkSignIn(who, call)
  return { who, allowed, ...rest }
}

function byCode(input: AgentInput['tokenInput'], call: Call) {
  const { code: text = '', codeVerifier = '', clientId, redirectUri } = input
  const code = findCode(call.account, text, call.now)
  const who = code && openWho<Who>(code.sealed, call.deps)
  const fits =
    code !== undefined &&
    code.spentFor === undefined &&
    code.client === clientId &&
    code.redirectUri === redirectUri &&
    isVerifier(codeVerifier, code.challenge)
  if (!fits || who === undefined) throw invalidGrant()
  return { code, who: { ...who, redirectUri: code.redirectUri } }
}

function byToken({ refreshToken: text = '', clientId }: AgentInput['tokenInput'], call: Call) {
  const renewal = byRefreshToken<Who>(text, call.account, call.deps, { prefix: prefixes.refresh })
  if (
    renewal?.kind !== 'newest' ||
    renewal.open.grant.kind !== 'agent' ||
    renewal.open.grant.client !== clientId
  )
    throw invalidGrant()
  return { open: renewal.open, who: renewal.open.who }
}

/** Spends the code, or the refresh token: each is good once (behaviour AGT-12). */
export function agentTokens(
  input: AgentInput,
  call: Call,
  { sign, idToken }: { readonly sign: TokenSigner; readonly idToken: string | undefined },
): AgentOutput {
  const grant = agentGrant(input, call)
  const { resource, renews } = grant.allowed
  const open =
    'code' in grant
      ? exchangeCode(
          grant.code,
          grant.who,
          { kind: 'agent', endsAt: endOfAgent(grant.who, renews, call) },
          call,
        )
      : turnGrant(grant.open, call.account, call.now)
  const seconds = Math.min(accessSeconds, Math.floor((open.grant.endsAt - call.now) / 1000))
  if (seconds < 1) throw invalidGrant()
  const claims = accessClaims({ resource, client: open.grant.client, seconds }, signedCaller(call), call)
  return {
    access_token: accessTokenText(sign(claims)),
    token_type: 'Bearer',
    expires_in: seconds,
    ...(renews && { refresh_token: refreshToken(open, call.account.id, prefixes.refresh) }),
    ...(idToken !== undefined && { id_token: idToken }),
  }
}

/** Returns the end of an agent's grant: one that cannot be renewed ends with its one access token. */
function endOfAgent({ claims }: Who, renews: boolean, { now }: Call): number {
  const end = endOf(claims, now)
  return renews ? end : Math.min(end, now + accessSeconds * 1000)
}

/** The code or token of a refused call. */
export function agentBrought({ tokenInput }: AgentInput, call: Call): Brought {
  return broughtBy(tokenInput, call, { prefix: prefixes.refresh })
}

/** The event of a token of an agent. */
export function agentEvent({ tokenInput }: AgentInput, output: unknown, call: Call) {
  const session = signInSessionArn(call.caller)
  return {
    requestParameters: { resource: tokenInput.resource, client_id: tokenInput.clientId },
    responseElements: null,
    additionalEventData: {
      ...(session !== undefined && { signInSessionArn: session }),
      grant_type: tokenInput.grantType,
      success: String(output !== undefined),
    },
  }
}

/** The claims of an access token, for introspection: nobody else reads it. */
export interface AccessClaims {
  readonly [name: string]: unknown
  readonly sub: string
  readonly aud: string
  readonly exp: number
  readonly iat: number
  readonly jti: string
  readonly client_id: string
  readonly account_id: string
  readonly user_id: string
  readonly signin_session?: string
}

/** The issuer that introspection names (behaviour AGT-4). */
export const issuer = 'signin.amazonaws.com'

/** Returns the claims of a new access token. */
export function accessClaims(
  {
    resource,
    client,
    seconds,
  }: { readonly resource: string; readonly client: string; readonly seconds: number },
  caller: SignedCaller,
  { now, deps }: Call,
): AccessClaims {
  const iat = Math.floor(now / 1000)
  const session = signInSessionArn(caller)
  return {
    iss: issuer,
    sub: caller.arn,
    aud: resource,
    iat,
    nbf: iat,
    exp: iat + seconds,
    jti: uuid(deps.random),
    client_id: client,
    account_id: caller.account,
    user_id: userIdOf(caller),
    ...(session !== undefined && { signin_session: session }),
  }
}

/**
 * An access token's text is opaque: a signed statement of this server, which only introspection opens. The reference allows
 * no dot in it.
 */
export function accessTokenText(signed: string): string {
  return `${prefixes.access}${signed.replaceAll('.', '=')}`
}

/** The signed statement in an access token; empty if it is none. */
export function statementIn(token: string): string {
  return token.startsWith(prefixes.access) ? token.slice(prefixes.access.length).replaceAll('=', '.') : ''
}

/** An error as OAuth names it (RFC 6749, 5.2; RFC 8707, 2). */
export function oauthError(
  error:
    | 'invalid_request'
    | 'invalid_grant'
    | 'invalid_target'
    | 'unauthorized_client'
    | 'unsupported_grant_type',
  message: string,
): Fault {
  return fault(error === 'invalid_grant' ? 'AccessDeniedException' : 'ValidationException', message, 400, {
    error,
  })
}

/** One sentence for whatever is wrong with a code or a token: nobody learns what would be right. */
function invalidGrant(): Fault {
  return oauthError('invalid_grant', 'The code or the refresh token is not valid, or no longer.')
}
