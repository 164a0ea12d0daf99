import type { AccessRequest } from '../../authorization/index.ts'
import { Unreadable } from './input.ts'

/** More questions than any one call raises. */
const mostRequests = 2_000

/** The questions about one resource for one action: the place of the first, and the places of all once there are two. */
interface Likes {
  readonly first: number
  all?: Map<string, number>
}

/** The text that distinguishes a question from others. */
type Asked = Pick<AccessRequest, 'action' | 'resource' | 'context' | 'part'> & { readonly key?: unknown }

/** All questions of all needs, the same one once. */
export function onlyOnce<Need, Request extends Asked>(
  asks: readonly Need[],
  requestsFor: (need: Need) => readonly Request[],
): readonly Request[] {
  const [need] = asks
  if (need !== undefined && asks.length === 1) {
    const requests = requestsFor(need)
    if (requests.length < 2) return requests
  }
  const found: Request[] = []
  const places = new Map<string, Likes>()
  for (const each of asks) {
    for (const request of requestsFor(each)) {
      const at = placeOf(request, found, places)
      if (at === found.length) found.push(request)
      else found[at] = request
      if (found.length > mostRequests)
        throw new Unreadable(`The call is about more than ${mostRequests} resources`)
    }
  }
  return found
}

/** The place of the same question, or the place behind all. Questions are taken apart only where two are about the same. */
function placeOf(request: Asked, found: readonly Asked[], places: Map<string, Likes>): number {
  const name = `${request.action} ${request.resource}`
  const likes = places.get(name)
  if (likes === undefined) {
    places.set(name, { first: found.length })
    return found.length
  }
  likes.all ??= new Map([[detailsOf(found[likes.first]!), likes.first]]) // it was put there
  const details = detailsOf(request)
  const place = likes.all.get(details) ?? found.length
  likes.all.set(details, place)
  return place
}

function detailsOf({ context, key, part }: Asked): string {
  return JSON.stringify([context, key, part])
}
