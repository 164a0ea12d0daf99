import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHead } from '../base/index.ts'

/** Types in which a browser runs nothing; of none it finds one, and of several it takes the last: either may be a page's. */
const harmless =
  /^(?:image\/(?!svg)[\w.+-]+|(?:audio|video|font)\/[\w.+-]+|text\/(?:plain|css|csv)|application\/(?:pdf|json|octet-stream|zip|gzip|x-tar))\s*(?:;[^,]*)?$/i

/** It may do what pages do, but is of no origin. */
const sandbox = 'sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads'

/**
 * What is answered to a browser that is led to the upstream's content is a page of whoever put it there, and stands under
 * the name of the house, at which people sign in: it must not act as a page of the house (behaviour GRD-59).
 */
export function pageHeaders(
  { headers: { accept, 'sec-fetch-dest': destination } }: RequestHead,
  answered: IncomingHttpHeaders,
): Record<string, string | string[]> | undefined {
  const isLed =
    destination === undefined
      ? accept?.includes('text/html') === true
      : /^(?:document|frame|iframe|embed|object)$/.test(destination)
  if (!isLed || harmless.test(answered['content-type'] ?? '')) return undefined
  const own = answered['content-security-policy'] ?? []
  return { 'content-security-policy': [own, sandbox].flat() }
}
