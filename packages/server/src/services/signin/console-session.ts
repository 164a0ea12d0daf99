import { createHash } from 'node:crypto'
import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, assert, type HttpRequest } from '../../base/index.ts'
import { type Account, endedSignIns } from '../../directory/index.ts'
import {
  callerName,
  mint,
  type SessionClaims,
  type SignedCaller,
  type UnkeyedClaims,
} from '../../session/index.ts'

/** A session, opened. */
export interface OpenSession {
  readonly account: Account
  readonly caller: SignedCaller
  readonly claims: SessionClaims
  readonly token: string
}

/** A browser's sign-in: the identity, and the role that is worn over it. */
export interface ConsoleSession {
  readonly original: OpenSession
  readonly role?: OpenSession
}

const cookieName = 'omen-signin'
/** The largest cookie of browsers: 4,096 bytes. */
const cookieMost = 4_000

const purpose = 'console-session'

/**
 * Returns the browser's sign-in, or undefined if there is no valid one. The cookie contains the sessions' own sealed
 * tokens, the original one and the role's, so that nothing is stored here, and a proof that the sign-in issued it.
 * Tokens alone are not a sign-in: they are in every call and in events, where a secret key never may be (behaviour
 * SGN-4).
 */
export function readSession(request: HttpRequest, house: Dependencies): Promise<ConsoleSession | undefined> {
  return house.directory.decided(() => sessionOf(request, house))
}

async function sessionOf(request: HttpRequest, house: Dependencies): Promise<ConsoleSession | undefined> {
  const tokens = (ticketOf(request) ?? cookieOf(request) ?? '').split('.')
  const proof = Buffer.from(tokens.pop() ?? '', 'base64url')
  if (house.vault.open(purpose, proof)?.equals(digest(tokens)) !== true) return undefined
  const [first, second] = tokens
  const original = first ? await openToken(first, house) : undefined
  if (original?.claims.signIn === undefined || hasEnded(original)) return undefined
  const role = second ? await openToken(second, house) : undefined
  return role?.claims.signIn === original.claims.signIn ? { original, role } : { original }
}

/** Ended sign-ins that an account keeps. Those that end by themselves first are forgotten first. */
const endedMost = 10_000

function hasEnded({ account, claims: { signIn = '' } }: OpenSession): boolean {
  return account.table(endedSignIns).find(signIn) !== undefined
}

/**
 * Ends a sign-in in every tab: its tickets are refused from now on, also after a restart (behaviour SGN-47). Its
 * credentials end by themselves, as AWS's do.
 */
export async function endSignIn({ original }: ConsoleSession, house: Dependencies): Promise<void> {
  const { signIn, expiresAt } = original.claims
  if (signIn === undefined) return
  await changeAccount(original, house, async ({ account }) => {
    const ended = account.table(endedSignIns)
    const now = house.clock.now()
    const kept = [...ended.values()].sort((a, b) => b.expiresAt - a.expiresAt)
    for (const [index, old] of kept.entries())
      if (old.expiresAt <= now || index >= endedMost - 1) ended.delete(old.signIn)
    ended.put({ signIn, expiresAt })
    await house.directory.commit([])
  })
}

/** Runs what changes the account of a session; again, if another node changes it at the same time. */
export function changeAccount(
  session: OpenSession,
  { directory }: Dependencies,
  change: (session: OpenSession) => Promise<void>,
): Promise<void> {
  return directory.settle(async () => {
    const account = await directory.find(session.account.id)
    if (account !== undefined) await change({ ...session, account })
  })
}

/** Returns the session of a token if it is valid. */
export async function openToken(token: string, house: Dependencies): Promise<OpenSession | undefined> {
  let claims = house.tokens.open(token)
  if (claims === undefined && house.directory.store.shared) {
    // another node may seal with a key that this one has not heard of
    await house.keyRing.catchUp(house.clock.now())
    claims = house.tokens.open(token)
  }
  const account = claims && (await loadedWithManagement(claims.account, house))
  if (claims === undefined || account === undefined) return undefined
  const found = house.credentials.find(account, claims.accessKeyId, token, house.clock.now())
  return typeof found === 'string' ? undefined : { account, caller: found.caller, claims, token }
}

/** Returns an account with the organization whose policies apply to it. */
export async function loadedWithManagement(id: AccountId, house: Dependencies): Promise<Account | undefined> {
  const account = await house.directory.find(id)
  const management = account?.settings.managementAccount
  if (management !== undefined) await house.directory.find(management as AccountId) // written by Organizations
  return account
}

/** Begins a session of these claims in the account. */
export function beginSession(claims: UnkeyedClaims, account: Account, house: Dependencies): OpenSession {
  const { credentials, claims: keyed } = mint(claims, house.tokens, house.random)
  const found = house.credentials.find(
    account,
    keyed.accessKeyId,
    credentials.sessionToken,
    house.clock.now(),
  )
  assert(typeof found !== 'string', 'a new session is alive')
  return { account, caller: found.caller, claims: keyed, token: credentials.sessionToken }
}

/** Returns the text of a session, for the cookie and a tab; undefined if no browser would store it. */
export function sealSession({ original, role }: ConsoleSession, { vault }: Dependencies): string | undefined {
  const tokens = role === undefined ? [original.token] : [original.token, role.token]
  const value = [...tokens, vault.seal(purpose, digest(tokens)).toString('base64url')].join('.')
  return value.length > cookieMost ? undefined : value
}

/** Returns the cookie of a sealed session. */
export function cookieWith(
  ticket: string,
  { original }: ConsoleSession,
  request: HttpRequest,
  { clock }: Dependencies,
): string {
  const seconds = Math.max(0, Math.floor((original.claims.expiresAt - clock.now()) / 1000))
  return cookie(ticket, seconds, request)
}

/**
 * Returns the session that a tab of the console sends, the same text as the cookie's. A browser has one cookie, but
 * each tab has an identity of its own; no page of another site can set this header (behaviour SGN-6).
 */
function ticketOf({ headers }: HttpRequest): string | undefined {
  return headers['x-omen-signin']
}

function digest(tokens: readonly string[]): Buffer {
  return createHash('sha256').update(tokens.join('.')).digest()
}

/** Returns the cookie that ends it. */
export function cookieWithout(request: HttpRequest): string {
  return cookie('', 0, request)
}

/**
 * It is sent to the sign-in alone: not to the guard's upstream, nor to other servers with the machine's name
 * (behaviour SGN-5).
 */
function cookie(value: string, seconds: number, { secure }: HttpRequest): string {
  return `${cookieName}=${value}; Path=/signin; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

function cookieOf({ headers }: HttpRequest): string | undefined {
  for (const pair of (headers.cookie ?? '').split(/;\s*/)) {
    if (pair.startsWith(`${cookieName}=`)) return pair.slice(cookieName.length + 1)
  }
  return undefined
}

/** Returns what the console needs to show and to sign its calls. @param shown how the worn role is shown */
export function sessionView(
  { original, role }: ConsoleSession,
  ticket: string | undefined,
  shown: object = {},
) {
  const worn = role ?? original
  const { claims, caller } = worn
  return {
    ...(ticket === undefined ? {} : { ticket }),
    account: worn.account.id,
    alias: worn.account.settings.alias,
    arn: caller.arn,
    name: callerName(caller),
    mfa: original.claims.mfaAt !== undefined,
    kind: caller.kind,
    ...(caller.kind === 'role' && {
      role: { arn: caller.roleArn, name: caller.role.name, id: caller.role.id, ...shown },
    }),
    expiresAt: new Date(claims.expiresAt).toISOString(),
    credentials: credentialsOf(worn),
    ...(role !== undefined && {
      switchedFrom: {
        account: original.account.id,
        arn: original.caller.arn,
        name: callerName(original.caller),
        expiresAt: new Date(original.claims.expiresAt).toISOString(),
        credentials: credentialsOf(original),
      },
    }),
  }
}

function credentialsOf({ claims, token }: OpenSession) {
  return {
    accessKeyId: claims.accessKeyId,
    secretAccessKey: claims.secretAccessKey,
    sessionToken: token,
    expiration: new Date(claims.expiresAt).toISOString(),
  }
}
