import type { HttpRequest } from '../../base/index.ts'
import type { GuardService } from './services.ts'

/**
 * The services of one route in the order in which they are likely meant (behaviour GRD-4): the one whose host
 * was called, those that the signature is for, the one whose name is the signature's, the newest.
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

/** Whether the request's host is one of the service's; some prefixes have dots in them. */
export function isHostOf(service: GuardService, request: HttpRequest): boolean {
  return `.${(request.headers.host ?? '').toLowerCase()}`.includes(`.${service.host}.`)
}
