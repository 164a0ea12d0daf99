import type { HttpRequest } from '../base/index.ts'

/**
 * Whether a page of some other site made a browser send this. Where signatures are not asked for (mode off), any
 * page that is open on the machine could otherwise call: a form reaches loopback, and a name that an attacker's
 * DNS points there even reads the answer (behaviour WIRE-64). Programs send neither of these headers.
 */
export function fromForeignPage({ headers, remoteAddress }: HttpRequest): boolean {
  const { origin, host = '' } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return false
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) return true
  return isLoopback(remoteAddress) && !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host)
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}
