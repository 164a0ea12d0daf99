import { hashOf } from '../../grants/index.ts'

/** Addresses at which programs may be answered, whole (behaviour SGN-61). */
const whole: ReadonlySet<string> = new Set([
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'https://www.cursor.com/agents/mcp/oauth/callback',
  'https://chatgpt.com/connector_platform_oauth_redirect',
  'https://replit.com/',
  'https://api.v0.dev/v1/mcp-servers/oauth/callback',
])

/** Beginnings of further ones. Each ends its host. */
const beginnings = [
  'https://claude.ai/',
  'vscode://',
  'https://vscode.dev/',
  'https://chatgpt.com/',
  'https://lovable.app/',
  'https://lovable.dev/',
] as const

const loopback = /^http:\/\/(localhost|127\.0\.0\.1)(?::[1-9]\d{0,4})?(?=[/?]|$)/

/**
 * Returns whether a program may be answered at an address. It must be written as a browser writes it: what a browser would
 * read as another address fits no pattern.
 */
export function isAllowedRedirect(redirect: string): boolean {
  if (redirect.length > 2_048 || !/^[\x21-\x7e]+$/.test(redirect) || /[#\\]/.test(redirect)) return false
  if (!URL.canParse(redirect)) return false
  const { href, username, password } = new URL(redirect)
  if (username !== '' || password !== '' || (href !== redirect && href !== `${redirect}/`)) return false
  return (
    whole.has(href) || loopback.test(redirect) || beginnings.some((beginning) => href.startsWith(beginning))
  )
}

/** Returns the form in which an address is kept: a program on this computer may listen on another port each time (RFC 8252, 7.3). */
export function redirectHash(redirect: string): string {
  return hashOf(redirect.replace(loopback, 'http://$1').replace(/^(http:\/\/[\w.]+)$/, '$1/'))
}

/** The part of an address that people know: its origin, or the app that it opens. */
export function placeOf(redirect: string): string {
  const { origin, protocol, host } = new URL(redirect)
  return origin === 'null' ? `${protocol}//${host}` : origin
}

/** Returns the target that a page may name for its form, if the answer leads to an address. */
export function formTarget(redirect: string): string {
  const { origin, protocol } = new URL(redirect)
  return origin === 'null' ? protocol : origin
}
