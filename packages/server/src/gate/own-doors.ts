import type { Dependencies } from '../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../base/index.ts'
import { askedIssuer, asksOauth, readableMethods } from '../services/doors/index.ts'
import { answerX509, isX509Session } from './x509-session.ts'

/** Returns whether a request is for a part of AWS's services that no model describes, and that has a door of its own. */
export function hasOwnDoor(request: HttpRequest): boolean {
  return isX509Session(request) || asksOauth(request) || askedIssuer(request) !== undefined
}

/**
 * Answers a request for the API, or at its own door; a page of a browser may read what it asked for where OAuth lets it.
 * @param answer the answer of the door, or that of the API if there is none
 */
export function answerAtDoors(
  request: HttpRequest,
  deps: Dependencies,
  answer: (door: Promise<HttpResponse> | undefined) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const atDoor = () => answer(atOwnDoor(request, deps))
  if (request.headers.origin === undefined || !readableMethods.has(request.rawPath)) return atDoor()
  return import('../services/signin/index.ts').then(
    ({ answerPreflight, readable }) => answerPreflight(request) ?? readable(request, atDoor()),
  )
}

/** Answers such a request; undefined if it is none. What answers is read at the first one. */
function atOwnDoor(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> | undefined {
  if (isX509Session(request)) return answerX509(request, deps)
  if (asksOauth(request))
    return import('../services/signin/index.ts').then(({ answerOauth }) => answerOauth(request, deps))
  const asked = askedIssuer(request)
  return (
    asked &&
    import('../services/sts/index.ts').then(({ issuerDocument }) => issuerDocument(request, asked, deps))
  )
}
