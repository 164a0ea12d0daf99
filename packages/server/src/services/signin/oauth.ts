import { type TokenSigner, tokenSigner } from '../../assertions/index.ts'
import {
  type Call,
  family,
  prepared,
  type Served,
  serveApi,
  signedCaller,
} from '../../authorization/index.ts'
import { assert, presentTime } from '../../base/index.ts'
import {
  broughtBy,
  byRefreshToken,
  type Code,
  concernsNobody,
  findCode,
  isVerifier,
  type OpenGrant,
  openWho,
  provenKey,
  readToken,
  refreshToken,
  settleBrought,
  turnGrant,
} from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { mint, type SignedCaller } from '../../session/index.ts'
import {
  agentAccounts,
  agentBrought,
  agentEvent,
  agentGrant,
  agentInput,
  agentTokens,
} from './agent-token.ts'
import { agents } from './agents.ts'
import { authorization } from './authorize-access.ts'
import { idToken } from './id-token.ts'
import { ask, baseOf, invalidRequest, oauthFault } from './oauth-client.ts'
import { registration } from './public-client.ts'
import { callerOfWho, checkSignIn, endOf, exchangeCode, expired, sessionOf, type Who } from './who.ts'

/** Credentials are good for fifteen minutes (behaviour SSO-11). */
const credentialSeconds = 900

interface Prepared {
  readonly sign: TokenSigner | undefined
  readonly idToken: string | undefined
}

/** CreateOAuth2Token: of `aws login` (behaviours SSO-1 to SSO-20), and of programs that registered themselves (AGT-10). */
const tokens = family<Signin.Operations>()({
  CreateOAuth2Token: prepared({
    readOnly: true,
    accounts(input) {
      const agent = agentInput(input)
      if (agent !== undefined) return agentAccounts(agent)
      const { grantType, code = '', refreshToken: token = '' } = input.tokenInput
      const parts = readToken(grantType === 'refresh_token' ? token : code)
      return parts === undefined ? [] : [parts.account]
    },
    async identify(input, call): Promise<SignedCaller> {
      const agent = agentInput(input)
      const who = agent === undefined ? await provenBy(input, call) : agentGrant(agent, call).who
      redirects.set(call.marks ?? call, who.redirectUri)
      return callerOfWho(who, call)
    },
    requests(input, call) {
      const { clientId, grantType } = input.tokenInput
      const resource = agentInput(input)?.tokenInput.resource
      const keys = {
        'signin:OAuthClientId': clientId,
        'signin:OAuthClientAuthentication': 'none',
        'signin:OAuthGrantType': grantType,
        'signin:OAuthRedirectUri': redirects.get(call.marks ?? call),
      }
      return [ask('signin:CreateOAuth2Token', { clientId, resource }, keys, call)]
    },
    async prepare(input, call): Promise<Prepared> {
      const { clientId, grantType } = input.tokenInput
      const caller = signedCaller(call)
      const isFirst = grantType === 'authorization_code'
      return {
        sign: agentInput(input) && (await tokenSigner(call.deps)),
        idToken: isFirst
          ? await idToken(clientId, caller, endOf(sessionOf(caller), call.now), call)
          : undefined,
      }
    },
    run(input, call, { sign, idToken }: Prepared) {
      const agent = agentInput(input)
      if (agent === undefined || sign === undefined) return { tokenOutput: loginTokens(input, call, idToken) }
      // the door of OAuth, which made the input, is the one that reads it
      return agentTokens(agent, call, { sign, idToken }) as unknown as Signin.CreateOAuth2TokenResponse
    },
    /** A code or a refresh token that comes again was stolen, or its copy was: its family ends (behaviours SSO-7, AGT-12). */
    remains(input, call) {
      const agent = agentInput(input)
      const brought =
        agent === undefined
          ? broughtBy(input.tokenInput, call, { grace: credentialSeconds * 1000 })
          : agentBrought(agent, call)
      settleBrought(brought, call)
    },
    event(input, output, call) {
      // a code or a token that was not issued here concerns no account
      if (concernsNobody(call)) return { unrecorded: true }
      const agent = agentInput(input)
      if (agent !== undefined) return agentEvent(agent, output, call)
      return {
        requestParameters: { client_id: input.tokenInput.clientId },
        responseElements: null,
        additionalEventData: { success: String(output !== undefined), 'x-amzn-vpce-id': '' },
      }
    },
  }),
})

export const signin = serveApi('signin', {
  ...authorization,
  ...tokens,
  ...agents,
  ...registration,
} satisfies Served<Signin.Operations>)

/** The thumbprints that calls have proven. */
const proofs = new WeakMap<object, string>()
/** The addresses that their codes were sent to. */
const redirects = new WeakMap<object, string | undefined>()

/** Whose code or token it is, of a caller that has proven its key. @throws Fault */
async function provenBy({ dpop, tokenInput }: Signin.CreateOAuth2TokenRequest, call: Call): Promise<Who> {
  const url = `${baseOf(call.origin)}/v1/token`
  const now = presentTime(call.deps.clock, call.now)
  const thumbprint = await provenKey(dpop, { method: 'POST', url, now, call: call.id }, call.deps)
  if (thumbprint === undefined) throw invalidRequest('The DPoP proof is missing or not valid.')
  proofs.set(call.marks ?? call, thumbprint)
  return presented(tokenInput, thumbprint, call).who
}

function loginTokens(
  { tokenInput }: Signin.CreateOAuth2TokenRequest,
  call: Call,
  idToken: string | undefined,
) {
  const thumbprint = proofs.get(call.marks ?? call)
  assert(thumbprint !== undefined, 'the proof is verified first')
  const presentedGrant = presented(tokenInput, thumbprint, call)
  const open =
    'code' in presentedGrant
      ? exchangeCode(
          presentedGrant.code,
          presentedGrant.who,
          { kind: 'login', endsAt: endOf(presentedGrant.who.claims, call.now), thumbprint },
          call,
        )
      : refreshed(presentedGrant, call)
  const { grant } = open
  const seconds = Math.min(credentialSeconds, Math.floor((grant.endsAt - call.now) / 1000))
  if (seconds < 1) throw expired()
  const claims = { ...open.who.claims, byOAuth: true, expiresAt: call.now + seconds * 1000 } as const
  const { credentials } = mint(claims, call.deps.tokens, call.deps.random)
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return {
    accessToken: { accessKeyId, secretAccessKey, sessionToken },
    tokenType: 'aws_sigv4',
    expiresIn: seconds,
    refreshToken: refreshToken(open, call.account.id),
    ...(idToken !== undefined && { idToken }),
  }
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
  if (who === undefined || who.agent !== undefined) throw expired()
  return { code, who: { ...who, redirectUri: code.redirectUri } }
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

function refreshed({ open, isNewest }: Extract<Presented, { open: unknown }>, call: Call): OpenGrant<Who> {
  return isNewest ? turnGrant(open, call.account, call.now) : open
}
