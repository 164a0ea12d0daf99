import { type AccountId, assert } from '../base/index.ts'
import type { Account, Table } from '../directory/index.ts'
import type { GrantsDeps } from './deps.ts'
import { type Code, codes, type Grant, grants, most } from './tables.ts'
import { hashOf, isProof, newGrantId, proofOf, readToken, tokenText } from './token.ts'

/** The purpose under which the owner of a grant is sealed. */
export const grantPurpose = 'grant'

/** A table of codes or grants that has no room left. */
export class Full extends Error {
  override readonly name = 'Full'
}

/** A new code. `who` is the person of the grant: only its sealed form is stored. */
export interface NewCode {
  readonly client: string
  readonly redirectUri: string
  readonly challenge: string
  readonly who: unknown
  readonly until: number
}

/** Issues an authorization code in the account of whom it is for. @throws Full */
export function issueCode(code: NewCode, account: Account, deps: GrantsDeps): string {
  const { who, ...plain } = code
  const table = account.table(codes)
  makeRoom(table, most.codes, deps.clock.now(), ({ hash, until }) => ({ key: hash, until }))
  const text = newSecretText(account.id, deps)
  table.put({ ...plain, hash: hashOf(text), sealed: sealWho(who, deps) })
  return text
}

/** A code that nobody guesses, in which any node finds its account. */
export function newSecretText(account: AccountId, { random }: GrantsDeps): string {
  const proof = Buffer.from(random.bytes(32))
  return tokenText({ account, grant: newGrantId(random), number: 0, proof })
}

/** Returns a code that was issued here, spent or not; undefined if there is none, or none any more. */
export function findCode(account: Account, text: string, now: number): Code | undefined {
  const code = account.table(codes).find(hashOf(text))
  return code !== undefined && now < code.until ? code : undefined
}

/** Seals who a grant will be of. */
export function sealWho(who: unknown, { vault }: GrantsDeps): string {
  return vault.sealText(grantPurpose, JSON.stringify(who))
}

/** Opens what `sealWho` sealed: the caller knows what it put in. */
export function openWho<Who>(sealed: string, { vault }: GrantsDeps): Who | undefined {
  const text = vault.openText(grantPurpose, sealed)
  return text === undefined ? undefined : (JSON.parse(text) as Who) // sealed here by the same caller
}

/** A new grant. */
export interface NewGrant {
  readonly kind: Grant['kind']
  readonly client: string
  readonly who: unknown
  readonly thumbprint?: string
  readonly endsAt: number
  readonly session?: string
}

interface Inside<Who> {
  readonly seed: string
  readonly who: Who
}

/** Begins a family of tokens. @throws Full */
function beginGrant(grant: NewGrant, account: Account, deps: GrantsDeps): Grant {
  const now = deps.clock.now()
  const table = account.table(grants)
  makeRoom(table, most.grants, now, ({ id, endsAt }) => ({ key: id, until: endsAt }))
  const { who, ...plain } = grant
  const seed = Buffer.from(deps.random.bytes(32)).toString('base64url')
  const begun: Grant = {
    id: newGrantId(deps.random),
    ...plain,
    sealed: sealWho({ seed, who } satisfies Inside<unknown>, deps),
    startedAt: now,
    turn: 0,
    turnedAt: now,
  }
  table.put(begun)
  return begun
}

/**
 * Begins a family of tokens and opens it: what a code or a device code is good for once. @param spend ends what is exchanged
 * @throws Full
 */
export function exchangeFor<Who>(
  grant: NewGrant & { readonly who: Who },
  spend: (grant: Grant) => void,
  account: Account,
  deps: GrantsDeps,
): OpenGrant<Who> {
  const begun = beginGrant(grant, account, deps)
  spend(begun)
  const open = openGrant<Who>(begun, deps)
  assert(open !== undefined, 'a grant that just began is open')
  return open
}

/** Spends a code: from now on it is kept only to be known when it comes again. */
export function spendCode(code: Code, grant: Pick<Grant, 'id'>, account: Account): void {
  account.table(codes).put({ ...code, spentFor: grant.id })
}

/** An open grant, and who it is of. */
export interface OpenGrant<Who> {
  readonly grant: Grant
  readonly who: Who
  readonly seed: string
}

/** Opens a grant that has not ended. */
export function openGrant<Who>(grant: Grant | undefined, deps: GrantsDeps): OpenGrant<Who> | undefined {
  if (grant === undefined || deps.clock.now() >= grant.endsAt) return undefined
  const inside = openWho<Inside<Who>>(grant.sealed, deps)
  return inside && { grant, ...inside }
}

/** Returns the refresh token of a grant's turn. */
export function refreshToken({ grant, seed }: OpenGrant<unknown>, account: AccountId, prefix = ''): string {
  const { id, turn: number } = grant
  return tokenText({ account, grant: id, number, proof: proofOf(seed, 'refresh', number) }, prefix)
}

/** Returns an access token that is valid until an instant in milliseconds. */
export function accessToken(
  { grant, seed }: OpenGrant<unknown>,
  account: AccountId,
  until: number,
  prefix = '',
): string {
  const number = Math.floor(until / 1000)
  return tokenText({ account, grant: grant.id, number, proof: proofOf(seed, 'access', number) }, prefix)
}

/** Returns the grant of an access token, or undefined if it proves nothing now. */
export function byAccessToken<Who>(
  text: string,
  account: Account,
  deps: GrantsDeps,
  prefix = '',
): OpenGrant<Who> | undefined {
  const parts = readToken(text, prefix)
  if (parts === undefined || parts.account !== account.id) return undefined
  if (deps.clock.now() >= parts.number * 1000) return undefined
  const open = openGrant<Who>(account.table(grants).find(parts.grant), deps)
  return open !== undefined && isProof(parts, open.seed, 'access') ? open : undefined
}

/** How a refresh token is known: as the newest, as the one before while it still counts, or as one that was replaced. */
export type KnownRefresh<Who> =
  | { readonly kind: 'newest' | 'before'; readonly open: OpenGrant<Who> }
  | { readonly kind: 'replayed'; readonly open: OpenGrant<Who> }

/**
 * Returns the grant of a refresh token; undefined if it is forged, or its grant has ended. @param grace how long a token
 * that was replaced still counts, in milliseconds
 */
export function byRefreshToken<Who>(
  text: string,
  account: Account,
  deps: GrantsDeps,
  { prefix = '', grace = 0 }: { readonly prefix?: string; readonly grace?: number },
): KnownRefresh<Who> | undefined {
  const parts = readToken(text, prefix)
  if (parts === undefined || parts.account !== account.id) return undefined
  const open = openGrant<Who>(account.table(grants).find(parts.grant), deps)
  if (open === undefined || !isProof(parts, open.seed, 'refresh')) return undefined
  const { turn, turnedAt } = open.grant
  if (parts.number === turn) return { kind: 'newest', open }
  const counts = parts.number === turn - 1 && deps.clock.now() < turnedAt + grace
  return { kind: counts ? 'before' : 'replayed', open }
}

/** Replaces the refresh token of a grant by the next one. */
export function turnGrant<Who>(
  { grant, ...rest }: OpenGrant<Who>,
  account: Account,
  now: number,
): OpenGrant<Who> {
  const turned = { ...grant, turn: grant.turn + 1, turnedAt: now }
  account.table(grants).put(turned)
  return { ...rest, grant: turned }
}

/** Ends a grant: none of its tokens is good any more. */
export function endGrant(id: string, account: Account): void {
  account.table(grants).delete(id)
}

/** Makes room in a table: what has ended leaves, and nothing else does. @throws Full */
export function makeRoom<R>(
  table: Table<R>,
  mostEntries: number,
  now: number,
  endOf: (record: R) => { readonly key: string; readonly until: number },
): void {
  if (table.size < mostEntries) return
  for (const record of [...table.values()]) {
    const { key, until } = endOf(record)
    if (until <= now) table.delete(key)
  }
  if (table.size >= mostEntries) throw new Full()
}

/** Calls whose code or token is one of this server, whatever became of it. */
const concerning = new WeakSet<object>()

/** The code or token of a refused call. */
export interface Brought {
  /** Whether it was issued here: others concern no account. */
  readonly isIssued: boolean
  /** The id of the grant that ends because of it. Present if it was used before: it has a second owner. */
  readonly ends: string | undefined
}

/** Returns what the authorization code or the refresh token of a refused call is. The options are those of `byRefreshToken`. */
export function broughtBy(
  {
    grantType,
    code = '',
    refreshToken: token = '',
  }: {
    readonly grantType: string
    readonly code?: string | undefined
    readonly refreshToken?: string | undefined
  },
  { account, deps, now }: { readonly account: Account; readonly deps: GrantsDeps; readonly now: number },
  options: { readonly prefix?: string; readonly grace?: number },
): Brought {
  if (grantType === 'authorization_code') {
    const issued = findCode(account, code, now)
    return { isIssued: issued !== undefined, ends: issued?.spentFor }
  }
  const known = byRefreshToken(token, account, deps, options)
  return { isIssued: known !== undefined, ends: known?.kind === 'replayed' ? known.open.grant.id : undefined }
}

/** Ends what was used twice, and notes whether the refused call has an event (see `concernsNobody`). */
export function settleBrought(
  { isIssued, ends }: Brought,
  call: { readonly marks?: object; readonly account: Account },
): void {
  if (isIssued) concerning.add(call.marks ?? call)
  if (ends !== undefined) endGrant(ends, call.account)
}

/**
 * Returns whether a refused call brought only what was not issued here, as `settleBrought` noted: it has no event. On a database of
 * several nodes this is never said: a node learns from the commit of the event that it has not read the code yet.
 */
export function concernsNobody(call: {
  readonly marks?: object
  readonly caller: { readonly kind: string }
  readonly deps: { readonly directory: { readonly store: { readonly shared: boolean } } }
}): boolean {
  if (call.deps.directory.store.shared) return false
  return call.caller.kind === 'anonymous' && !concerning.has(call.marks ?? call)
}
