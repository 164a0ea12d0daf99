import type { House } from '../authorization/index.ts'
import type { AccountId, HttpRequest, HttpResponse } from '../base/index.ts'
import type { SignedCaller } from '../session/index.ts'
import type { Store } from '../store/index.ts'
import { canonicalRules, isProblem, readClaim, SigningKeys, verifySignature } from '../wire/sigv4/index.ts'
import { adminName } from './bootstrap.ts'

/** The house's own small API under /_omen/: health for anyone, everything else for root and admin. */
export class Admin {
  readonly #house: House
  readonly #store: Store
  readonly #version: string
  readonly #reset: () => Promise<void>
  readonly #keys = new SigningKeys()

  constructor(house: House, store: Store, version: string, reset: () => Promise<void>) {
    this.#house = house
    this.#store = store
    this.#version = version
    this.#reset = reset
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    const { method, rawPath } = request
    if (rawPath === '/_omen/health')
      return method === 'GET' || method === 'HEAD'
        ? json(200, this.#health())
        : json(405, { error: 'GET only' })
    if (rawPath === '/_omen/reset')
      return method === 'POST' ? this.#answerReset(request) : json(405, { error: 'POST only' })
    return json(404, { error: `There is no ${rawPath} here.` })
  }

  #health() {
    const house = this.#house
    return {
      status: 'ok',
      version: this.#version,
      mode: house.mode,
      account: house.firstAccount,
      store: this.#store.description,
      eventsLost: house.recorder.lost,
      time: new Date(house.clock.now()).toISOString(),
    }
  }

  async #answerReset(request: HttpRequest): Promise<HttpResponse> {
    const refused = await this.#refuse(request)
    if (refused !== undefined) return refused
    await this.#reset()
    return json(200, { status: 'reset' })
  }

  /** Undefined where the caller may: root or admin by signature (service name `omen`); in mode off anyone on loopback. */
  async #refuse(request: HttpRequest): Promise<HttpResponse | undefined> {
    if (this.#house.mode === 'off' && isLoopback(request.remoteAddress)) return undefined
    const caller = await this.#caller(request)
    if (caller === undefined)
      return json(403, { error: 'Sign the request with the key of root or admin (SigV4, service omen).' })
    if (caller.account !== this.#house.firstAccount || !isAdmin(caller)) {
      return json(403, { error: `${caller.arn} may not do this: only root and ${adminName} may.` })
    }
    return undefined
  }

  async #caller(request: HttpRequest): Promise<SignedCaller | undefined> {
    const claim = readClaim(request)
    if (isProblem(claim) || claim.service !== 'omen') return undefined
    const { credentials, directory, clock } = this.#house
    const id: AccountId | undefined = credentials.accountOf(claim.accessKeyId)
    const account = id && (await directory.find(id))
    if (!account) return undefined
    const credential = credentials.find(account, claim.accessKeyId, claim.sessionToken, clock.now())
    if (typeof credential === 'string') return undefined
    const problem = verifySignature(
      claim,
      request,
      credential.secret,
      canonicalRules('omen'),
      clock.now(),
      this.#keys,
    )
    return problem === undefined ? credential.caller : undefined
  }
}

function isAdmin(caller: SignedCaller): boolean {
  if (caller.kind === 'root') return caller.session === undefined
  return caller.kind === 'user' && caller.session === undefined && caller.user.name === adminName
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}
