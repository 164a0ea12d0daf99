import { useSyncExternalStore } from 'react'

/** Credentials that the browser signs calls with: a session's, which ends by itself. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** Who signed in before a role was put on. */
export interface OriginalIdentity {
  readonly account: string
  readonly arn: string
  readonly name: string
  /** ISO 8601. */
  readonly expiresAt: string
  readonly credentials: Credentials
}

/** Who this tab acts as. */
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
  /** The role that is worn. */
  readonly role?: {
    readonly arn: string
    readonly name: string
    readonly id: string
    readonly displayName?: string
    readonly color?: string
  }
  readonly credentials: Credentials
  readonly switchedFrom?: OriginalIdentity
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

/**
 * The identity of this tab. It lives in sessionStorage, which no other tab sees and which ends with the tab; the
 * cookie that the sign-in sets, which scripts cannot read, gives a new tab its first identity.
 */
class IdentityStore {
  #identity: Identity | undefined = restored()
  readonly #listeners = new Set<() => void>()

  get current(): Identity | undefined {
    return this.#identity
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Signs in with what the form holds. @throws SignInError */
  async signIn(fields: Readonly<Record<string, string>>): Promise<Identity> {
    return this.#enter(await this.#post('/signin/login', fields))
  }

  /** Signs in with a one-time link. @throws SignInError */
  async followLink(token: string): Promise<Identity> {
    return this.#enter(await this.#post('/signin/link', { token }))
  }

  /** Takes the browser's last sign-in over; undefined if there is none. */
  async adopt(): Promise<Identity | undefined> {
    const response = await fetch('/signin/session', { headers: this.#headers() })
    if (!response.ok) return undefined
    return this.#enter((await response.json()) as Identity) // what the sign-in answers
  }

  /** Puts a role on, always as the original identity. @throws SignInError */
  async switchRole(fields: {
    readonly account: string
    readonly roleName: string
    readonly displayName?: string
    readonly color?: string
  }): Promise<Identity> {
    return this.#enter(await this.#post('/signin/switch', fields))
  }

  /** Takes the role off. @throws SignInError */
  async switchBack(): Promise<Identity> {
    return this.#enter(await this.#post('/signin/exit', {}))
  }

  async signOut(): Promise<void> {
    await this.#post('/signin/logout', {}).catch(() => undefined)
    this.forget()
  }

  /** Forgets the identity of this tab; the page asks for a sign-in. */
  forget(): void {
    sessionStorage.removeItem(key)
    this.#set(undefined)
  }

  #headers(): Record<string, string> {
    return this.#identity === undefined ? {} : { 'x-omen-signin': this.#identity.ticket }
  }

  async #post(path: string, fields: Readonly<Record<string, string | undefined>>): Promise<Identity> {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers() },
      body: JSON.stringify(fields),
    })
    const answer = (await response.json()) as Identity & { error?: string; message?: string } // what the sign-in answers
    if (!response.ok)
      throw new SignInError(answer.error ?? 'Unknown', answer.message ?? response.statusText, response.status)
    return answer
  }

  #enter(identity: Identity): Identity {
    sessionStorage.setItem(key, JSON.stringify(identity))
    this.#set(identity)
    return identity
  }

  #set(identity: Identity | undefined): void {
    this.#identity = identity
    for (const listener of this.#listeners) listener()
  }
}

function restored(): Identity | undefined {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as Identity) // written by #enter
  } catch {
    return undefined
  }
}

export const identities = new IdentityStore()

/** The identity of this tab; undefined while nobody is signed in. */
export function useIdentity(): Identity | undefined {
  return useSyncExternalStore(identities.subscribe, () => identities.current)
}
