import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import {
  endOfTurn,
  type HttpRequest,
  type HttpResponse,
  perText,
  type RequestHead,
} from '../../base/index.ts'
import type { ExchangeParts, Passed } from '../../guard/index.ts'
import { Bodies, type HeldBody } from './bodies.ts'
import { limits } from './limits.ts'
import { announcedBytes, callerOf, readBody } from './read-body.ts'
import { type CountsAsTls, countsAsTls, type TlsTerms } from './terminators.ts'

// imported as a module it would also read the client behind fetch, which takes longer than the rest of a start
const { createServer } = process.getBuiltinModule('node:http')

/** The handler of requests. It never rejects. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** Takes over requests that are answered elsewhere, before their bodies are read. */
export type Passage = (exchange: ExchangeParts) => Promise<Passed>

/** The limits of the bodies of requests (`BodyLimits`). */
export interface BodySizes {
  of(head: RequestHead): Promise<number>
  knows(head: RequestHead): Promise<boolean>
}

/** The front door while it is open. */
export interface OpenGate {
  /** `http://127.0.0.1:6636`. */
  readonly url: string
  readonly port: number
  /** Takes over a connection of a function that runs here. It reaches the APIs, and nothing under /_omen/. */
  adopt(socket: Socket): void
  /** Still answers, and asks clients to close their connections. */
  drain(): void
  /** Accepts no new call, lets those in flight finish within some milliseconds, then closes. */
  close(finishing?: number): Promise<void>
}

/**
 * Opens the port. Header names are lower-cased; the path stays as sent. @param headers headers of every answer @param
 * passage asked first, for every request @param sizes if absent, all bodies are small @param terms what ends TLS in
 * front of the server @throws Error with `code` EADDRINUSE, EACCES … if the address cannot be used; TypeError if the
 * terms are wrong
 */
export async function openGate(
  address: { readonly host: string; readonly port: number },
  handler: Handler,
  headers: Readonly<Record<string, string>>,
  passage?: Passage,
  sizes: BodySizes = smallSizes,
  terms: TlsTerms = {},
): Promise<OpenGate> {
  const isTls = countsAsTls(terms)
  let inFlight = 0
  let given = headers
  const bodies = new Bodies(limits.bodiesInMemory)
  let whenIdle: (() => void) | undefined
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse, expects: boolean) => {
    inFlight++
    const held: HeldBody[] = []
    const holds = (body: HeldBody) => held.push(body)
    await serve(
      { incoming, outgoing, headers: given, expects, isTls, sizes, bodies, holds },
      handler,
      passage,
    )
    for (const body of held) body.release()
    if (--inFlight === 0) whenIdle?.()
  }
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      // streamed bodies may take hours; the code that passes them watches that they do not stop
      requestTimeout: passage === undefined ? limits.requestTimeout : 0,
      headersTimeout: limits.headersTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
    },
    (incoming, outgoing) => void take(incoming, outgoing, false),
  )
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('checkContinue', (incoming, outgoing) => void take(incoming, outgoing, true))
  server.maxHeadersCount = limits.headers
  server.maxConnections = limits.connections
  await listen(server, address)
  const { port } = server.address() as AddressInfo // it listens on a TCP address
  const reached = everyAddress.get(address.host) ?? address.host
  const host = reached.includes(':') ? `[${reached}]` : reached
  return {
    url: `http://${host}:${port}`,
    port,
    adopt(socket) {
      ofFunctions.add(socket)
      server.emit('connection', socket)
    },
    drain() {
      given = { ...headers, connection: 'close' }
    },
    async close(finishing = limits.finishing) {
      // http's own close would cut off connections whose last answer is not read yet: it takes them for idle
      const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
      if (inFlight > 0) {
        const idle = new Promise<void>((resolve) => (whenIdle = resolve))
        await Promise.race([idle, sleep(finishing, undefined, { ref: false })])
      }
      for (let looks = limits.closingLooks; looks > 0 && sockets.values().some(isWriting); looks--)
        await sleep(limits.closingLook)
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Addresses that mean all of the machine's, and one by which a client reaches them: browsers refuse the former. */
const everyAddress: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

/** Connections that functions have opened. */
const ofFunctions = new WeakSet<Socket>()

/** Returns whether a part of an answer still waits for its reader. */
function isWriting(socket: Socket): boolean {
  return socket.writableLength > 0
}

function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A request whose head has come. */
interface Arrived {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Headers that every answer carries. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the caller waits for 100 Continue. */
  readonly expects: boolean
  /** Whether it counts as a call over TLS although it is not. */
  readonly isTls: CountsAsTls
  readonly sizes: BodySizes
  /** The bodies of all requests, and the listener for this one's. */
  readonly bodies: Bodies
  readonly holds: (body: HeldBody) => void
}

const smallSizes: BodySizes = { of: async () => limits.smallBody, knows: async () => false }

async function serve(arrived: Arrived, handler: Handler, passage: Passage | undefined): Promise<void> {
  const { incoming, outgoing, headers, expects, sizes } = arrived
  try {
    const head = headOf(incoming, arrived.isTls)
    if (head.fromFunction && /^\/_omen(?:\/|$)/.test(head.rawPath)) {
      return refuse(arrived, 403, 'Functions reach the APIs only.')
    }
    if (isHeaderTooLong(head)) return refuse(arrived, 431, 'User-Agent and Referer may have 8192 bytes.')
    let body: Uint8Array | undefined
    if (passage !== undefined) {
      const passed = await passage({
        head,
        ...arrived,
        readBody: (bytes) => bodyForGuard(arrived, head, bytes),
        hold(giveUp) {
          const held = arrived.bodies.begin({ caller: callerOf(head), giveUp })
          arrived.holds(held)
          return held
        },
      })
      if (passed.by === 'guard') return
      body = passed.body
    }
    if (body === undefined) {
      const bytes = await sizes.of(head)
      if (expects) outgoing.writeContinue()
      const within = passage === undefined ? undefined : limits.requestTimeout
      const read = await readBody(incoming, { ...arrived, head, bytes, within })
      if (read === 'too large') return refuse(arrived, 413, `Request bodies may have ${bytes} bytes here.`)
      if (read === 'no room') return refuse(arrived, 503, 'Too many requests are on their way. Try again.')
      body = read
    }
    const response = await handler({ ...head, body })
    await endOfTurn()
    outgoing.writeHead(response.status, {
      ...response.headers,
      ...headers,
      'content-length': byteLength(response.body),
    })
    outgoing.end(incoming.method === 'HEAD' ? undefined : response.body)
  } catch {
    // the caller hung up: nothing can be answered
    incoming.destroy()
  }
}

/**
 * The size of a body that the guard reads: small for callers whose key is unknown here, unless it is an upload's form.
 */
async function bodyForGuard(
  arrived: Arrived,
  head: RequestHead,
  bytes: number,
): Promise<Uint8Array | undefined> {
  const isUpload = head.headers['content-type']?.startsWith('multipart/form-data') === true
  const isLarge = (announcedBytes(head) ?? bytes) > limits.smallBody && bytes > limits.smallBody
  const known = !isLarge || isUpload || (await arrived.sizes.knows(head))
  const most = known ? bytes : limits.smallBody
  const read = await readBody(arrived.incoming, {
    ...arrived,
    head,
    bytes: most,
    within: limits.requestTimeout,
  })
  if (read === 'no room') throw new Error('there is no room for the body')
  return read === 'too large' ? undefined : read
}

/** A request that is refused before it is parsed gets plain text, and the connection ends. */
function refuse({ incoming, outgoing, headers }: Arrived, status: number, text: string): void {
  const later = status === 503 ? { 'retry-after': '1' } : {}
  outgoing.writeHead(status, { ...headers, ...later, connection: 'close', 'content-type': 'text/plain' })
  outgoing.end(`${text}\n`)
  // a caller that is cut off while writing would lose the answer
  let left: number = limits.drainedBytes
  incoming.on('data', ({ length }: Buffer) => {
    left -= length
    if (left < 0) incoming.destroy()
  })
  incoming.resume()
}

/** Policies compare these with patterns of theirs, and callers write in them whatever they like. */
function isHeaderTooLong({ headers }: RequestHead): boolean {
  const { 'user-agent': agent = '', referer = '' } = headers
  return agent.length > limits.comparedHeaderBytes || referer.length > limits.comparedHeaderBytes
}

function byteLength(body: Uint8Array | string): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length
}

function headOf(incoming: IncomingMessage, isTls: CountsAsTls): RequestHead {
  const url = incoming.url ?? '/'
  const question = url.indexOf('?')
  const fromFunction = ofFunctions.has(incoming.socket)
  const remote = incoming.socket.remoteAddress ?? (fromFunction ? '127.0.0.1' : '')
  const remoteAddress = remote.startsWith('::ffff:') ? remote.slice(7) : remote
  const headers = headersOf(incoming.rawHeaders)
  return {
    method: incoming.method ?? 'GET',
    rawPath: question < 0 ? url : url.slice(0, question),
    rawQuery: question < 0 ? '' : url.slice(question + 1),
    headers,
    remoteAddress,
    // no proxy is between a function and the server
    ...(encryption(incoming.socket) ?? {
      secure: isTls(remoteAddress, fromFunction ? undefined : headers['x-forwarded-proto']),
    }),
    ...(fromFunction ? { fromFunction } : {}),
  }
}

function encryption(socket: Socket): Pick<HttpRequest, 'secure' | 'tls'> | undefined {
  if (!isSecure(socket)) return undefined
  return { secure: true, tls: { version: socket.getProtocol() ?? '', cipherSuite: socket.getCipher().name } }
}

/** Node's mark of such a socket: its class is in a module that a server without TLS does not need. */
function isSecure(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true
}

/**
 * An object that inherits nothing and has a hidden class: the engine looks up the headers of `Object.create(null)` by
 * hashing.
 */
class HeaderMap {
  [name: string]: string
}
Object.setPrototypeOf(HeaderMap.prototype, null)
Reflect.deleteProperty(HeaderMap.prototype, 'constructor')

/** Names in lower case; a repeated header's values are joined with commas, as signatures want them. */
function headersOf(raw: readonly string[]): Record<string, string> {
  const headers = new HeaderMap()
  for (let i = 0; i < raw.length; i += 2) {
    const name = lowered(raw[i]!)
    const before = headers[name]
    headers[name] = before === undefined ? raw[i + 1]! : `${before},${raw[i + 1]!}`
  }
  return headers
}

const lowered = perText((name) => name.toLowerCase())
