import { createHash } from 'node:crypto'
import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId, HttpRequest, Random } from '../../base/index.ts'
import { uuid } from '../../base/index.ts'
import { users } from '../../directory/index.ts'
import { SignInRefusal } from './answers.ts'
import {
  beginSession,
  type ConsoleSession,
  loadedWithManagement,
  type OpenSession,
} from './console-session.ts'
import { identityOf, type SignInFacts, signInEvent } from './events.ts'
import { loginData } from './password-login.ts'
import type { Perform } from './perform.ts'
import { putOn } from './switch-role.ts'

/** A one-time link is valid for ten minutes, in milliseconds. */
const validFor = 600_000
/** The most unused links; the oldest is removed first. */
const linksMost = 100
/** A sign-in by a link lasts twelve hours, as one with a password does (behaviour SGN-2). */
const lifetime = 43_200_000

/** The identity that a link signs in, and the role that it then assumes. */
export interface LinkTarget {
  readonly account: AccountId
  /** A user's id, or root. */
  readonly userId: string
  /** Name of a role of the same account, with its path. */
  readonly role?: string
  /** Whether the sign-in counts as one with MFA. */
  readonly mfa?: boolean
}

/**
 * One-time links: each signs in one identity, once, within ten minutes (behaviour SGN-7). Only a digest of each token
 * is kept, in memory: a restart ends all links.
 */
export class SignInLinks {
  readonly #random: Random
  readonly #links = new Map<string, { readonly target: LinkTarget; readonly expiresAt: number }>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Creates a link and returns its token. */
  create(target: LinkTarget, now: number): string {
    const token = Buffer.from(this.#random.bytes(32)).toString('base64url')
    for (const [key, { expiresAt }] of this.#links) {
      if (expiresAt > now && this.#links.size < linksMost) break
      this.#links.delete(key)
    }
    this.#links.set(digest(token), { target, expiresAt: now + validFor })
    return token
  }

  /** Returns the identity of a token; undefined if it is unknown, was used, or is older than ten minutes. */
  redeem(token: string, now: number): LinkTarget | undefined {
    const key = digest(token)
    const link = this.#links.get(key)
    this.#links.delete(key)
    return link !== undefined && now < link.expiresAt ? link.target : undefined
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Begins the session of a link, and records the sign-in. @throws SignInRefusal */
export async function followLink(
  token: string,
  links: SignInLinks,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<ConsoleSession> {
  const target = links.redeem(token, deps.clock.now())
  if (target === undefined) throw expired()
  return enterAs(target, request, perform, deps)
}

/** Signs an identity in without its password, for the owner of the server. @throws SignInRefusal */
export async function enterAs(
  target: LinkTarget,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<ConsoleSession> {
  const original = await deps.directory.decided(() => begin(target, deps.clock.now(), request, deps))
  if (target.role === undefined) return { original }
  return { original, role: await putOn(target.account, target.role, original, request, perform, deps) }
}

/** Begins the session of a link's identity, and records the sign-in. @throws SignInRefusal if it is gone */
async function begin(
  target: LinkTarget,
  now: number,
  request: HttpRequest,
  deps: Dependencies,
): Promise<OpenSession> {
  const account = await loadedWithManagement(target.account, deps)
  const exists = target?.userId === 'root' || account?.table(users).find(target.userId)
  if (account === undefined || !exists) throw expired()
  const original = beginSession(
    {
      kind: 'user',
      account: account.id,
      userId: target.userId,
      signIn: uuid(deps.random),
      issuedAt: now,
      expiresAt: now + lifetime,
      ...(target.mfa === true && { mfaAt: now }),
    },
    account,
    deps,
  )
  const facts: SignInFacts = {
    name: 'ConsoleLogin',
    result: 'Success',
    ...identityOf(original.caller),
    additional: loginData(request, undefined, '/_omen/'),
  }
  await deps.directory.commit([signInEvent(facts, request, deps)])
  return original
}

function expired(): SignInRefusal {
  return new SignInRefusal(
    401,
    'LinkExpired',
    'The link was used or has expired. Run omen console for a new one.',
  )
}
