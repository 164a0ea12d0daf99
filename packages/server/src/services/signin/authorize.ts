import type { Dependencies } from '../../authorization/index.ts'
import { Fault, type HttpRequest, type HttpResponse } from '../../base/index.ts'
import { type Account, loginProfiles, type Role } from '../../directory/index.ts'
import type { Signin } from '../../model/index.ts'
import { callerName } from '../../session/index.ts'
import { pageAnswer, redirectAnswer } from './answers.ts'
import {
  askPage,
  type Choice,
  confirmationPage,
  decidePage,
  deniedPage,
  invalidPage,
} from './authorize-pages.ts'
import { type ConsoleSession, type OpenSession, readSession } from './console-session.ts'
import type { Fields } from './fields.ts'
import { answerTo, type OauthRequest, openRequest, readOauthRequest, sealRequest } from './oauth-request.ts'
import type { Perform } from './perform.ts'
import { formTarget } from './redirects.ts'
import { wordsFor } from './text.ts'
import type { SignedInBy } from './who.ts'

/** Draws the mask of a role; the gate provides it. */
export type DrawMask = (role: Role, account: Account) => Promise<string>

/** The parts that the pages of OAuth need. */
export interface AuthorizeParts {
  readonly deps: Dependencies
  readonly perform: Perform
  readonly drawMask: DrawMask
}

/** `GET /v1/authorize`: checks what a program asks for, and leads to the page, for which the cookie is (SGN-5). */
export async function beginAuthorize(
  fields: Fields,
  request: HttpRequest,
  deps: Dependencies,
): Promise<HttpResponse> {
  const oauthRequest = await readOauthRequest(fields, request, deps)
  if (typeof oauthRequest === 'string') return pageAnswer(400, invalidPage(oauthRequest, wordsFor(request)))
  return { ...redirectAnswer(`/signin/authorize?r=${sealRequest(oauthRequest, deps)}`), status: 302 }
}

/** `GET /signin/authorize`: the sign-in of this browser, or the form. @param refused why the form is shown again */
export function showAuthorize(
  fields: Fields,
  request: HttpRequest,
  deps: Dependencies,
  refused?: { readonly status: number; readonly message: string },
): HttpResponse {
  const sealed = fields.get('r') ?? ''
  const oauthRequest = openRequest(sealed, deps)
  if (oauthRequest === undefined) return endedAnswer(request)
  return pageAnswer(
    refused?.status ?? 200,
    askPage(sealed, oauthRequest, wordsFor(request), refused?.message),
  )
}

/** `POST /signin/authorize`: shows who may be given, or takes the decision of the person. */
export async function decideAuthorize(
  fields: Fields,
  request: HttpRequest,
  parts: AuthorizeParts,
): Promise<HttpResponse> {
  const sealed = fields.get('r') ?? ''
  const oauthRequest = openRequest(sealed, parts.deps)
  if (oauthRequest === undefined) return endedAnswer(request)
  const words = wordsFor(request)
  const session = await readSession(request, fields.get('half'), parts.deps)
  if (session === undefined)
    return showAuthorize(fields, request, parts.deps, { status: 401, message: words.signIn })
  const leadsTo = formTarget(oauthRequest.redirectUri)
  switch (fields.get('decision')) {
    case 'refuse':
      return redirectAnswer(refusal(oauthRequest))
    case 'allow-role':
    case 'allow-person': {
      const assumed = fields.get('decision') === 'allow-role' ? session.role : undefined
      try {
        return redirectAnswer(
          await authorized(oauthRequest, session, assumed ?? session.original, request, parts.perform),
        )
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        return pageAnswer(403, deniedPage(sealed, error.message, words), leadsTo)
      }
    }
    default:
      return pageAnswer(
        200,
        decidePage(sealed, oauthRequest, await choices(session, parts.drawMask), words),
        leadsTo,
      )
  }
}

/** Returns the address with the code for what a person allows. @throws Fault if the person may not */
export async function authorized(
  asked: OauthRequest,
  { original }: ConsoleSession,
  as: OpenSession,
  request: HttpRequest,
  perform: Perform,
): Promise<string> {
  const { clientId, redirectUri, state, scope, challenge, method, resource } = asked
  const output = (await perform({
    service: 'signin',
    operation: 'AuthorizeOAuth2Access',
    input: {
      responseType: 'code',
      clientId,
      redirectUri,
      state,
      scope,
      codeChallenge: challenge,
      codeChallengeMethod: method,
      resource,
      by: signedInBy(original),
    },
    caller: as.caller,
    account: as.account,
    origin: {
      sourceIp: request.remoteAddress,
      userAgent: request.headers['user-agent'] ?? '',
      host: request.headers.host ?? '',
      secure: request.secure,
      signIn: original.claims.signIn ?? '',
    },
  })) as Signin.AuthorizeOAuth2AccessRequest & { readonly code?: string } // the operation's own answer
  return answerTo(asked, { code: output.code ?? '' })
}

/** The address that says that the person refused. */
export function refusal(asked: OauthRequest): string {
  return answerTo(asked, { error: 'access_denied', error_description: 'The request was refused.' })
}

/** `GET /v1/sessions/confirmation`: the code of a login on another computer. */
export function showConfirmation(fields: Fields, request: HttpRequest): HttpResponse {
  const words = wordsFor(request)
  const [code, state] = [fields.get('code') ?? '', fields.get('state') ?? '']
  if (!/^[\w-]{1,512}$/.test(code) || !/^[\x21-\x7e]{1,128}$/.test(state))
    return pageAnswer(400, invalidPage(words.invalid, words))
  return pageAnswer(200, confirmationPage(code, state, words))
}

function endedAnswer(request: HttpRequest): HttpResponse {
  const words = wordsFor(request)
  return pageAnswer(400, invalidPage(words.ended, words))
}

/** The identities of this sign-in: the assumed role first. */
async function choices({ original, role }: ConsoleSession, drawMask: DrawMask): Promise<readonly Choice[]> {
  const assumed = role === undefined ? [] : [await choiceOf('role', role, drawMask)]
  return [...assumed, await choiceOf('person', original, drawMask)]
}

async function choiceOf(
  value: Choice['value'],
  { caller, account }: OpenSession,
  drawMask: DrawMask,
): Promise<Choice> {
  if (caller.kind !== 'role') return { value, name: callerName(caller), arn: caller.arn }
  const mask = await drawMask(caller.role, account)
  return { value, name: caller.role.name, arn: caller.arn, mask }
}

function signedInBy({ account, claims }: OpenSession): SignedInBy {
  if (claims.kind !== 'user') return { account: account.id }
  const set = account.table(loginProfiles).find(claims.userId)?.passwordSetAt
  return { account: account.id, userId: claims.userId, ...(set !== undefined && { passwordSetAt: set }) }
}
