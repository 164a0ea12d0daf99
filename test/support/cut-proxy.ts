import type { AddressInfo } from 'node:net'
import { createConnection, createServer, type Socket } from 'node:net'

/** A wire between a client and a server that a test can cut at a chosen moment. */
export interface CutProxy {
  readonly port: number
  /** What passes: everything, nothing that the server says, or nothing that the client says. */
  passes: 'all' | 'no answers' | 'no questions'
  /** How often the client has said something. */
  readonly questions: number
  /** Ends all connections. */
  cut(): void
  close(): Promise<void>
}

/** Opens a proxy on a port of its own in front of a Unix socket. With a function, each connection asks for the socket. */
export async function openCutProxy(socket: string | (() => string)): Promise<CutProxy> {
  const sockets = new Set<Socket>()
  let questions = 0
  const server = createServer((client) => {
    const upstream = createConnection(typeof socket === 'string' ? socket : socket())
    for (const one of [client, upstream]) {
      sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        client.destroy()
        // what the client has sent is still executed
        upstream.end()
      })
    }
    client.on('data', (bytes) => {
      questions++
      if (proxy.passes !== 'no questions') upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (proxy.passes !== 'no answers') client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a TCP address
  const proxy: CutProxy = {
    port,
    passes: 'all',
    get questions() {
      return questions
    },
    cut() {
      for (const one of sockets) one.destroy()
    },
    async close() {
      proxy.cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
