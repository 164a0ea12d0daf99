import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { connect as connectPlainly, isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { UntrustedServer, type Web } from '../authorization/index.ts'
import { systemClock } from '../base/index.ts'

const limits = {
  /** Milliseconds until the whole document must be read. */
  time: 5_000,
  bytes: 256 * 1024,
  /** Certificates of a chain that are looked at. */
  chain: 8,
} as const

/**
 * Reads documents of identity providers: over https, or http on loopback. Redirects are not followed; a document that
 * is too slow, too long or not JSON is an error.
 */
export function openWeb(): Web {
  return {
    async getJson(text, thumbprints = []) {
      const url = new URL(text)
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const secure = url.protocol === 'https:'
      if (!secure && (url.protocol !== 'http:' || !isLoopback(host)))
        throw new Error(`${url.host} has no TLS`)
      const signal = AbortSignal.timeout(limits.time)
      const port = Number(url.port) || (secure ? 443 : 80)
      const socket = secure
        ? await secureSocket(host, port, thumbprints, signal)
        : connectPlainly({ host, port, signal })
      try {
        const document: unknown = JSON.parse(await get(url, socket, signal))
        return document
      } finally {
        socket.destroy()
      }
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/** A socket whose other end has proved its identity before anything is sent to it. */
function secureSocket(
  host: string,
  port: number,
  thumbprints: readonly string[],
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { connect: connectSecurely } = process.getBuiltinModule('node:tls')
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? host : ''
    const socket = connectSecurely({ host, port, servername, rejectUnauthorized: false })
    signal.addEventListener('abort', () => socket.destroy(new Error(`${host} is too slow`)), { once: true })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      try {
        if (isTrusted(socket, host, thumbprints)) return resolve(socket)
      } catch {
        // a certificate that cannot be read does not count
      }
      socket.destroy()
      reject(new UntrustedServer(`${host} is not trusted: ${socket.authorizationError}`))
    })
  })
}

function get(url: URL, socket: Socket, signal: AbortSignal): Promise<string> {
  const { request: httpRequest } = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const request = httpRequest(url.href.replace(/^https:/, 'http:'), {
      signal,
      createConnection: () => socket,
      headers: { host: url.host, accept: 'application/json', 'user-agent': 'omen' },
    })
    request.on('response', (response) => read(response).then(resolve, reject))
    request.on('error', reject)
    request.end()
  })
}

async function read(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`)
  const chunks: Buffer[] = []
  let length = 0
  // no encoding is set: chunks are bytes
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limits.bytes) throw new Error(`answered more than ${limits.bytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Signed by a known authority, or by a chain of valid signatures up to a certificate with a given thumbprint
 * (behaviour STS-87).
 */
function isTrusted(socket: TLSSocket, host: string, thumbprints: readonly string[]): boolean {
  if (socket.authorized) return true
  const wanted = new Set(thumbprints.map((each) => each.toLowerCase()))
  let shown = socket.getPeerCertificate(true)
  if (shown.raw === undefined || wanted.size === 0) return false
  let certificate = new X509Certificate(shown.raw)
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)
  if (named === undefined) return false
  for (let seen = 0; seen < limits.chain; seen++) {
    if (!isValidNow(certificate)) return false
    if (wanted.has(certificate.fingerprint.replaceAll(':', '').toLowerCase())) return true
    shown = shown.issuerCertificate
    if (shown?.raw === undefined) return false
    const issuer = new X509Certificate(shown.raw)
    // one that signed itself is the chain's end
    if (issuer.fingerprint256 === certificate.fingerprint256) return false
    // the holder of a certificate of the authority could sign others with its key
    if (!issuer.ca || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false
    certificate = issuer
  }
  return false
}

function isValidNow({ validFromDate, validToDate }: X509Certificate): boolean {
  const now = systemClock.now()
  return validFromDate.getTime() <= now && now <= validToDate.getTime()
}
