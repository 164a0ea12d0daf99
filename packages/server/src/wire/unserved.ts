import type { Fault, HttpRequest } from '../base/index.ts'
import { type KnownService, knownServices } from '../model/index.ts'
import { commonFault } from './common-fault.ts'
import type { Dialect } from './types.ts'

/** Characters of a host with its port; a longer one is nobody's. */
const longestHost = 260

/** Returns the fault for a call to a service that AWS has and Omen does not serve. */
export function notServed(dialect: Dialect, service: KnownService, operation?: string): Fault {
  const what = operation ? `${service.signingName}:${operation}` : service.signingName
  const how = 'omen guard --upstream URL puts it in front of an endpoint that does'
  return commonFault(dialect, 'notImplemented', `Omen does not serve ${service.title} (${what}); ${how}`)
}

/** Returns the query service of an API version. Some share one: RDS, Neptune and DocumentDB all sign as `rds`. */
export function knownByVersion(version: string): KnownService | undefined {
  const found = knownServices().filter(({ apiVersion, query }) => apiVersion === version && query === true)
  return found.find(({ id, signingName }) => id === signingName) ?? found[0]
}

/** Returns the service of an X-Amz-Target prefix. */
export function knownByTarget(prefix: string): KnownService | undefined {
  return knownServices().find(({ targetPrefix }) => targetPrefix === prefix)
}

/**
 * Returns the service that a request to an unknown path is probably meant for: from its host, from the path of the
 * newer binary protocol, and at last from its signature's scope. The signature decides only a name in a refusal.
 */
export function knownByName(request: HttpRequest): KnownService | undefined {
  const host = request.headers.host ?? ''
  for (const label of host.length > longestHost ? [] : host.toLowerCase().split('.')) {
    const known = knownServices().find(({ endpointPrefix }) => endpointPrefix === label)
    if (known) return known
  }
  const rpc = /^\/service\/(\w+)\/operation\/\w+$/.exec(request.rawPath)?.[1]
  if (rpc) {
    const known = knownServices().find(({ targetPrefix }) => targetPrefix === rpc)
    if (known) return known
  }
  const scope = scopeNamed(request)
  const signed = knownServices().filter(({ signingName }) => signingName === scope)
  return signed.find(({ id }) => id === scope) ?? signed[0]
}

/** The service in the scope of a request's signature, right or wrong. */
export function scopeNamed({ headers, rawQuery }: HttpRequest): string | undefined {
  return (
    /Credential=[^/,\s=]{1,128}\/\d{8}\/[^/,\s=]{1,32}\/([\w-]{1,64})\//.exec(
      headers.authorization ?? '',
    )?.[1] ??
    /(?:^|&)X-Amz-Credential=[^&=]{1,192}?(?:%2F|\/)\d{8}(?:%2F|\/)[\w-]{1,32}(?:%2F|\/)([\w-]{1,64})/i.exec(
      rawQuery,
    )?.[1]
  )
}
