import { type Call, otherAccount } from '../../authorization/index.ts'
import { type AccountId, assert, type Fault } from '../../base/index.ts'
import { endedSignIns, loginProfiles } from '../../directory/index.ts'
import { type Code, exchangeFor, Full, type NewGrant, type OpenGrant, spendCode } from '../../grants/index.ts'
import { callerOf, type SignedCaller, type UnkeyedClaims } from '../../session/index.ts'
import { oauthFault } from './oauth-client.ts'

const longestLogin = 43_200_000

/** Whose sign-in it is, which the page knows and the caller's session does not say. */
export interface SignedInBy {
  readonly account: AccountId
  /** The user that signed in with a password, or root. */
  readonly userId?: string
  readonly passwordSetAt?: number
}

/** The person of a grant. */
export interface Who {
  readonly claims: UnkeyedClaims
  readonly by: SignedInBy
  /** Where the code was sent: policies see it at each refresh too. */
  readonly redirectUri?: string
  /** The resource that an agent may ask tokens for. */
  readonly agent?: AgentGrant
}

/** The scope of what a person allowed an agent. */
export interface AgentGrant {
  readonly resource: string
  /** Whether its registration takes refresh tokens. */
  readonly renews: boolean
}

/** A login ends with the session that it is of, after twelve hours at the latest (behaviour SSO-11). */
export function endOf({ expiresAt }: Pick<UnkeyedClaims, 'expiresAt'>, now: number): number {
  return Math.min(expiresAt, now + longestLogin)
}

/** @throws Fault if the sign-in was ended, or its password was changed (behaviour SSO-10) */
export function checkSignIn({ claims, by }: Who, call: Call): void {
  const account = otherAccount(call, by.account)
  if (account === undefined || call.now >= claims.expiresAt) throw expired()
  if (claims.signIn !== undefined && account.table(endedSignIns).find(claims.signIn) !== undefined)
    throw expired()
  if (by.userId === undefined) return
  const set = account.table(loginProfiles).find(by.userId)?.passwordSetAt
  if (set !== by.passwordSetAt) throw changed()
}

/** The identity that the tokens are of, without a key. @throws Fault if it is gone */
export function callerOfWho({ claims }: Who, call: Call): SignedCaller {
  const caller = callerOf(call.account, { ...claims, accessKeyId: '', secretAccessKey: '' })
  if (caller !== undefined) return caller
  throw claims.kind === 'user' ? changed() : expired()
}

export function sessionOf({ session }: SignedCaller) {
  assert(session !== undefined, 'a sign-in is a session')
  return session
}

/** Begins the grant that an authorization code is good for, and spends the code. @throws Fault if too many are open */
export function exchangeCode(
  code: Code,
  who: Who,
  grant: Pick<NewGrant, 'kind' | 'endsAt' | 'thumbprint'>,
  { account, deps }: Call,
): OpenGrant<Who> {
  const { signIn: session } = who.claims
  const newGrant = { ...grant, client: code.client, who, ...(session !== undefined && { session }) }
  return withRoom(() => exchangeFor(newGrant, (begun) => spendCode(code, begun, account), account, deps))
}

export function withRoom<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Full)
      throw oauthFault('TooManyRequestsError', 'server_error', 'Too many logins are open.')
    throw error
  }
}

export function expired(): Fault {
  return oauthFault('AccessDeniedException', 'TOKEN_EXPIRED', 'The login has ended.')
}

function changed(): Fault {
  return oauthFault(
    'AccessDeniedException',
    'USER_CREDENTIALS_CHANGED',
    'The credentials of the user have changed since the login.',
  )
}
