import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHead } from '../base/index.ts'

/** Types in which a browser runs nothing; of none it finds one, and of several it takes the last: either may be a page's. */
const harmless =
  /^(?:image\/(?!svg)[\w.+-]+|(?:audio|video|font)\/[\w.+-]+|text\/(?:plain|css|csv)|application\/(?:pdf|json|octet-stream|zip|gzip|x-tar))\s*(?:;[^,]*)?$/i

/** It may act as a page, but has no origin. */
const sandbox = 'sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads'

/**
 * An answer with the upstream's content is, in a browser, a page of its author under the server's own name, where
 * people sign in. It must not act as a page of the server (behaviour GRD-59).
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
