import type { Dependencies } from '../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../base/index.ts'
import { answerOauth, asksOauth } from '../services/signin/index.ts'
import { asksForIssuer, issuerDocument } from '../services/sts/index.ts'
import { answerX509, isX509Session } from './x509-session.ts'

/** Returns whether a request is for a part of AWS's services that no model describes, and that has a door of its own. */
export function hasOwnDoor(request: HttpRequest): boolean {
  return isX509Session(request) || asksOauth(request) || asksForIssuer(request)
}

/** Answers such a request; undefined if it is none. */
export function answerAtOwnDoor(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> | undefined {
  if (isX509Session(request)) return answerX509(request, deps)
  if (asksOauth(request)) return answerOauth(request, deps)
  return asksForIssuer(request) ? issuerDocument(request, deps) : undefined
}
