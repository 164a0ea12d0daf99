import type { Dependencies } from '../authorization/index.ts'
import type { Account, Role } from '../directory/index.ts'
import type { MintedCredentials } from '../session/index.ts'

/** Credentials as handed out, and the time when they were made. */
export interface RoleCredentials {
  readonly credentials: MintedCredentials
  readonly at: number
}

/** How a role is assumed for an instance or container: by which service, with which session name. */
export interface WorkloadSession {
  /** `ec2.amazonaws.com`. */
  readonly service: string
  /** Instance id, task id … */
  readonly sessionName: string
  readonly context?: Readonly<Record<string, string>>
}

/** AWS gives services' sessions 6 hours and 35 minutes (behaviour WKL-20, recorded). */
const lifetimeSeconds = 6 * 3_600 + 35 * 60
/** New credentials are offered after an hour, long before the old ones expire (behaviour WKL-21). */
const renewAfter = 3_600_000
/** How long a refusal is repeated, so that a client in a loop does not fill the trail. */
const refusalKept = 60_000

interface Attempt {
  readonly roleId: string
  /** The trust policy that decided the attempt. */
  readonly trust: string
  readonly at: number
  readonly handed: Promise<RoleCredentials | undefined>
  refused: boolean
}

/**
 * The role of one instance or container. It is assumed when credentials are first requested, again when they grow old,
 * and at once when the role or its trust policy changes. Concurrent requests share one attempt.
 */
export class CredentialCache {
  readonly #deps: Dependencies
  readonly #name: WorkloadSession
  #attempt: Attempt | undefined

  constructor(deps: Dependencies, name: WorkloadSession) {
    this.#deps = deps
    this.#name = name
  }

  /**
   * Returns the role's credentials, or undefined while the role does not trust the service. `serviceKeys` identify
   * what acts in the session.
   */
  credentials(
    account: Account,
    role: Role,
    serviceKeys?: Readonly<Record<string, string>>,
  ): Promise<RoleCredentials | undefined> {
    const now = this.#deps.clock.now()
    const last = this.#attempt
    if (last !== undefined && last.roleId === role.id && last.trust === role.trust) {
      if (now < last.at + (last.refused ? refusalKept : renewAfter)) return last.handed
    }
    const handed = this.#assume(account, role, now, serviceKeys)
    const attempt: Attempt = { roleId: role.id, trust: role.trust, at: now, handed, refused: false }
    this.#attempt = attempt
    handed.then(
      (result) => {
        attempt.refused = result === undefined
      },
      () => {
        // a bug, which the caller sees: the next request tries again
        if (this.#attempt === attempt) this.#attempt = undefined
      },
    )
    return handed
  }

  /** Forgets the session: the next request gets a new one. */
  forget(): void {
    this.#attempt = undefined
  }

  async #assume(
    account: Account,
    role: Role,
    at: number,
    serviceKeys: Readonly<Record<string, string>> | undefined,
  ): Promise<RoleCredentials | undefined> {
    const keys = serviceKeys === undefined ? {} : { serviceKeys }
    const credentials = await this.#deps.assumeForService({
      account,
      role,
      ...this.#name,
      ...keys,
      lifetimeSeconds,
    })
    return credentials && { credentials, at }
  }
}
