import type { Fault } from '../base/index.ts'
import { errorShapeName, type ServiceModel } from '../model/index.ts'

const deniedCodes: ReadonlySet<string> = new Set(['AccessDeniedException', 'AuthorizationError'])

/** IAM's reference for further information: an event's message ends before it (behaviour RSN-8). */
const wayToDetails =
  /\. Go to https:\/\/\S+ for complete details, or call the GetRequestAuthorizationDetails .*$/

/**
 * Returns a fault as events show it: access denials are `AccessDenied` in every service but EC2 (behaviour TRL-9).
 */
export function eventError(
  service: ServiceModel,
  { code, message: whole }: Fault,
): { readonly code: string; readonly message: string } {
  const message = whole.replace(wayToDetails, '')
  if (service.protocol === 'ec2Query') return { code: `Client.${code}`, message }
  return { code: deniedCodes.has(code) ? 'AccessDenied' : errorShapeName(service, code), message }
}

/** How a call arrived, as far as the connection shows it. */
interface Connection {
  readonly host: string
  readonly tls?: { readonly version: string; readonly cipherSuite: string } | undefined
}

/** The encryption of a connection; undefined if there was none (behaviour TRL-17). */
export function tlsDetailsOf({ tls, host }: Connection): Readonly<Record<string, string>> | undefined {
  if (tls === undefined) return undefined
  const { version, cipherSuite } = tls
  return { tlsVersion: version, cipherSuite, clientProvidedHostHeader: host }
}
