import type { HttpRequest, HttpResponse } from '../../base/index.ts'

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

export function pageAnswer(status: number, html: string): HttpResponse {
  return {
    status,
    headers: {
      ...guarded,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    },
    body: html,
  }
}

export function redirectAnswer(location: string, cookie?: string): HttpResponse {
  return {
    status: 303,
    headers: { ...guarded, location, ...(cookie !== undefined && { 'set-cookie': cookie }) },
    body: '',
  }
}

/**
 * Where a link may lead after the sign-in: within this house. AWS's own console addresses, which tools put into
 * their links, lead to its beginning; and so does everything else, for no link may send people elsewhere.
 */
export function safeDestination(text: string | undefined, { headers }: HttpRequest): string {
  const here = `http://${headers.host ?? 'localhost'}`
  if (text === undefined || !URL.canParse(text, here)) return '/'
  const url = new URL(text, here)
  const own = url.host === headers.host && (url.protocol === 'http:' || url.protocol === 'https:')
  return own ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/{2,}/, '/') : '/'
}
