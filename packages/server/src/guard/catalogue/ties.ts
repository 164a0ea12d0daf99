import type { HttpRequest } from '../../base/index.ts'
import type { GuardService } from './services.ts'

/**
 * The services of one route in order of likelihood (behaviour GRD-4): by the host, by the signature's scope, by a
 * service name equal to the signature's, then the newest.
 */
export function preferred(
  services: readonly GuardService[],
  request: HttpRequest,
  scope: string | undefined,
): readonly GuardService[] {
  if (services.length < 2) return services
  const rank = (service: GuardService): number =>
    (isHostOf(service, request) ? 4 : 0) +
    (service.signs === scope ? 2 : 0) +
    (service.id === service.signs ? 1 : 0)
  return [...services].sort((a, b) => rank(b) - rank(a) || (a.version < b.version ? 1 : -1))
}

/** Returns whether the request's host is one of the service's; some prefixes have dots in them. */
export function isHostOf(service: GuardService, request: HttpRequest): boolean {
  return `.${(request.headers.host ?? '').toLowerCase()}`.includes(`.${service.host}.`)
}
