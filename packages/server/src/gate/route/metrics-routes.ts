import type { AddressInfo } from 'node:net'
import type { Dependencies } from '../../authorization/index.ts'
import { contentType, type Registry } from '../../metrics/index.ts'
import { type AdminRoute, Refusal, TextAnswer } from './admin-route.ts'
import { isMisnamed } from './foreign-page.ts'

/** The metrics for signed requests. They are of the whole server, so other accounts than the first do not see them. */
export function metricsRoutes(metrics: Registry, deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/metrics$/,
      by: { action: 'omen:GetMetrics' },
      answer(_groups, _body, _signer, _query, within) {
        if (within !== undefined && within !== deps.firstAccount)
          throw new Refusal(
            403,
            `Metrics are of the whole house: only account ${deps.firstAccount} sees them.`,
          )
        return new TextAnswer(metrics.text(), contentType)
      },
    },
  ]
}

/** A port that serves nothing but metrics. */
export interface MetricsPort {
  /** `http://127.0.0.1:9464/metrics`. */
  readonly url: string
  close(): void
}

/** Connections at a time: a scraper has one. */
const connectionsMost = 32
/** Milliseconds until a request must have come in. */
const patience = 5_000

/**
 * Opens a port for scrapers, which sign nothing: anyone who reaches it may read. A page in a browser may not. @throws
 * Error with `code` EADDRINUSE, EACCES … if the address cannot be used
 */
export async function openMetricsPort(
  { host, port }: { readonly host: string; readonly port: number },
  metrics: Registry,
): Promise<MetricsPort> {
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: patience, headersTimeout: patience },
    ({ method = '', url = '', headers, socket }, answer) => {
      const answerWith = (status: number, type: string, text: string) => {
        const head = {
          'content-type': type,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        }
        answer.writeHead(status, { ...head, 'content-length': Buffer.byteLength(text) })
        answer.end(method === 'HEAD' ? undefined : text)
      }
      const asker = { headers: { host: headers.host ?? '', ...single(headers) }, secure: false }
      if (method !== 'GET' && method !== 'HEAD') answerWith(405, 'text/plain', 'GET only\n')
      else if (isMisnamed({ ...asker, remoteAddress: socket.remoteAddress ?? '' }))
        answerWith(421, 'text/plain', 'Metrics are served under localhost or an IP address.\n')
      else if (/^\/(?:_omen\/)?metrics(?:\?|$)/.test(url)) answerWith(200, contentType, metrics.text())
      else answerWith(404, 'text/plain', 'Metrics are at /metrics.\n')
    },
  )
  server.maxConnections = connectionsMost
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // with several workers, each has its own
    server.listen({ port, host, exclusive: true }, resolve)
  })
  server.unref()
  const { port: opened } = server.address() as AddressInfo // it listens on a TCP address
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${opened}/metrics`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Headers that came once. */
function single(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
