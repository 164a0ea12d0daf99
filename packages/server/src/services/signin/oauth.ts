import {
  type AccessRequest,
  type Call,
  family,
  otherAccount,
  prepared,
  type Served,
  serveApi,
  signedCaller,
} from '../../authorization/index.ts'
import { type AccountId, assert, type Fault, presentTime } from '../../base/index.ts'
import { endedSignIns, loginProfiles } from '../../directory/index.ts'
import {
  beginGrant,
  byRefreshToken,
  type Code,
  endGrant,
  Full,
  findCode,
  issueCode,
  isVerifier,
  type OpenGrant,
  openGrant,
  openWho,
  provenKey,
  readToken,
  refreshToken,
  spendCode,
  turnGrant,
} from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { callerOf, mint, type SignedCaller, type UnkeyedClaims } from '../../session/index.ts'
import { agents } from './agents.ts'
import { idToken } from './id-token.ts'
import { baseOf, clientArn, invalidRequest, oauthFault } from './oauth-client.ts'

/** A code is good for ten minutes, credentials for fifteen (behaviours SSO-5, SSO-11). */
const codeLifetime = 600_000
const credentialSeconds = 900
const longestLogin = 43_200_000

/** Whose sign-in it is, which the page knows and the caller's session does not say. */
export interface SignedInBy {
  readonly account: AccountId
  /** The user that signed in with a password, or root. */
  readonly userId?: string
  readonly passwordSetAt?: number
}

/** The person of a grant of `aws login`. */
interface Who {
  readonly claims: UnkeyedClaims
  readonly by: SignedInBy
}

const notes = { 'x-amzn-vpce-id': '' }

/** AuthorizeOAuth2Access and CreateOAuth2Token: `aws login` (behaviours SSO-1 to SSO-20). */
const oauth = family<Signin.Operations>()({
  AuthorizeOAuth2Access: {
    readOnly: true,
    accounts(input, call) {
      // the page alone asks it: a caller with credentials needs no code for them
      if (call.origin.signIn === undefined || byOf(input) === undefined)
        throw invalidRequest('Open the address in a browser.')
      return []
    },
    requests: (input, call) => [
      ask(
        'signin:AuthorizeOAuth2Access',
        input.clientId,
        { 'signin:OAuthRedirectUri': input.redirectUri },
        call,
      ),
    ],
    run(input, call) {
      const { accessKeyId: _, secretAccessKey: __, ...claims } = sessionOf(signedCaller(call))
      const by = byOf(input)
      assert(by !== undefined, 'checked before')
      const code = withRoom(() =>
        issueCode(
          {
            client: input.clientId,
            redirectUri: input.redirectUri,
            challenge: input.codeChallenge,
            who: { claims, by } satisfies Who,
            until: call.now + codeLifetime,
          },
          call.account,
          call.deps,
        ),
      )
      return { code }
    },
    event: (input, output) => ({
      requestParameters: {
        scope: input.scope,
        redirect_uri: input.redirectUri,
        code_challenge_method: input.codeChallengeMethod,
        client_id: input.clientId,
      },
      responseElements: null,
      additionalEventData: { success: String(output !== undefined), ...notes },
    }),
  },

  CreateOAuth2Token: prepared({
    readOnly: true,
    accounts: ({ tokenInput: { grantType, code, refreshToken: token } }) => {
      const parts = readToken((grantType === 'refresh_token' ? token : code) ?? '')
      return parts === undefined ? [] : [parts.account]
    },
    async identify(input, call): Promise<SignedCaller> {
      const url = `${baseOf(call.origin)}/v1/token`
      const thumbprint = await provenKey(
        input.dpop,
        { method: 'POST', url, now: presentTime(call.deps.clock, call.now), call: call.id },
        call.deps,
      )
      if (thumbprint === undefined) throw invalidRequest('The DPoP proof is missing or not valid.')
      proofs.set(call.marks ?? call, thumbprint)
      return callerOfWho(presented(input.tokenInput, thumbprint, call).who, call)
    },
    requests: ({ tokenInput: { clientId, grantType, redirectUri } }, call) => [
      ask(
        'signin:CreateOAuth2Token',
        clientId,
        { 'signin:OAuthGrantType': grantType, 'signin:OAuthRedirectUri': redirectUri },
        call,
      ),
    ],
    prepare: async ({ tokenInput }, call) =>
      tokenInput.grantType === 'authorization_code'
        ? idToken(
            tokenInput.clientId,
            signedCaller(call),
            endOf(sessionOf(signedCaller(call)), call.now),
            call,
          )
        : undefined,
    run({ tokenInput }, call, signed) {
      const thumbprint = proofs.get(call.marks ?? call)
      assert(thumbprint !== undefined, 'the proof is verified first')
      const found = presented(tokenInput, thumbprint, call)
      const open =
        'code' in found ? exchange(found.code, found.who, thumbprint, call) : refreshed(found, call)
      const { grant } = open
      const seconds = Math.min(credentialSeconds, Math.floor((grant.endsAt - call.now) / 1000))
      if (seconds < 1) throw expired()
      const claims = { ...open.who.claims, byOAuth: true, expiresAt: call.now + seconds * 1000 } as const
      const { credentials } = mint(claims, call.deps.tokens, call.deps.random)
      const { accessKeyId, secretAccessKey, sessionToken } = credentials
      return {
        tokenOutput: {
          accessToken: { accessKeyId, secretAccessKey, sessionToken },
          tokenType: 'aws_sigv4',
          expiresIn: seconds,
          refreshToken: refreshToken(open, call.account.id),
          ...(signed !== undefined && { idToken: signed }),
        },
      }
    },
    /** A code or a refresh token that comes again was stolen, or its copy was: its family ends (behaviour SSO-7). */
    remains({ tokenInput }, call) {
      const known = replayedGrant(tokenInput, call)
      if (known !== undefined) endGrant(known, call.account)
    },
    event: ({ tokenInput: { clientId } }, output) => ({
      requestParameters: { client_id: clientId },
      responseElements: null,
      additionalEventData: { success: String(output !== undefined), ...notes },
    }),
  }),
})

export const signin = serveApi('signin', { ...oauth, ...agents } satisfies Served<Signin.Operations>)

/** The thumbprints that calls have proven. */
const proofs = new WeakMap<object, string>()

function byOf(input: Signin.AuthorizeOAuth2AccessRequest): SignedInBy | undefined {
  return (input as { readonly by?: SignedInBy }).by // the page's input alone has it
}

type TokenInput = Signin.CreateOAuth2TokenRequestBody

type Presented =
  | { readonly code: Code; readonly who: Who }
  | { readonly open: OpenGrant<Who>; readonly isNewest: boolean; readonly who: Who }

/** The grant of a code or a refresh token. @throws Fault */
function presented(input: TokenInput, thumbprint: string, call: Call): Presented {
  const found = input.grantType === 'refresh_token' ? byToken(input, thumbprint, call) : byCode(input, call)
  checkSignIn(found.who, call)
  return found
}

function byCode(
  { code: text = '', codeVerifier = '', clientId, redirectUri }: TokenInput,
  call: Call,
): Presented {
  const code = findCode(call.account, text, call.now)
  if (code === undefined || code.spentFor !== undefined)
    throw oauthFault(
      'AccessDeniedException',
      'AUTHCODE_EXPIRED',
      'The authorization code is not valid, or no longer.',
    )
  if (code.client !== clientId || (redirectUri !== undefined && code.redirectUri !== redirectUri))
    throw invalidRequest('The code was issued to another client or address.')
  if (!isVerifier(codeVerifier, code.challenge)) throw invalidRequest('The code verifier does not fit.')
  const who = openWho<Who>(code.sealed, call.deps)
  if (who === undefined) throw expired()
  return { code, who }
}

function byToken(
  { refreshToken: text = '', clientId }: TokenInput,
  thumbprint: string,
  call: Call,
): Presented {
  const known = byRefreshToken<Who>(text, call.account, call.deps, { grace: credentialSeconds * 1000 })
  if (known === undefined || known.kind === 'replayed' || known.open.grant.kind !== 'login') throw expired()
  const { open } = known
  if (open.grant.client !== clientId) throw invalidRequest('The token was issued to another client.')
  if (open.grant.thumbprint !== thumbprint) throw invalidRequest('The DPoP key is not that of the login.')
  return { open, isNewest: known.kind === 'newest', who: open.who }
}

/** Spends a code. */
function exchange(code: Code, who: Who, thumbprint: string, call: Call): OpenGrant<Who> {
  const grant = withRoom(() =>
    beginGrant(
      {
        kind: 'login',
        client: code.client,
        who,
        thumbprint,
        endsAt: endOf(who.claims, call.now),
        ...(who.claims.signIn !== undefined && { session: who.claims.signIn }),
      },
      call.account,
      call.deps,
    ),
  )
  spendCode(code, grant, call.account)
  const open = openGrant<Who>(grant, call.deps)
  assert(open !== undefined, 'a login that just began is open')
  return open
}

function refreshed({ open, isNewest }: Extract<Presented, { open: unknown }>, call: Call): OpenGrant<Who> {
  return isNewest ? turnGrant(open, call.account, call.now) : open
}

/** The grant of a code that was spent before, or of a refresh token that was replaced too long ago. */
function replayedGrant({ grantType, code, refreshToken: token }: TokenInput, call: Call): string | undefined {
  if (grantType === 'authorization_code') return findCode(call.account, code ?? '', call.now)?.spentFor
  const known = byRefreshToken<Who>(token ?? '', call.account, call.deps, {
    grace: credentialSeconds * 1000,
  })
  return known?.kind === 'replayed' ? known.open.grant.id : undefined
}

/** A login ends with the session that it is of, after twelve hours at the latest (behaviour SSO-11). */
function endOf({ expiresAt }: Pick<UnkeyedClaims, 'expiresAt'>, now: number): number {
  return Math.min(expiresAt, now + longestLogin)
}

/** @throws Fault if the sign-in was ended, or its password was changed (behaviour SSO-10) */
function checkSignIn({ claims, by }: Who, call: Call): void {
  const account = otherAccount(call, by.account)
  if (account === undefined || call.now >= claims.expiresAt) throw expired()
  if (claims.signIn !== undefined && account.table(endedSignIns).find(claims.signIn) !== undefined)
    throw expired()
  if (by.userId === undefined) return
  const set = account.table(loginProfiles).find(by.userId)?.passwordSetAt
  if (set !== by.passwordSetAt) throw changed()
}

/** The identity that the tokens are of, without a key. @throws Fault if it is gone */
function callerOfWho({ claims }: Who, call: Call): SignedCaller {
  const caller = callerOf(call.account, { ...claims, accessKeyId: '', secretAccessKey: '' })
  if (caller !== undefined) return caller
  throw claims.kind === 'user' ? changed() : expired()
}

function sessionOf({ session }: SignedCaller) {
  assert(session !== undefined, 'a sign-in is a session')
  return session
}

function ask(
  action: string,
  clientId: string,
  keys: Readonly<Record<string, string | undefined>>,
  call: Call,
): AccessRequest {
  return {
    action,
    resource: clientArn(clientId, call.account),
    context: { 'signin:OAuthClientId': clientId, 'signin:OAuthClientAuthentication': 'none', ...keys },
    refusedAs: {
      code: 'AccessDeniedException',
      status: 400,
      members: { error: 'INSUFFICIENT_PERMISSIONS' },
    },
  }
}

function withRoom<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Full)
      throw oauthFault('TooManyRequestsError', 'server_error', 'Too many logins are open.')
    throw error
  }
}

function expired(): Fault {
  return oauthFault('AccessDeniedException', 'TOKEN_EXPIRED', 'The login has ended.')
}

function changed(): Fault {
  return oauthFault(
    'AccessDeniedException',
    'USER_CREDENTIALS_CHANGED',
    'The credentials of the user have changed since the login.',
  )
}
