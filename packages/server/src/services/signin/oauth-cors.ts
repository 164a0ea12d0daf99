import type { HttpRequest, HttpResponse } from '../../base/index.ts'
import { readableMethods } from '../doors/index.ts'
import { isAllowedRedirect } from './redirects.ts'

/** Headers of requests for tokens, and the version that programs of MCP send with every request. */
const headersTaken = 'content-type, dpop, mcp-protocol-version'

/**
 * Returns the site that may read an answer: a program may be answered there too, so it learns nothing that no redirect brings.
 * No answer depends on cookies (behaviour AGT-26).
 */
function readerOf({ rawPath, headers: { origin } }: HttpRequest): string | undefined {
  return origin !== undefined && readableMethods.has(rawPath) && isAllowedRedirect(`${origin}/`)
    ? origin
    : undefined
}

/** Returns the answer to a browser that asks whether a page may call; undefined if it is no such question. */
export function answerPreflight(request: HttpRequest): HttpResponse | undefined {
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
    return undefined
  const reader = readerOf(request)
  if (reader === undefined) return undefined
  const headers: Record<string, string> = {
    'access-control-allow-origin': reader,
    'access-control-allow-methods': readableMethods.get(request.rawPath) ?? '',
    'access-control-allow-headers': headersTaken,
    'access-control-max-age': '600',
    vary: 'Origin',
  }
  // a page of the internet that calls this computer
  if (request.headers['access-control-request-private-network'] !== undefined)
    headers['access-control-allow-private-network'] = 'true'
  return { status: 204, headers, body: '' }
}

/** Lets the page that asked read an answer, if it may. */
export async function readable(request: HttpRequest, answer: Promise<HttpResponse>): Promise<HttpResponse> {
  const reader = readerOf(request)
  if (reader === undefined) return answer
  const { headers, ...rest } = await answer
  return { ...rest, headers: { ...headers, 'access-control-allow-origin': reader, vary: 'Origin' } }
}
