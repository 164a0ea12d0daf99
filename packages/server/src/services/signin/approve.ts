import type { Dependencies, Origin } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import { SignInRefusal } from './answers.ts'
import { authorized, refusal } from './authorize.ts'
import { approveCenter, type CenterTarget, centerPaths } from './center-approve.ts'
import { queryFields } from './fields.ts'
import { enterAs, type LinkTarget } from './links.ts'
import { readOauthRequest } from './oauth-request.ts'
import type { Perform } from './perform.ts'

/** In whose place the owner of the server decides. */
export type ApprovalTarget = LinkTarget | CenterTarget | 'deny'

/**
 * Does what the page's button does: the same checks, permission and events, without a browser. @param text the address
 * that a program opens @returns where the answer leads; undefined for a device
 */
export async function approve(
  text: string,
  target: ApprovalTarget,
  origin: Origin,
  perform: Perform,
  deps: Dependencies,
): Promise<string | undefined> {
  const request = requestOf(text, origin)
  const isPerson = target !== 'deny' && 'center' in target
  if (centerPaths.has(request.rawPath)) {
    if (target !== 'deny' && !isPerson)
      throw invalid('aws sso login is for a user of the directory: center/NAME.')
    return approveCenter(request, target, deps)
  }
  if (isPerson) throw invalid('aws login is for root, a user or a role.')
  const oauthRequest = await readOauthRequest(queryFields(request), request, deps)
  if (typeof oauthRequest === 'string') throw invalid(oauthRequest)
  if (target === 'deny') return refusal(oauthRequest)
  const session = await enterAs(target, request, perform, deps)
  return authorized(oauthRequest, session, session.role ?? session.original, request, perform)
}

/** The request of a browser that opens the address. */
function requestOf(text: string, origin: Origin): HttpRequest {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.pathname !== '/v1/authorize' && !centerPaths.has(url.pathname)))
    throw invalid('The address is not that of a request of aws login or aws sso login.')
  return {
    method: 'GET',
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host, 'user-agent': origin.userAgent },
    body: new Uint8Array(0),
    remoteAddress: origin.sourceIp,
    secure: url.protocol === 'https:',
  }
}

function invalid(message: string): SignInRefusal {
  return new SignInRefusal(400, 'InvalidRequest', message)
}
