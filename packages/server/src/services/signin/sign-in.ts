import type { Dependencies, Origin } from '../../authorization/index.ts'
import { Fault, type HttpRequest, type HttpResponse } from '../../base/index.ts'
import { isForm } from '../doors/index.ts'
import { jsonAnswer, pageAnswer, redirectAnswer, SignInRefusal } from './answers.ts'
import { type ApprovalTarget, approve } from './approve.ts'
import { Attempts } from './attempts.ts'
import {
  beginAuthorize,
  type DrawMask,
  decideAuthorize,
  showAuthorize,
  showConfirmation,
} from './authorize.ts'
import { beginCenter, decideCenter, showCenter } from './center.ts'
import {
  type ConsoleSession,
  cookieWithout,
  endSignIn,
  keptOf,
  type OpenSession,
  readSession,
  sealSession,
  sessionView,
} from './console-session.ts'
import { originOf } from './events.ts'
import { federation } from './federation.ts'
import { bodyFields, type Fields, queryFields } from './fields.ts'
import {
  changeHistory,
  checkSwitch,
  historyOf,
  isFirstSwitch,
  namedRole,
  noteSwitch,
  shownIn,
  shownNow,
} from './history.ts'
import { followLink, SignInLinks } from './links.ts'
import { signInPage, switchRolePage } from './pages.ts'
import { passwordLogin } from './password-login.ts'
import type { Perform } from './perform.ts'
import { showPortal, usePortal } from './portal.ts'
import { exitRole, renewRole, switchRole } from './switch-role.ts'

type Answering = (request: HttpRequest, fields: Fields) => Promise<HttpResponse>

/** Its attempts would count on the address of the machine, from which users sign in (behaviour LAM-71). */
const notForFunctions = { error: 'NotForFunctions', message: 'Functions reach the APIs only.' } as const

/** The sign-in: passwords and MFA, links of other tools, and switching roles. */
export class SignIn {
  readonly #deps: Dependencies
  readonly #perform: Perform
  readonly #attempts: Attempts
  /** One-time links that sign in an identity. */
  readonly links: SignInLinks
  readonly #doors: Readonly<Record<string, Answering>>

  constructor(deps: Dependencies, perform: Perform, drawMask: DrawMask) {
    this.#deps = deps
    this.#attempts = new Attempts(deps)
    this.#perform = perform
    this.links = new SignInLinks(deps.random)
    this.#doors = {
      'GET /signin': async (_request, fields) => pageAnswer(200, signInPage(fields)),
      'GET /switchrole': async (_request, fields) => pageAnswer(200, switchRolePage(fields)),
      'GET /v1/authorize': (request, fields) => beginAuthorize(fields, request, deps),
      'GET /v1/sessions/confirmation': async (request, fields) => showConfirmation(fields, request),
      'GET /authorize': async (request, fields) => beginCenter(fields, request, deps),
      'GET /signin/center': async (request, fields) => showCenter(fields, request, deps),
      'GET /signin/device': async (request, fields) => showCenter(fields, request, deps),
      'POST /signin/center': (request, fields) => decideCenter(fields, request, this.#attempts, deps),
      'GET /start': async (request, fields) => showPortal(fields, request),
      'POST /signin/portal': (request, fields) =>
        usePortal(fields, request, { deps, perform, drawMask, attempts: this.#attempts }),
      'GET /signin/authorize': async (request, fields) => showAuthorize(fields, request, deps),
      'POST /signin/authorize': (request, fields) =>
        decideAuthorize(fields, request, { deps, perform, drawMask }),
      'GET /federation': (request, fields) =>
        deps.directory.decided(async () => federation(fields, request, deps)),
      'POST /federation': (request, fields) =>
        deps.directory.decided(async () => federation(fields, request, deps)),
      'GET /signin/session': (request) => this.#session(request),
      'POST /signin/login': (request, fields) => this.#login(request, fields),
      'POST /signin/link': (request, fields) => this.#follow(request, fields),
      'POST /signin/logout': (request, fields) => this.#leave(request, fields),
      'POST /signin/switch': (request, fields) => this.#switch(request, fields),
      'GET /signin/history': (request) => this.#history(request),
      'POST /signin/history': (request, fields) => this.#history(request, fields),
      'POST /signin/check': (request, fields) => this.#check(request, fields),
      'POST /signin/exit': (request) => this.#change(request, (session) => exitRole(session, request, deps)),
      'POST /signin/renew': (request) =>
        this.#change(request, (session) => renewRole(session, request, perform, deps)),
    }
  }

  /**
   * Decides on a request of `aws login` or `aws sso login` for the owner of the server, in place of a person (behaviours
   * SSO-20, SSO-100). Returns the address that the answer leads to; undefined for a device. @throws SignInRefusal, Fault
   */
  approve(text: string, target: ApprovalTarget, origin: Origin): Promise<string | undefined> {
    return approve(text, target, origin, this.#perform, this.#deps)
  }

  /** Answers one request. @throws errors that are bugs; an error of the caller is an answer */
  async answer(request: HttpRequest): Promise<HttpResponse> {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const door = this.#doors[`${method} ${request.rawPath}`]
    if (door === undefined) return jsonAnswer(405, { error: 'MethodNotAllowed' })
    if (request.fromFunction && request.rawPath !== '/federation') return jsonAnswer(403, notForFunctions)
    const posted = method === 'POST'
    const fields = posted ? bodyFields(request) : queryFields(request)
    if (fields === undefined)
      return jsonAnswer(400, { error: 'InvalidRequest', message: 'Send JSON or a form.' })
    if (posted && isForeign(request)) return jsonAnswer(403, { error: 'ForeignOrigin' })
    try {
      return await door(request, fields)
    } catch (error) {
      const refusal = error instanceof Fault ? new SignInRefusal(400, error.code, error.message) : error
      if (!(refusal instanceof SignInRefusal)) throw error
      return refused(request, fields, refusal, this.#deps)
    }
  }

  async #session(request: HttpRequest): Promise<HttpResponse> {
    const session = await readSession(request, undefined, this.#deps)
    return session === undefined
      ? jsonAnswer(401, { error: 'NotSignedIn', message: 'Nobody is signed in.' }, cookieWithout(request))
      : jsonAnswer(200, sessionView(session, sealSession(session, this.#deps), shownNow(session)))
  }

  /** Switches, and returns whether it is the user's first switch: the page then explains once what a switch does. */
  async #switch(request: HttpRequest, fields: Fields): Promise<HttpResponse> {
    const deps = this.#deps
    const before = await this.#signedIn(request, fields.get('half'))
    const session = await switchRole(fields, before, request, this.#perform, deps)
    const first = isFirstSwitch(before)
    await noteSwitch(session, shownIn(fields), deps)
    return this.#entered(request, session, first ? { firstSwitch: true } : {})
  }

  async #history(request: HttpRequest, change?: Fields): Promise<HttpResponse> {
    const session = await this.#signedIn(request)
    if (change !== undefined) await changeHistory(change, session, this.#deps)
    return jsonAnswer(200, await historyOf(session, request, this.#deps))
  }

  async #check(request: HttpRequest, fields: Fields): Promise<HttpResponse> {
    const { original } = await this.#signedIn(request)
    const { account, name } = await namedRole(fields, this.#deps)
    return jsonAnswer(200, await checkSwitch(account, name, original, request, this.#deps))
  }

  async #login(request: HttpRequest, fields: Fields): Promise<HttpResponse> {
    const { session, newPassword } = await passwordLogin(fields, request, this.#attempts, this.#deps)
    if (newPassword !== undefined) {
      await this.#perform({
        service: 'iam',
        operation: 'ChangePassword',
        input: { OldPassword: fields.get('password'), NewPassword: newPassword },
        caller: session.caller,
        account: session.account,
        origin: originOf(request, session.claims.signIn),
      })
    }
    const sealedRequest = fields.get('r')
    if (sealedRequest !== undefined && isForm(request))
      return this.#enteredFor(sealedRequest, request, session)
    return this.#entered(request, { original: session })
  }

  /** Leads back to what a program asked for. */
  #enteredFor(asked: string, request: HttpRequest, original: OpenSession): HttpResponse {
    const keptSession = keptOf({ original }, request, this.#deps)
    if (keptSession === undefined) throw tooLarge()
    return redirectAnswer(
      `/signin/authorize?r=${encodeURIComponent(asked)}`,
      keptSession.cookie,
      keptSession.half,
    )
  }

  /** Signs in with a one-time link (behaviour SGN-7). */
  async #follow(request: HttpRequest, fields: Fields): Promise<HttpResponse> {
    const session = await followLink(
      fields.get('token') ?? '',
      this.links,
      request,
      this.#perform,
      this.#deps,
    )
    return this.#entered(request, session)
  }

  /** Changes the assumed role. The page may be old, so the session is read again. */
  async #change(
    request: HttpRequest,
    change: (session: ConsoleSession) => Promise<ConsoleSession>,
  ): Promise<HttpResponse> {
    return this.#entered(request, await change(await this.#signedIn(request)))
  }

  /** @param half of a form of ours */
  async #signedIn(request: HttpRequest, half?: string): Promise<ConsoleSession> {
    const session = await readSession(request, half, this.#deps)
    if (session === undefined) throw new SignInRefusal(401, 'NotSignedIn', 'Nobody is signed in.')
    return session
  }

  #entered(request: HttpRequest, session: ConsoleSession, more: object = {}): HttpResponse {
    const ticket = sealSession(session, this.#deps)
    const keptSession = keptOf(session, request, this.#deps)
    if (ticket === undefined || keptSession === undefined) throw tooLarge()
    const { cookie, half } = keptSession
    return isForm(request)
      ? redirectAnswer('/', cookie, half)
      : jsonAnswer(200, { ...sessionView(session, ticket, shownNow(session), half), ...more }, cookie)
  }

  async #leave(request: HttpRequest, fields: Fields): Promise<HttpResponse> {
    const session = await readSession(request, fields.get('half'), this.#deps)
    if (session !== undefined) await endSignIn(session, this.#deps)
    const cookie = cookieWithout(request)
    return isForm(request) ? redirectAnswer('/signin', cookie, '') : jsonAnswer(200, {}, cookie)
  }
}

/** Returns whether a page of another site sent it. Browsers say so; other clients have no cookie to misuse. */
function isForeign({ headers }: HttpRequest): boolean {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  // the same site includes servers on other ports of this machine
  if (origin === undefined) return site !== undefined && site !== 'same-origin' && site !== 'none'
  return !URL.canParse(origin) || new URL(origin).host !== host
}

function tooLarge(): SignInRefusal {
  return new SignInRefusal(400, 'SessionTooLarge', 'No browser would keep this session.')
}

function refused(
  request: HttpRequest,
  fields: Fields,
  refusal: SignInRefusal,
  deps: Dependencies,
): HttpResponse {
  const { status, error, message, more } = refusal
  if (request.method === 'POST' && isForm(request)) {
    if (request.rawPath === '/signin/portal') return showPortal(fields, request, { status, message })
    if (request.rawPath === '/signin/center') return showCenter(fields, request, deps, { status, message })
    if (request.rawPath === '/signin/login' && fields.has('r'))
      return showAuthorize(fields, request, deps, { status, message })
    if (request.rawPath === '/signin/login') return pageAnswer(status, signInPage(fields, message))
    if (request.rawPath === '/signin/switch') return pageAnswer(status, switchRolePage(fields, message))
  }
  return jsonAnswer(status, { error, message, ...more })
}
