import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, type HttpRequest, type HttpResponse, presentTime } from '../../base/index.ts'
import type { Registry } from '../../metrics/index.ts'
import type { SignIn } from '../../services/signin/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import type { Store } from '../../store/index.ts'
import {
  canonicalRules,
  checkScope,
  isProblem,
  readClaim,
  type SignatureProblem,
  SigningKeys,
  verifySignature,
} from '../../wire/sigv4/index.ts'
import type { Workload } from '../../workload/index.ts'
import { withAccounts } from '../admission.ts'
import type { Guarding } from '../guarding.ts'
import { memoryShelf, type SnapshotShelf, Snapshots } from '../snapshots.ts'
import { aheadOf } from '../test-clock.ts'
import type { PathWatch } from '../watch/path-watch.ts'
import { type AdminRoute, Refusal, type RoutePermission, textIn } from './admin-route.ts'
import { answered } from './answered.ts'
import { adminName } from './bootstrap.ts'
import { caseRoutes } from './case-routes.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { centerRoutes } from './center-routes.ts'
import { clockRoutes } from './clock-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { eventSearchRoutes } from './event-search.ts'
import { exportRoutes } from './export-routes.ts'
import { fromForeignPage, isLoopback } from './foreign-page.ts'
import { guardRoutes } from './guard-routes.ts'
import { happeningRoutes } from './happening-routes.ts'
import { importRoutes } from './import-routes.ts'
import { issuerRoutes } from './issuer-routes.ts'
import { machineRoutes } from './machine-routes.ts'
import { maskRoutes } from './mask-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { passRoutes } from './pass.ts'
import { passMatrixRoutes } from './pass-matrix.ts'
import { pathWatchRoutes } from './path-watch-routes.ts'
import { hasPermission, originOf, requirePermission } from './permission.ts'
import { podRoutes } from './pod-routes.ts'
import { type PracticePlace, practiceRoutes } from './practice-routes.ts'
import { type Probe, statusOf } from './probes.ts'
import { reasonRoutes } from './reason.ts'
import { roomRoutes } from './room-routes.ts'
import { seenRoutes } from './seen.ts'
import { sessionRoutes } from './session-routes.ts'
import { snapshotRoutes } from './snapshot-routes.ts'
import { assumerRoutes } from './wearer-routes.ts'

/** The parts that the server's own API needs. */
export interface AdminParts {
  /** Where saved states are kept. Default: in memory. */
  readonly snapshots: SnapshotShelf | undefined
  readonly deps: Dependencies
  readonly store: Store
  readonly workload: Workload
  readonly version: string
  readonly reset: () => Promise<void>
  readonly metrics: Registry
  readonly probes: readonly Probe[]
  /** Deliveries of trails that can be made no more. */
  readonly undelivered: () => number
  /** One-time links into the console, and approvals. */
  readonly signIn: () => Promise<SignIn>
  /** The watch of paths to an administrator, if there is one. */
  readonly pathWatch: () => PathWatch | undefined
  /** The lessons, if they are played here. */
  readonly practice: PracticePlace
  /** The guard, if there is one. */
  readonly guarding: () => Guarding | undefined
  /** The paths by which its upstream is emptied. */
  readonly resets: RegExp
}

const largestBody = 64 * 1024

/** The server's own small API under /_omen/: health for anyone, everything else for root and admin. */
export class Admin {
  readonly #parts: AdminParts
  readonly #routes: readonly AdminRoute[]
  readonly #keys = new SigningKeys()

  constructor(parts: AdminParts) {
    this.#parts = parts
    const { deps, workload } = parts
    const snapshots = new Snapshots(deps, parts.snapshots ?? memoryShelf())
    this.#routes = [
      ...eventRoutes(deps, parts.store),
      ...eventSearchRoutes(deps, parts.store),
      ...reasonRoutes(deps),
      ...decisionRoutes(deps),
      ...caseRoutes(deps),
      ...seenRoutes(deps, parts.store),
      ...passRoutes(deps),
      ...passMatrixRoutes(deps),
      ...sessionRoutes(deps),
      ...issuerRoutes(deps),
      ...guardRoutes(parts.guarding, parts.resets),
      ...clockRoutes(deps),
      ...consoleRoutes(deps, parts.signIn, parts.version),
      ...centerRoutes(deps),
      ...podRoutes(deps),
      ...maskRoutes(deps),
      ...catalogueRoutes(),
      ...roomRoutes(deps),
      ...machineRoutes(deps),
      ...happeningRoutes(deps, parts.store),
      ...pathWatchRoutes(deps, parts.pathWatch),
      ...assumerRoutes(deps),
      ...practiceRoutes(parts.practice),
      ...importRoutes(deps),
      ...exportRoutes(deps, snapshots),
      ...snapshotRoutes(snapshots),
      ...parts.probes,
      ...metricsRoutes(parts.metrics, deps),
      { method: 'GET', path: /^\/_omen\/status$/, answer: () => this.#status() },
      { method: 'GET', path: /^\/_omen\/functions$/, answer: () => deps.functions.how() },
      {
        method: 'POST',
        path: /^\/_omen\/reset$/,
        async answer() {
          await parts.reset()
          return { status: 'reset' }
        },
      },
      {
        method: 'POST',
        path: /^\/_omen\/instances\/(i-[0-9a-f]{8,17})\/metadata$/,
        answer: async ([instance = '']) => ({
          endpoint: await workload.metadataOf(deps.firstAccount, instance),
        }),
      },
      {
        method: 'POST',
        path: /^\/_omen\/wearers$/,
        async answer(_groups, body) {
          const name = { service: textIn(body, 'service'), sessionName: textIn(body, 'sessionName') }
          const { uri, token } = await workload.containerOf(textIn(body, 'roleArn'), name)
          return { uri, token }
        },
      },
    ]
  }

  /** Answers a request under /_omen/. Never rejects but for our own mistakes. */
  answer(request: HttpRequest): Promise<HttpResponse> {
    return answered(() => this.#answer(request))
  }

  async #answer(request: HttpRequest): Promise<unknown> {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const here = this.#routes.filter((route) => route.path.test(request.rawPath))
    const route = here.find((each) => each.method === method)
    if (route === undefined) {
      throw here[0] === undefined
        ? new Refusal(404, `There is no ${request.rawPath} here.`)
        : new Refusal(405, `${here[0].method} only`)
    }
    const groups = route.path.exec(request.rawPath)?.slice(1) ?? []
    const asked = { groups, body: bodyOf(request, route.bodyMost ?? largestBody) }
    const { deps } = this.#parts
    const query = new URLSearchParams(request.rawQuery)
    const admit = async () =>
      route.by === 'anyone' ? undefined : await this.#admit(request, route.by, asked)
    const answer = async (signer: SignedCaller | undefined) => {
      const within = signer === undefined || isAdmin(signer, deps) ? undefined : signer.account
      const may = async (action: string, resource: string) =>
        within === undefined ||
        signer === undefined ||
        (await hasPermission({ action, resource }, signer, request, deps))
      return route.answer(groups, asked.body, signer, query, within, { may, origin: originOf(request) })
    }
    const { directory } = deps
    if (method === 'GET')
      return directory.decided(() => withAccounts(deps, async () => answer(await admit())))
    // what a route does is done once: who asks is confirmed before
    const signer = await directory.decided(() => withAccounts(deps, admit))
    return withAccounts(deps, () => answer(signer))
  }

  /** Only root and admin get details of the account, the store and the trail; anyone learns whether all is well. */
  #status() {
    const { deps, store, version } = this.#parts
    const guard = this.#parts.guarding()?.guard
    return {
      status: statusOf(deps),
      version,
      mode: deps.mode,
      account: deps.firstAccount,
      store: store.description,
      eventsLost: deps.recorder.lost,
      eventsWaiting: deps.recorder.waiting,
      eventsUndelivered: this.#parts.undelivered(),
      ...(guard === undefined ? {} : { undecidable: guard.undecidable.length }),
      time: new Date(deps.clock.now()).toISOString(),
      ...aheadOf(deps.clock),
    }
  }

  /**
   * By signature (service name `omen`): root or admin unless the route allows others; in mode off anyone on loopback.
   */
  async #admit(
    request: HttpRequest,
    by: 'signer' | RoutePermission | undefined,
    asked: { readonly groups: readonly string[]; readonly body: Readonly<Record<string, unknown>> },
  ): Promise<SignedCaller | undefined> {
    const { deps } = this.#parts
    const caller = await this.#caller(request)
    const local = isLoopback(request.remoteAddress) && !fromForeignPage(request)
    if (by !== 'signer' && deps.mode === 'off' && local && typeof caller === 'string') return undefined
    if (typeof caller === 'string') throw new Refusal(403, unsigned[caller] ?? unsigned.missing, caller)
    if (by === 'signer' || isAdmin(caller, deps)) return caller
    if (by === undefined)
      throw new Refusal(403, `${caller.arn} may not do this: only root and ${adminName} may.`)
    for (const resource of [by.resource?.(asked.body, asked.groups, caller) ?? '*'].flat())
      await requirePermission({ action: by.action, resource }, caller, request, deps)
    return caller
  }

  /** The signer, or why there is none. */
  async #caller(request: HttpRequest): Promise<SignedCaller | SignatureProblem['kind']> {
    const claim = readClaim(request)
    if (isProblem(claim)) return claim.kind
    if (checkScope(claim, 'omen', this.#parts.deps.partition) !== undefined) return 'scope'
    const { credentials, directory, clock, keyRing } = this.#parts.deps
    const now = clock.now()
    const id: AccountId | undefined = credentials.accountOf(claim.accessKeyId)
    const account = id && (await directory.find(id))
    if (!account) return 'unknownKey'
    let credential = credentials.find(account, claim.accessKeyId, claim.sessionToken, now)
    if (credential === 'invalidToken' && directory.store.shared) {
      // another node may seal with a key that this one has not heard of
      await keyRing.catchUp(now)
      credential = credentials.find(account, claim.accessKeyId, claim.sessionToken, now)
    }
    if (typeof credential === 'string') return credential
    const rules = canonicalRules('omen')
    const present = presentTime(clock, now)
    const problem = verifySignature(claim, request, credential.secret, rules, present, this.#keys)
    return problem?.kind ?? credential.caller
  }
}

/** Why a signature is not accepted, in words; an unknown key reads like an unsigned request. */
const unsigned: Partial<Record<SignatureProblem['kind'], string>> & { readonly missing: string } = {
  missing: 'Sign the request with the key of root or admin (SigV4, service omen).',
  unknownKey: 'The key is not one of this server.',
  invalidToken: 'The session token is not valid here: it was altered, or what it hangs on is gone.',
  expiredToken: 'The session is over: its token has expired.',
  mismatch: 'The signature is not the one that the key makes.',
  expired: 'The signature is too old, or the clocks differ.',
  notYetValid: 'The signature is of a time to come: the clocks differ.',
}

/**
 * Root of the first account, and its user admin: the one of the first start, not a later user of that name. Permission
 * to name users must not be ownership of the server.
 */
function isAdmin(caller: SignedCaller, { firstAccount, directory }: Dependencies): boolean {
  if (caller.account !== firstAccount || caller.session !== undefined) return false
  if (caller.kind === 'root') return true
  const born = directory.loaded(firstAccount)?.settings.createdAt
  return caller.kind === 'user' && caller.user.name === adminName && caller.user.createdAt === born
}

/** @throws Refusal if the body is not a JSON object */
function bodyOf(request: HttpRequest, most: number): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {}
  if (request.body.length > most) throw new Refusal(413, `Bodies may have ${most} bytes here.`)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(request.body).toString('utf8'))
  } catch {
    throw new Refusal(400, 'The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'The body must be a JSON object.')
  return value as Readonly<Record<string, unknown>> // an object, by the line above
}
