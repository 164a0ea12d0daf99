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

/** A browser's sign-in: the identity, and the role that is assumed over it. */
export interface ConsoleSession {
  readonly original: OpenSession
  readonly role?: OpenSession
}

const cookieName = 'omen-signin'
/** The largest cookie of browsers: 4,096 bytes. */
const cookieMost = 4_000

const ticketPurpose = 'console-session'
const cookiePurpose = 'console-cookie'
const purposes = { ticket: ticketPurpose, cookie: cookiePurpose } as const

/**
 * Returns the browser's sign-in, or undefined if there is no valid one. Ticket and cookie contain the sessions' own sealed
 * tokens, the original one and the role's, so that nothing is stored here, and a proof that the sign-in issued it.
 * Tokens alone are not a sign-in: they are in every call and in events, where a secret key never may be (behaviour
 * SGN-4). A cookie counts with its other half only (behaviour SGN-48). @param half of a form; other requests have a header
 */
export function readSession(
  request: HttpRequest,
  half: string | undefined,
  deps: Dependencies,
): Promise<ConsoleSession | undefined> {
  return deps.directory.decided(() => sessionOf(request, half, deps))
}

async function sessionOf(
  request: HttpRequest,
  half: string | undefined,
  deps: Dependencies,
): Promise<ConsoleSession | undefined> {
  const tokens = provenTokens(request, half ?? request.headers['x-omen-half'], deps)
  if (tokens === undefined) return undefined
  const [first, second] = tokens
  const original = first ? await openToken(first, deps) : undefined
  if (original?.claims.signIn === undefined || hasEnded(original)) return undefined
  const role = second ? await openToken(second, deps) : undefined
  return role?.claims.signIn === original.claims.signIn ? { original, role } : { original }
}

/** Returns the tokens of a ticket, else of a cookie; undefined if the sign-in issued neither. */
function provenTokens(
  request: HttpRequest,
  half: string | undefined,
  { vault }: Dependencies,
): readonly string[] | undefined {
  const ticket = ticketOf(request)
  if (ticket === undefined && !half) return undefined
  const tokens = (ticket ?? cookieOf(request) ?? '').split('.')
  const proof = Buffer.from(tokens.pop() ?? '', 'base64url')
  const sealed = vault.open(ticket === undefined ? purposes.cookie : purposes.ticket, proof)
  return sealed?.equals(digest(tokens, ticket === undefined ? half : '')) === true ? tokens : undefined
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
export async function endSignIn({ original }: ConsoleSession, deps: Dependencies): Promise<void> {
  const { signIn, expiresAt } = original.claims
  if (signIn === undefined) return
  await changeAccount(original, deps, async ({ account }) => {
    const ended = account.table(endedSignIns)
    const now = deps.clock.now()
    const sessionsKept = [...ended.values()].sort((a, b) => b.expiresAt - a.expiresAt)
    for (const [index, old] of sessionsKept.entries())
      if (old.expiresAt <= now || index >= endedMost - 1) ended.delete(old.signIn)
    ended.put({ signIn, expiresAt })
    await deps.directory.commit([])
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
export async function openToken(token: string, deps: Dependencies): Promise<OpenSession | undefined> {
  let claims = deps.tokens.open(token)
  if (claims === undefined && deps.directory.store.shared) {
    // another node may seal with a key that this one has not heard of
    await deps.keyRing.catchUp(deps.clock.now())
    claims = deps.tokens.open(token)
  }
  const account = claims && (await loadedWithManagement(claims.account, deps))
  if (claims === undefined || account === undefined) return undefined
  const credential = deps.credentials.find(account, claims.accessKeyId, token, deps.clock.now())
  return typeof credential === 'string' ? undefined : { account, caller: credential.caller, claims, token }
}

/** Returns an account with the organization whose policies apply to it. */
export async function loadedWithManagement(id: AccountId, deps: Dependencies): Promise<Account | undefined> {
  const account = await deps.directory.find(id)
  const management = account?.settings.managementAccount
  if (management !== undefined) await deps.directory.find(management as AccountId) // written by Organizations
  return account
}

/** Begins a session of these claims in the account. */
export function beginSession(claims: UnkeyedClaims, account: Account, deps: Dependencies): OpenSession {
  const { credentials, claims: keyed } = mint(claims, deps.tokens, deps.random)
  const credential = deps.credentials.find(
    account,
    keyed.accessKeyId,
    credentials.sessionToken,
    deps.clock.now(),
  )
  assert(typeof credential !== 'string', 'a new session is alive')
  return { account, caller: credential.caller, claims: keyed, token: credentials.sessionToken }
}

/** Returns the ticket of a session, with which a tab says who it is; undefined if no browser would store it. */
export function sealSession(session: ConsoleSession, deps: Dependencies): string | undefined {
  return sealed(session, purposes.ticket, '', deps)
}

function sealed(
  { original, role }: ConsoleSession,
  purpose: string,
  half: string,
  { vault }: Dependencies,
): string | undefined {
  const tokens = role === undefined ? [original.token] : [original.token, role.token]
  const value = [...tokens, vault.seal(purpose, digest(tokens, half)).toString('base64url')].join('.')
  return value.length > cookieMost ? undefined : value
}

/** The parts of a sign-in that a browser keeps for new tabs: each is worth nothing without the other. */
export interface Kept {
  readonly cookie: string
  /** For the storage of the page's origin, which has a port where a cookie has none. */
  readonly half: string
}

/** Returns what a browser keeps of a session (behaviour SGN-48); undefined if no browser would keep it. */
export function keptOf(session: ConsoleSession, request: HttpRequest, deps: Dependencies): Kept | undefined {
  const half = Buffer.from(deps.random.bytes(18)).toString('base64url')
  const value = sealed(session, purposes.cookie, half, deps)
  if (value === undefined) return undefined
  const seconds = Math.max(0, Math.floor((session.original.claims.expiresAt - deps.clock.now()) / 1000))
  return { cookie: cookie(value, seconds, request), half }
}

/**
 * Returns the session that a tab of the console sends. A browser has one cookie, but each tab has an identity of its own;
 * no page of another site can set this header (behaviour SGN-6).
 */
function ticketOf({ headers }: HttpRequest): string | undefined {
  return headers['x-omen-signin']
}

function digest(tokens: readonly string[], half = ''): Buffer {
  return createHash('sha256')
    .update([...tokens, half].join('.'))
    .digest()
}

/** Returns the cookie that ends it. */
export function cookieWithout(request: HttpRequest): string {
  return cookie('', 0, request)
}

/** The path keeps it from the guard's upstream. It reaches every port of the machine all the same (behaviour SGN-5). */
function cookie(value: string, seconds: number, { secure }: HttpRequest): string {
  return `${cookieName}=${value}; Path=/signin; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

function cookieOf({ headers }: HttpRequest): string | undefined {
  for (const pair of (headers.cookie ?? '').split(/;\s*/)) {
    if (pair.startsWith(`${cookieName}=`)) return pair.slice(cookieName.length + 1)
  }
  return undefined
}

/** Returns what the console needs to show and to sign its calls. @param shown how the assumed role is shown */
export function sessionView(
  { original, role }: ConsoleSession,
  ticket: string | undefined,
  shown: object = {},
  half?: string,
) {
  const current = role ?? original
  const { claims, caller } = current
  return {
    ...(ticket === undefined ? {} : { ticket }),
    ...(half === undefined ? {} : { half }),
    account: current.account.id,
    alias: current.account.settings.alias,
    arn: caller.arn,
    name: callerName(caller),
    mfa: original.claims.mfaAt !== undefined,
    kind: caller.kind,
    ...(caller.kind === 'role' && {
      role: { arn: caller.roleArn, name: caller.role.name, id: caller.role.id, ...shown },
    }),
    expiresAt: new Date(claims.expiresAt).toISOString(),
    credentials: credentialsOf(current),
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
