import type { Fault } from '../base/index.ts'
import { BodyFailure } from './body.ts'
import type { Exchange } from './exchange.ts'
import { callerGone, upstreamFaults } from './outcome.ts'

const notReached: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** Node's codes for untrusted certificates and failed TLS handshakes. */
const unproven = /^(?:CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/
const silent: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** The fault for a request that got no answer. */
export function faultOf(error: unknown, { outgoing }: Exchange): Fault {
  if (error instanceof BodyFailure) return error.fault
  if (outgoing.destroyed) return callerGone
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (silent.has(code)) return upstreamFaults.silent()
  return notReached.has(code) || unproven.test(code)
    ? upstreamFaults.unreachable()
    : upstreamFaults.brokenOff()
}
