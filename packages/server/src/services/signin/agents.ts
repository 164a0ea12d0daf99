import { type TokenSigner, tokenSigner, verifyTokenOf } from '../../assertions/index.ts'
import {
  type AccessRequest,
  type Call,
  family,
  prepared,
  signedCaller,
  userIdOf,
} from '../../authorization/index.ts'
import { Fault, uuid } from '../../base/index.ts'
import { endedSignIns, roles, users } from '../../directory/index.ts'
import { endGrant, grants, readToken } from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { signInSessionArn } from '../../session/index.ts'

/** A token of a program lasts an hour, and no longer than the session that asked for it (behaviour AGT-3). */
const tokenSeconds = 3_600

/** The claims of a token: who asked for it, and for which resource. */
interface AgentClaims {
  readonly account_id: string
  readonly user_id: string
  readonly client_id: string
  readonly signin_session?: string
  readonly jti: string
}

/** OAuth for programs that sign: tokens for a resource, and what a resource asks about them. */
export const agents = family<Signin.Operations>()({
  CreateOAuth2TokenWithIAM: prepared({
    readOnly: true,
    requests: ({ grantType, resource }: Signin.CreateOAuth2TokenWithIAMRequest, call: Call) => [
      ask('signin:CreateOAuth2Token', resource, call, {
        'signin:OAuthGrantType': grantType,
        'signin:OAuthClientId': clientIdIn(call),
        'signin:OAuthClientAuthentication': 'iam',
      }),
    ],
    prepare: (_input: Signin.CreateOAuth2TokenWithIAMRequest, call: Call) => tokenSigner(call.deps),
    run({ resource }: Signin.CreateOAuth2TokenWithIAMRequest, call: Call, sign: TokenSigner) {
      const caller = signedCaller(call)
      const left = caller.session === undefined ? tokenSeconds : (caller.session.expiresAt - call.now) / 1000
      const expiresIn = Math.max(1, Math.min(tokenSeconds, Math.floor(left)))
      const now = Math.floor(call.now / 1000)
      const signInSession = signInSessionArn(caller)
      const claims = {
        iss: issuerOf(call),
        sub: caller.arn,
        aud: resource,
        iat: now,
        nbf: now,
        exp: now + expiresIn,
        jti: uuid(call.deps.random),
        client_id: clientIdIn(call),
        account_id: caller.account,
        user_id: userIdOf(caller),
        ...(signInSession !== undefined && { signin_session: signInSession }),
      }
      return { accessToken: sign(claims), tokenType: 'Bearer', expiresIn }
    },
    event: ({ grantType, resource }: Signin.CreateOAuth2TokenWithIAMRequest, output, call) => ({
      requestParameters: { grant_type: grantType, resource, client_id: clientIdIn(call) },
      responseElements: null,
      additionalEventData: { success: String(output !== undefined) },
    }),
  }),
  IntrospectOAuth2TokenWithIAM: {
    readOnly: true,
    requests: (_input, call) => [ask('signin:IntrospectOAuth2Token', undefined, call, {})],
    act: (input, call) => introspected(input.token, call),
    event: () => ({ requestParameters: { token: hidden }, responseElements: null }),
  },
  RevokeOAuth2TokenWithIAM: {
    requests: (_input, call) => [ask('signin:RevokeOAuth2Token', undefined, call, {})],
    run({ token }, { account }) {
      // an access token lives on; what is no token is no error (RFC 7009, 2.2)
      const id = readToken(token)?.grant
      if (id !== undefined && account.table(grants).find(id) !== undefined) endGrant(id, account)
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

/** The issuer of tokens: the sign-in of the region (behaviour AGT-4). */
function issuerOf({ region }: Pick<Call, 'region'>): string {
  return `https://${region}.oauth.signin.aws`
}

/** The answer for what is no token of the account now; nothing else may be learned of it (RFC 7662, 2.2). */
const inactive = { active: false } as const

async function introspected(token: string, call: Call): Promise<Signin.IntrospectOAuth2TokenWithIAMResponse> {
  try {
    const issuer = issuerOf(call)
    const { claims, subject } = await verifyTokenOf(
      token,
      (named) =>
        named === issuer ? { principal: issuer, prefix: '', thumbprints: [], isOwn: true } : undefined,
      call,
    )
    const { exp = 0, iat = 0, aud } = claims
    const own = claims as unknown as AgentClaims // this server signed it
    // the verification of tokens of others has five minutes of grace, this one has none
    if (typeof exp !== 'number' || call.now >= exp * 1000) return inactive
    if (own.account_id !== call.account.id || !isThere(own, call)) return inactive
    return {
      active: true,
      clientId: own.client_id,
      userId: own.user_id,
      tokenType: 'Bearer',
      exp,
      iat: Number(iat),
      nbf: Number(iat),
      sub: subject,
      aud: String(aud),
      iss: issuer,
      jti: own.jti,
      accountId: own.account_id,
      ...(own.signin_session !== undefined && { signinSession: own.signin_session }),
      resource: String(aud),
    }
  } catch (error) {
    if (error instanceof Fault) return inactive
    throw error
  }
}

/** Returns whether the user or role of a token is still there, and its sign-in has not ended. */
function isThere({ user_id: id, signin_session: session }: AgentClaims, { account }: Call): boolean {
  const signIn = session?.slice(session.lastIndexOf('/') + 1)
  if (signIn !== undefined && account.table(endedSignIns).find(signIn) !== undefined) return false
  const [entity = ''] = id.split(':')
  return (
    entity === account.id ||
    account.table(users).find(entity) !== undefined ||
    account.table(roles).find(entity) !== undefined
  )
}

function ask(
  action: string,
  resource: string | undefined,
  { account, region }: Call,
  context: NonNullable<AccessRequest['context']>,
): AccessRequest {
  const { id, partition } = account
  return {
    action,
    resource:
      resource === undefined ? '*' : `arn:${partition}:signin:${region}:${id}:service-principal/${resource}`,
    context,
    refusedAs: {
      code: 'AccessDeniedException',
      status: 400,
      members: { error: 'INSUFFICIENT_PERMISSIONS' },
    },
  }
}
