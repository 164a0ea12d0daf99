import { createHash } from 'node:crypto'
import type { HttpRequest, HttpResponse } from '../../base/index.ts'
import type { SignInPage } from './pages.ts'

/** A refusal of the sign-in, with the content of its page. */
export class SignInRefusal {
  readonly status: number
  readonly error: string
  readonly message: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(status: number, error: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    this.status = status
    this.error = error
    this.message = message
    this.more = more
  }
}

/** No answer of the sign-in is cached, framed, or sent to the next site as a referrer. */
const guarded = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

export function jsonAnswer(status: number, value: unknown, cookie?: string): HttpResponse {
  return {
    status,
    headers: {
      ...guarded,
      'content-type': 'application/json',
      ...(cookie !== undefined && { 'set-cookie': cookie }),
    },
    body: JSON.stringify(value),
  }
}

/**
 * A page with a form. Its script is the one that is named; its forms say where they come from (behaviour SGN-49).
 * @param leadsTo the origin to which an answer to its form may lead, beside this one
 */
export function pageAnswer(status: number, { html, script }: SignInPage, leadsTo = ''): HttpResponse {
  const hash = createHash('sha256').update(script).digest('base64')
  return {
    status,
    headers: {
      ...guarded,
      'referrer-policy': 'same-origin',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; form-action ${`'self' ${leadsTo}`.trim()}; frame-ancestors 'none'; base-uri 'none'`,
    },
    body: html,
  }
}

/** @param half of the cookie, for the page that is led to: a fragment is sent to no server */
export function redirectAnswer(destination: string, cookie?: string, half?: string): HttpResponse {
  const location = half === undefined ? destination : `${destination.replace(/#.*/s, '')}#half=${half}`
  return {
    status: 303,
    headers: { ...guarded, location, ...(cookie !== undefined && { 'set-cookie': cookie }) },
    body: '',
  }
}

/**
 * Where a link may lead after the sign-in: within this server. AWS's own console addresses, which tools put into
 * their links, lead to its beginning; and so does everything else, for no link may send people elsewhere.
 */
export function safeDestination(text: string | undefined, { headers }: HttpRequest): string {
  const here = `http://${headers.host ?? 'localhost'}`
  if (text === undefined || !URL.canParse(text, here)) return '/'
  const url = new URL(text, here)
  const isOwnHost = url.host === headers.host && (url.protocol === 'http:' || url.protocol === 'https:')
  return isOwnHost ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/{2,}/, '/') : '/'
}
