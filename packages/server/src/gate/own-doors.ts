import type { Dependencies } from '../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../base/index.ts'
import { answerOauth, answerPreflight, asksOauth, readable } from '../services/signin/index.ts'
import { asksForIssuer, issuerDocument } from '../services/sts/index.ts'
import { answerX509, isX509Session } from './x509-session.ts'

/** Returns whether a request is for a part of AWS's services that no model describes, and that has a door of its own. */
export function hasOwnDoor(request: HttpRequest): boolean {
  return isX509Session(request) || asksOauth(request) || asksForIssuer(request)
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
  if (request.headers.origin === undefined) return answer(atOwnDoor(request, deps))
  const preflight = answerPreflight(request)
  if (preflight !== undefined) return Promise.resolve(preflight)
  return readable(request, answer(atOwnDoor(request, deps)))
}

/** Answers such a request; undefined if it is none. */
function atOwnDoor(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> | undefined {
  if (isX509Session(request)) return answerX509(request, deps)
  if (asksOauth(request)) return answerOauth(request, deps)
  return asksForIssuer(request) ? issuerDocument(request, deps) : undefined
}
