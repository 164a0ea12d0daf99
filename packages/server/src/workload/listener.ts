import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { HttpRequest, HttpResponse } from '../base/index.ts'
import { StaleAccount, StoreUnavailable } from '../directory/index.ts'
import { isAnswered, userOfPeer } from './peer.ts'

// imported as a module it would also read the client behind fetch, which takes longer than the rest of a start
const { createServer } = process.getBuiltinModule('node:http')

/** The address of an instance or container, while it is open. */
export interface Listener {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  close(): Promise<void>
}

const limits = { headerBytes: 16 * 1024, headers: 50, requestTimeout: 10_000, connections: 256 }
const nothing = new Uint8Array(0)

/**
 * Listens on loopback, for programs of the server's own user and of root; with port 0, on any free port. Requests have
 * no bodies (behaviours WKL-13 and WKL-14).
 */
export async function listen(
  answer: (request: HttpRequest) => Promise<HttpResponse>,
  wantedPort = 0,
  userOf: (socket: Socket) => Promise<number | undefined> = userOfPeer,
): Promise<Listener> {
  const admitted = new WeakMap<Socket, Promise<boolean>>()
  const server = createServer(
    { maxHeaderSize: limits.headerBytes, requestTimeout: limits.requestTimeout },
    (incoming, outgoing) => {
      const isOurs = admitted.get(incoming.socket) ?? Promise.resolve(false)
      serve(incoming, outgoing, isOurs, answer).catch(() => incoming.destroy())
    },
  )
  server.on('connection', (socket: Socket) => {
    admitted.set(
      socket,
      userOf(socket).then((user) => isAnswered(user)),
    )
  })
  server.maxHeadersCount = limits.headers
  server.maxConnections = limits.connections
  await started(server, wantedPort)
  const { port } = server.address() as AddressInfo // it listens on a TCP address
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // an answer that is being written may still leave
        setTimeout(() => server.closeAllConnections(), 50)
      }),
  }
}

function started(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // another worker's credentials must not answer here
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isOurs: Promise<boolean>,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  const response = !(await isOurs)
    ? foreignUser
    : isLocal(incoming.headers.host)
      ? await answer(requestOf(incoming)).catch(failed)
      : foreignHost
  outgoing.writeHead(response.status, {
    ...response.headers,
    'content-length': Buffer.byteLength(response.body),
    // an unread body must not be parsed as the next request
    ...(hasBody(incoming) ? { connection: 'close' } : {}),
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : response.body)
}

/** Returns the answer while the store is unavailable: programs ask again. @throws any other error */
function failed(error: unknown): HttpResponse {
  if (!(error instanceof StoreUnavailable || error instanceof StaleAccount)) throw error
  return { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': '1' }, body: 'Try again.\n' }
}

const foreignHost: HttpResponse = {
  status: 403,
  headers: { 'content-type': 'text/plain' },
  body: 'This address is asked for by its number only.\n',
}

const foreignUser: HttpResponse = {
  status: 403,
  headers: { 'content-type': 'text/plain' },
  body: 'This address answers programs of the user that runs the server only.\n',
}

/** A page in a browser reaches loopback by a host name of its own; a program that was given the address does not. */
function isLocal(host: string | undefined): boolean {
  return host !== undefined && /^(?:127\.0\.0\.1|localhost|169\.254\.\d{1,3}\.\d{1,3})(?::\d+)?$/.test(host)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function requestOf(incoming: IncomingMessage): HttpRequest {
  const url = incoming.url ?? '/'
  const question = url.indexOf('?')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(',')
  return {
    method: incoming.method ?? 'GET',
    rawPath: question < 0 ? url : url.slice(0, question),
    rawQuery: question < 0 ? '' : url.slice(question + 1),
    headers,
    body: nothing,
    remoteAddress: incoming.socket.remoteAddress ?? '',
    secure: false,
  }
}
