import { atFirstCall, type HttpRequest, type HttpResponse } from '../../base/index.ts'
import type { Readiness } from '../readiness.ts'
import type { Admin, AdminParts } from './admin.ts'
import { answerProbe, type Probe, probesOf } from './probes.ts'

/** The server's own API under /_omen/. Its routes are read at the first call that is no probe. */
export class OwnApi {
  readonly #probes: readonly Probe[]
  readonly #admin: () => Promise<Admin>
  readonly #parts: Omit<AdminParts, 'probes'>

  constructor(parts: Omit<AdminParts, 'probes'>, readiness: Readiness) {
    const probes = probesOf(parts.deps, parts.store, readiness)
    this.#parts = parts
    this.#probes = probes
    this.#admin = atFirstCall(async () => new (await import('./admin.ts')).Admin({ ...parts, probes }))
  }

  /** Answers a request under /_omen/. Never rejects but for our own mistakes. */
  async answer(request: HttpRequest): Promise<HttpResponse> {
    return answerProbe(this.#probes, request) ?? (await this.#admin()).answer(request)
  }

  /** Returns the path of a one-time link into the console. @throws Refusal if there is no such principal */
  async consoleLink(as: string | undefined): Promise<string> {
    const { consoleLink } = await import('./console-routes.ts')
    return consoleLink(as, this.#parts.deps, (await this.#parts.signIn()).links)
  }
}
