import type { Fault } from '../base/index.ts'
import { errorShapeName, type ServiceModel } from '../model/index.ts'

const deniedCodes: ReadonlySet<string> = new Set(['AccessDeniedException', 'AuthorizationError'])

/** A fault as events tell it: access denials are `AccessDenied` in every service but EC2 (behaviour TRL-9). */
export function eventError(
  service: ServiceModel,
  { code, message }: Fault,
): { readonly code: string; readonly message: string } {
  if (service.protocol === 'ec2Query') return { code: `Client.${code}`, message }
  return { code: deniedCodes.has(code) ? 'AccessDenied' : errorShapeName(service, code), message }
}

/** How a call came, as far as the connection tells. */
interface Connection {
  readonly host: string
  readonly tls?: { readonly version: string; readonly cipherSuite: string } | undefined
}

/** What a connection was encrypted with; undefined where it was not (behaviour TRL-17). */
export function tlsDetailsOf({ tls, host }: Connection): Readonly<Record<string, string>> | undefined {
  if (tls === undefined) return undefined
  const { version, cipherSuite } = tls
  return { tlsVersion: version, cipherSuite, clientProvidedHostHeader: host }
}
