import type { Dependencies } from '../../authorization/index.ts'
import { type HttpRequest, type HttpResponse, Secret, uuid } from '../../base/index.ts'
import type { SessionClaims } from '../../session/index.ts'
import { jsonAnswer, redirectAnswer, SignInRefusal, safeDestination } from './answers.ts'
import { beginSession, cookieWithout, keptOf, type OpenSession, openToken } from './console-session.ts'
import { identityOf, signInEvent } from './events.ts'
import type { Fields } from './fields.ts'
import { loginData } from './password-login.ts'

const purpose = 'signin-token'
/** A link is valid for fifteen minutes (behaviour SGN-30). */
const linkLifetime = 900_000
/** The longest console session. */
const longest = 43_200_000

interface SigninToken {
  readonly sessionToken: string
  readonly until: number
  /** The length of the console session in seconds; by default, as long as the credentials. */
  readonly seconds?: number
}

/** The federation endpoint, which turns temporary credentials into a sign-in (behaviours SGN-30 to SGN-33). */
export function federation(fields: Fields, request: HttpRequest, deps: Dependencies): Promise<HttpResponse> {
  switch (fields.get('Action')) {
    case 'getSigninToken':
      return getSigninToken(fields, deps)
    case 'login':
      return login(fields, request, deps)
    case 'logout':
      return Promise.resolve(redirectAnswer('/', cookieWithout(request)))
    default:
      throw bad('Action must be getSigninToken, login or logout.')
  }
}

async function getSigninToken(fields: Fields, deps: Dependencies): Promise<HttpResponse> {
  const { sessionId, sessionKey, sessionToken } = sessionOf(fields.get('Session') ?? '')
  const session = await openToken(sessionToken, deps)
  const right =
    session !== undefined &&
    session.claims.accessKeyId === sessionId &&
    new Secret(session.claims.secretAccessKey).equals(sessionKey)
  if (!right) throw bad('The credentials in Session are not valid.')
  const seconds = durationOf(fields, session.claims)
  const token: SigninToken = {
    sessionToken,
    until: deps.clock.now() + linkLifetime,
    ...(seconds !== undefined && { seconds }),
  }
  return jsonAnswer(200, { SigninToken: deps.vault.sealText(purpose, JSON.stringify(token)) })
}

async function login(fields: Fields, request: HttpRequest, deps: Dependencies): Promise<HttpResponse> {
  const text = deps.vault.openText(purpose, fields.get('SigninToken') ?? '')
  const token = text === undefined ? undefined : (JSON.parse(text) as SigninToken) // sealed by getSigninToken
  const now = deps.clock.now()
  const session = token && now < token.until ? await openToken(token.sessionToken, deps) : undefined
  if (token === undefined || session === undefined) throw bad('The link is not valid, or no longer.')
  return enterConsole(
    session,
    token.seconds,
    safeDestination(fields.get('Destination'), request),
    request,
    deps,
  )
}

/**
 * Leads a browser into the console with a role session's own credentials. @param seconds how long; if absent, as long as they last
 * @throws SignInRefusal if no browser would keep it
 */
export async function enterConsole(
  given: OpenSession,
  seconds: number | undefined,
  destination: string,
  request: HttpRequest,
  deps: Dependencies,
): Promise<HttpResponse> {
  const session = consoleSession(given, seconds, deps)
  const keptSession = keptOf({ original: session }, request, deps)
  if (keptSession === undefined)
    throw bad('The session is too large for a browser: pass fewer policies and tags.')
  const event = signInEvent(
    {
      name: 'ConsoleLogin',
      result: 'Success',
      ...identityOf(session.caller),
      additional: loginData(request, undefined, destination),
    },
    request,
    deps,
  )
  await deps.directory.commit([event])
  return redirectAnswer(destination, keptSession.cookie, keptSession.half)
}

/** The same session, for the console: with the same issue time, so that revoking older sessions ends it. */
function consoleSession(given: OpenSession, seconds: number | undefined, deps: Dependencies): OpenSession {
  const { accessKeyId: _, secretAccessKey: __, ...claims } = given.claims
  const now = deps.clock.now()
  const expiresAt = seconds === undefined ? Math.min(claims.expiresAt, now + longest) : now + seconds * 1000
  return beginSession({ ...claims, expiresAt, signIn: uuid(deps.random) }, given.account, deps)
}

interface SessionField {
  readonly sessionId: string
  readonly sessionKey: string
  readonly sessionToken: string
}

function sessionOf(text: string): SessionField {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null // looked at below
    const { sessionId, sessionKey, sessionToken } = value ?? {}
    if (typeof sessionId === 'string' && typeof sessionKey === 'string' && typeof sessionToken === 'string') {
      return { sessionId, sessionKey, sessionToken }
    }
  } catch {
    // malformed JSON is refused like any other text that is not a session
  }
  throw bad('Session must be a JSON object with sessionId, sessionKey and sessionToken.')
}

/**
 * @throws SignInRefusal if these credentials cannot be used in the console beyond their own expiry (behaviour SGN-31)
 */
function durationOf(fields: Fields, claims: SessionClaims): number | undefined {
  if (claims.kind !== 'role' && claims.kind !== 'federated') {
    throw bad('Only credentials of AssumeRole and its like, or of GetFederationToken, can sign in.')
  }
  const text = fields.get('SessionDuration')
  if (text === undefined) return undefined
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds < 900 || seconds > 43_200) throw bad('SessionDuration must be between 900 and 43200 seconds.')
  if (claims.kind === 'federated') throw bad('SessionDuration cannot be used with GetFederationToken.')
  if (claims.origin === 'role') throw bad('SessionDuration cannot be used with role chaining.')
  // a shortened session is not made longer (behaviour SGN-35)
  if (claims.scopes !== undefined) throw bad('SessionDuration cannot be used with GetScopedCredentials.')
  // otherwise the credentials could begin session after session without an end (behaviour SGN-34)
  if (claims.signIn !== undefined)
    throw bad('SessionDuration cannot be used with credentials of the console itself.')
  return seconds
}

function bad(message: string): SignInRefusal {
  return new SignInRefusal(400, 'InvalidRequest', message)
}
