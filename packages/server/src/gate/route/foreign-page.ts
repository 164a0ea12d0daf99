import { isIP } from 'node:net'
import type { HttpRequest, HttpResponse } from '../../base/index.ts'

/**
 * Returns whether a page of another site made a browser send this. If signatures are not checked (mode off), any page
 * that is open on the machine could otherwise call: a form reaches loopback, and a name that an attacker's DNS points
 * there even reads the answer (behaviour WIRE-64). Programs send neither of these headers.
 */
export function fromForeignPage({ method, headers, remoteAddress }: HttpRequest): boolean {
  const { origin, host = '' } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined)
    return (method === 'GET' || method === 'HEAD') && isSilentBrowser(headers)
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const page = origin ?? `http://${host}`
  if (!URL.canParse(page)) return true
  const { host: pageHost, hostname } = new URL(page)
  // a proxy may have replaced the host, so only the browser's own header shows whether they are the same
  if (site === undefined && pageHost !== host) return true
  return isLoopback(remoteAddress) ? !isOwnName(hostname) : !isPrivateName(hostname)
}

/**
 * Returns whether it is a browser that does not name the requesting page. Over http, browsers send Sec-Fetch-… only to
 * this machine, by its address or as localhost; and they leave Origin out of a GET to the page's own site or for a
 * picture. A page cannot remove Accept-Language. Node's fetch sends it too, but with Sec-Fetch-Mode.
 */
function isSilentBrowser(headers: HttpRequest['headers']): boolean {
  const speaks = headers['accept-language'] !== undefined && headers['sec-fetch-mode'] === undefined
  return speaks || headers['user-agent']?.startsWith('Mozilla/') === true
}

/** Returns whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

/** Addresses, and names that browsers look up nowhere: no DNS leads them elsewhere. */
function isOwnName(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^(?:.+\.)?localhost$/.test(name)
}

/** Includes names of containers and of private networks: no one on the internet can have a page under them. */
function isPrivateName(name: string): boolean {
  return isOwnName(name) || !name.includes('.') || /\.(?:local|internal|test|home\.arpa)$/.test(name)
}

/**
 * Returns whether a browser reached the server under a name that a stranger's DNS may point here. Such a page could
 * read the server's answers as its own: it gets neither the console nor the sign-in (behaviour WIRE-71). With TLS the
 * browser has checked that the certificate is for the name.
 */
export function isMisnamed(request: Pick<HttpRequest, 'headers' | 'secure' | 'remoteAddress'>): boolean {
  const { headers, secure, remoteAddress } = request
  const { host = '', origin } = headers
  if (
    secure ||
    (origin === undefined && headers['sec-fetch-site'] === undefined && !isSilentBrowser(headers))
  )
    return false
  const page = `http://${host}`
  if (!URL.canParse(page)) return true
  const { hostname } = new URL(page)
  return isLoopback(remoteAddress) ? !isOwnName(hostname) : !isPrivateName(hostname)
}

/** The answer to such a browser. */
export function misdirected(): HttpResponse {
  return {
    status: 421,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: 'The console answers under localhost or an IP address, or with TLS under any name.\n',
  }
}
