import { type TokenSigner, tokenSigner, verifyTokenOf } from '../../assertions/index.ts'
import {
  type AccessRequest,
  type Call,
  family,
  prepared,
  signedCaller,
  userIdOf,
} from '../../authorization/index.ts'
import { Fault } from '../../base/index.ts'
import { endedSignIns, roles, users } from '../../directory/index.ts'
import { byRefreshToken, endGrant, grants, hashOf, readToken } from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { signInSessionArn } from '../../session/index.ts'
import {
  type AccessClaims,
  accessClaims,
  accessTokenText,
  issuer,
  prefixes,
  statementIn,
} from './agent-token.ts'
import { ask, invalidRequest, isResource } from './oauth-client.ts'
import { callerOfWho, checkSignIn, type Who } from './who.ts'

/** A token of a program lasts an hour, and no longer than the session that asked for it (behaviour AGT-3). */
const tokenSeconds = 3_600

/** OAuth for programs that sign: tokens for a resource, and what a resource asks about them. */
export const agents = family<Signin.Operations>()({
  CreateOAuth2TokenWithIAM: prepared({
    readOnly: true,
    requests: ({ grantType, resource }: Signin.CreateOAuth2TokenWithIAMRequest, call: Call) => [
      ask(
        'signin:CreateOAuth2Token',
        { clientId: clientIdIn(call), resource },
        {
          'signin:OAuthGrantType': grantType,
          'signin:OAuthClientId': clientIdIn(call),
          'signin:OAuthClientAuthentication': 'iam',
        },
        call,
      ),
    ],
    prepare({ resource }: Signin.CreateOAuth2TokenWithIAMRequest, call: Call) {
      if (!isResource(resource)) throw invalidRequest('resource must be an address or a name.')
      return tokenSigner(call.deps)
    },
    run({ resource }: Signin.CreateOAuth2TokenWithIAMRequest, call: Call, sign: TokenSigner) {
      const caller = signedCaller(call)
      const left = caller.session === undefined ? tokenSeconds : (caller.session.expiresAt - call.now) / 1000
      const expiresIn = Math.max(1, Math.min(tokenSeconds, Math.floor(left)))
      const claims = accessClaims({ resource, client: clientIdIn(call), seconds: expiresIn }, caller, call)
      return { accessToken: accessTokenText(sign(claims)), tokenType: 'Bearer', expiresIn }
    },
    event: ({ grantType, resource }: Signin.CreateOAuth2TokenWithIAMRequest, output, call) => ({
      requestParameters: { grant_type: grantType, resource, client_id: clientIdIn(call) },
      responseElements: null,
      additionalEventData: { success: String(output !== undefined) },
    }),
  }),
  IntrospectOAuth2TokenWithIAM: {
    readOnly: true,
    requests: ({ token }, call) => [
      askAll('signin:IntrospectOAuth2Token', call, {
        'signin:OAuthTokenType': kindOf(token),
        'signin:OAuthClientId': claimedClient(token, call),
      }),
    ],
    act: (input, call) =>
      kindOf(input.token) === 'refresh_token' ? renewing(input.token, call) : introspected(input.token, call),
    event: () => ({ requestParameters: { token: hidden }, responseElements: null }),
  },
  RevokeOAuth2TokenWithIAM: {
    requests: ({ token }, call) => [
      askAll('signin:RevokeOAuth2Token', call, { 'signin:OAuthTokenType': kindOf(token) }),
    ],
    run({ token }, { account, deps }) {
      // an access token lives on; what is no token is no error (RFC 7009, 2.2)
      const prefix = kindOf(token) === 'refresh_token' ? prefixes.refresh : ''
      const renewal = byRefreshToken<Who>(token, account, deps, { prefix })
      if (renewal !== undefined) endGrant(renewal.open.grant.id, account)
      return {}
    },
    event: () => ({ requestParameters: { token: hidden }, responseElements: null }),
  },
})

const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

/** The ARN by which policies name a program that signs. */
function clientIdIn({ account: { partition } }: Call): string {
  return `arn:${partition}:signin:::client-credentials/sigv4`
}

/** The kind of a token, by its beginning. The hint of the caller does not count. */
function kindOf(token: string): 'access_token' | 'refresh_token' {
  return token.startsWith(prefixes.refresh) ? 'refresh_token' : 'access_token'
}

/** The client that a token names; it may be forged, and then nothing is said of it. */
function claimedClient(token: string, { account }: Call): string | undefined {
  const grant = readToken(token, prefixes.refresh)?.grant
  if (grant !== undefined) return account.table(grants).find(grant)?.client
  try {
    const body: unknown = JSON.parse(
      Buffer.from(statementIn(token).split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    const client = (body as { readonly client_id?: unknown } | null)?.client_id // an object, or without members
    return typeof client === 'string' ? client : undefined
  } catch {
    return undefined
  }
}

/** The answer for what is no token of the account now; nothing else may be learned of it (RFC 7662, 2.2). */
const inactive = { active: false } as const

async function introspected(token: string, call: Call): Promise<Signin.IntrospectOAuth2TokenWithIAMResponse> {
  try {
    const { claims } = await verifyTokenOf(
      statementIn(token),
      (named) =>
        named === issuer ? { principal: issuer, prefix: '', thumbprints: [], isOwn: true } : undefined,
      call,
    )
    const accessClaims = claims as unknown as AccessClaims // this server signed it
    // the verification of tokens of others has five minutes of grace, this one has none
    if (call.now >= accessClaims.exp * 1000) return inactive
    if (accessClaims.account_id !== call.account.id || !isThere(accessClaims, call)) return inactive
    return {
      active: true,
      clientId: accessClaims.client_id,
      userId: accessClaims.user_id,
      tokenType: 'access_token',
      exp: accessClaims.exp,
      iat: accessClaims.iat,
      nbf: accessClaims.iat,
      sub: accessClaims.sub,
      aud: accessClaims.aud,
      iss: issuer,
      jti: accessClaims.jti,
      accountId: accessClaims.account_id,
      ...(accessClaims.signin_session !== undefined && { signinSession: accessClaims.signin_session }),
    }
  } catch (error) {
    if (error instanceof Fault) return inactive
    throw error
  }
}

/** Answers for a refresh token: it has a resource, and no audience. */
async function renewing(token: string, call: Call): Promise<Signin.IntrospectOAuth2TokenWithIAMResponse> {
  const renewal = byRefreshToken<Who>(token, call.account, call.deps, { prefix: prefixes.refresh })
  const agent = renewal?.open.who.agent
  if (renewal?.kind !== 'newest' || agent === undefined) return inactive
  const { grant, who } = renewal.open
  try {
    checkSignIn(who, call)
    const caller = callerOfWho(who, call)
    const session = signInSessionArn(caller)
    const iat = Math.floor(grant.turnedAt / 1000)
    return {
      active: true,
      clientId: grant.client,
      userId: userIdOf(caller),
      tokenType: 'refresh_token',
      exp: Math.floor(grant.endsAt / 1000),
      iat,
      nbf: iat,
      sub: caller.arn,
      iss: issuer,
      jti: hashOf(token),
      accountId: caller.account,
      ...(session !== undefined && { signinSession: session }),
      resource: agent.resource,
    }
  } catch (error) {
    if (error instanceof Fault) return inactive
    throw error
  }
}

/** Returns whether the user or role of a token is still there, and its sign-in has not ended. */
function isThere({ user_id: id, signin_session: session }: AccessClaims, { account }: Call): boolean {
  const signIn = session?.slice(session.lastIndexOf('/') + 1)
  if (signIn !== undefined && account.table(endedSignIns).find(signIn) !== undefined) return false
  const [entity = ''] = id.split(':')
  return (
    entity === account.id ||
    account.table(users).find(entity) !== undefined ||
    account.table(roles).find(entity) !== undefined
  )
}

function askAll(
  action: string,
  call: Call,
  keys: Readonly<Record<string, string | undefined>>,
): AccessRequest {
  return { ...ask(action, { clientId: '' }, keys, call), resource: '*' }
}
