import type { House } from '../authorization/index.ts'
import type { Account, Role } from '../directory/index.ts'
import type { MintedCredentials } from '../session/index.ts'

/** Credentials as they are handed out, and when they were made. */
export interface Worn {
  readonly credentials: MintedCredentials
  readonly at: number
}

/** A wearer's way to its role: which service puts it on, under which session name. */
export interface WearerName {
  /** `ec2.amazonaws.com`. */
  readonly service: string
  /** Instance id, task id … */
  readonly sessionName: string
  readonly context?: Readonly<Record<string, string>>
}

/** AWS gives services' sessions 6 hours and 35 minutes (behaviour WKL-20, recorded). */
const lifetimeSeconds = 6 * 3_600 + 35 * 60
/** New credentials are offered after an hour: long before the old ones end (behaviour WKL-21). */
const renewAfter = 3_600_000
/** A refusal counts this long, so that a client that asks again and again does not fill the trail. */
const refusalKept = 60_000

interface Attempt {
  readonly roleId: string
  /** The trust policy that the attempt was judged by. */
  readonly trust: string
  readonly at: number
  readonly worn: Promise<Worn | undefined>
  refused: boolean
}

/**
 * One wearer's role: put on when credentials are first asked for, anew when they grow old, and at once when
 * the role or its trust policy is another. Callers that ask at the same time share one attempt.
 */
export class Wardrobe {
  readonly #house: House
  readonly #name: WearerName
  #attempt: Attempt | undefined

  constructor(house: House, name: WearerName) {
    this.#house = house
    this.#name = name
  }

  /** The role's credentials; undefined while it does not trust the service. `serviceKeys`: who acts in the session. */
  credentials(
    account: Account,
    role: Role,
    serviceKeys?: Readonly<Record<string, string>>,
  ): Promise<Worn | undefined> {
    const now = this.#house.clock.now()
    const last = this.#attempt
    if (last !== undefined && last.roleId === role.id && last.trust === role.trust) {
      if (now < last.at + (last.refused ? refusalKept : renewAfter)) return last.worn
    }
    const worn = this.#wear(account, role, now, serviceKeys)
    const attempt: Attempt = { roleId: role.id, trust: role.trust, at: now, worn, refused: false }
    this.#attempt = attempt
    worn.then(
      (result) => {
        attempt.refused = result === undefined
      },
      () => {
        // ours to mend, and told to whoever asked: the next one tries again
        if (this.#attempt === attempt) this.#attempt = undefined
      },
    )
    return worn
  }

  /** Forgets what was put on: the next asker gets a session of its own. */
  takeOff(): void {
    this.#attempt = undefined
  }

  async #wear(
    account: Account,
    role: Role,
    at: number,
    serviceKeys: Readonly<Record<string, string>> | undefined,
  ): Promise<Worn | undefined> {
    const keys = serviceKeys === undefined ? {} : { serviceKeys }
    const credentials = await this.#house.wear({ account, role, ...this.#name, ...keys, lifetimeSeconds })
    return credentials && { credentials, at }
  }
}
