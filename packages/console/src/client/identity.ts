import { useSyncExternalStore } from 'react'

/** Credentials that the browser signs calls with: a session's, which ends by itself. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** The identity that signed in before a role was put on. */
export interface OriginalIdentity {
  readonly account: string
  readonly arn: string
  readonly name: string
  /** ISO 8601. */
  readonly expiresAt: string
  readonly credentials: Credentials
}

/** The identity that this tab acts as. */
export interface Identity {
  /** The sealed session that the sign-in takes as proof of who this tab is. */
  readonly ticket: string
  readonly account: string
  readonly alias?: string
  readonly arn: string
  readonly name: string
  readonly kind: 'root' | 'user' | 'role' | 'federated' | 'assumedRoot'
  readonly mfa: boolean
  /** ISO 8601. */
  readonly expiresAt: string
  /** The role that is assumed. */
  readonly role?: {
    readonly arn: string
    readonly name: string
    readonly id: string
    readonly displayName?: string
    readonly color?: string
    /** The line in the top bar is hatched: the role works in production. */
    readonly hatched?: boolean
  }
  readonly credentials: Credentials
  readonly switchedFrom?: OriginalIdentity
  /** The identity that a chained role was put on with. */
  readonly chainedFrom?: Identity
}

/** The fields of the switch-role form. */
export interface SwitchFields {
  readonly account: string
  readonly roleName: string
  readonly displayName?: string | undefined
  readonly color?: string | undefined
  readonly hatched?: boolean | undefined
}

/** A refusal of the sign-in. */
export class SignInError extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

const key = 'omen.identity'
/** As in the server's own pages. */
const halfKey = 'omen.half'

/** An identity as the sign-in answers it. */
interface Entered extends Identity {
  readonly half?: string
}

/**
 * The identity of this tab. It lives in sessionStorage, which no other tab sees and which ends with the tab. A new tab
 * gets its first identity from two halves: the cookie that the sign-in sets, which scripts cannot read but every port of
 * the machine receives, and a text in localStorage, which no other port can read (behaviour SGN-48).
 */
class IdentityStore {
  #identity: Identity | undefined = restored()
  #hasEnded = false
  readonly #listeners = new Set<() => void>()

  get current(): Identity | undefined {
    return this.#identity
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether the server says that the session of this tab is over. What the page shows stays. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Notes that the session is over. */
  end(): void {
    if (this.#hasEnded || this.#identity === undefined) return
    this.#hasEnded = true
    this.#notify()
  }

  /**
   * Signs in with what the form holds. If the session of this tab has ended while a role was assumed, and the same person
   * signs in, the role is put on again. @throws SignInError
   */
  async signIn(fields: Readonly<Record<string, string>>): Promise<Identity> {
    const before = this.#identity
    const entered = await this.#post('/signin/login', fields)
    const original = before?.switchedFrom?.arn
    if (!this.#hasEnded || before?.role === undefined || original !== entered.arn) return this.#enter(entered)
    const { role } = before
    const assumed = this.#post(
      '/signin/switch',
      switchBody({ ...role, ...partsOf(role.arn) }),
      entered.ticket,
    )
    return this.#enter(await assumed.catch(() => entered))
  }

  /** Puts the assumed role on for another while. @throws SignInError */
  async renew(): Promise<Identity> {
    return this.#enter(await this.#post('/signin/renew', {}))
  }

  /** Takes over credentials that a chained AssumeRole gave. */
  wear(identity: Identity): void {
    this.#enter(identity)
  }

  /** Takes the chained role off: one step back. */
  unchain(): void {
    const before = this.#identity?.chainedFrom
    if (before !== undefined) this.#enter(before)
  }

  /** Asks the sign-in something that changes no identity. @throws SignInError */
  async ask<T>(
    path: '/signin/history' | '/signin/check',
    fields?: Readonly<Record<string, string>>,
  ): Promise<T> {
    if (fields !== undefined) return this.#post<T>(path, fields)
    return answerOf<T>(await fetch(path, { headers: this.#headers() }))
  }

  /** Signs in with a one-time link. @throws SignInError */
  async followLink(token: string): Promise<Identity> {
    return this.#enter(await this.#post('/signin/link', { token }))
  }

  /** Takes the browser's last sign-in over; undefined if there is none. */
  async adopt(): Promise<Identity | undefined> {
    const half = localStorage.getItem(halfKey)
    if (half === null) return undefined
    const response = await fetch('/signin/session', { headers: { 'x-omen-half': half } })
    if (!response.ok) return undefined
    return this.#enter((await response.json()) as Identity) // what the sign-in answers
  }

  /** Puts a role on, always as the original identity. @throws SignInError */
  async switchRole(fields: SwitchFields): Promise<{ readonly isFirst: boolean }> {
    const { firstSwitch, ...identity } = await this.#post<Identity & { firstSwitch?: boolean }>(
      '/signin/switch',
      switchBody(fields),
    )
    this.#enter(identity)
    return { isFirst: firstSwitch === true }
  }

  /** Takes the role off. @throws SignInError */
  async switchBack(): Promise<Identity> {
    return this.#enter(await this.#post('/signin/exit', {}))
  }

  async signOut(): Promise<void> {
    await this.#post('/signin/logout', {}).catch(() => undefined)
    localStorage.removeItem(halfKey)
    this.forget()
  }

  /** Forgets the identity of this tab; the page asks for a sign-in. */
  forget(): void {
    sessionStorage.removeItem(key)
    this.#hasEnded = false
    this.#set(undefined)
  }

  #headers(ticket = this.#identity?.ticket): Record<string, string> {
    return ticket === undefined ? {} : { 'x-omen-signin': ticket }
  }

  async #post<T = Identity>(
    path: string,
    fields: Readonly<Record<string, string | undefined>>,
    ticket?: string,
  ): Promise<T> {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers(ticket) },
      body: JSON.stringify(fields),
    })
    return answerOf<T>(response)
  }

  #enter({ half, ...identity }: Entered): Identity {
    if (half !== undefined) localStorage.setItem(halfKey, half)
    sessionStorage.setItem(key, JSON.stringify(identity))
    this.#hasEnded = false
    this.#set(identity)
    return identity
  }

  #set(identity: Identity | undefined): void {
    this.#identity = identity
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer = (await response.json()) as T & { error?: string; message?: string } // what the sign-in answers
  if (!response.ok)
    throw new SignInError(answer.error ?? 'Unknown', answer.message ?? response.statusText, response.status)
  return answer
}

function switchBody({ account, roleName, displayName, color, hatched }: SwitchFields) {
  return { account, roleName, displayName, color, ...(hatched ? { hatched: 'yes' } : {}) }
}

/** Account, and path with name, of a role's ARN. */
export function partsOf(roleArn: string): { readonly account: string; readonly roleName: string } {
  return { account: roleArn.split(':')[4] ?? '', roleName: roleArn.slice(roleArn.indexOf(':role/') + 6) }
}

/** Keeps the half that a link's sign-in put into the address; an empty one says that nobody is signed in. */
function keepHalf(): void {
  const given = /^#half=([\w-]*)$/.exec(location.hash)?.[1]
  if (given === undefined) return
  localStorage.setItem(halfKey, given)
  history.replaceState(null, '', location.pathname + location.search)
}

function restored(): Identity | undefined {
  keepHalf()
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as Identity) // written by #enter
  } catch {
    return undefined
  }
}

export const identities = new IdentityStore()

/** The identity of this tab; undefined before sign-in. */
export function useIdentity(): Identity | undefined {
  return useSyncExternalStore(identities.subscribe, () => identities.current)
}

/** Whether the session of this tab is over, as the server says. */
export function useHasEnded(): boolean {
  return useSyncExternalStore(identities.subscribe, () => identities.hasEnded)
}
