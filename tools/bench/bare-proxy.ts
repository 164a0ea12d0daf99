import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

// The least that can stand between: node:http in front, undici behind, and nothing decided. What a second hop costs
// on a machine is the measure of what the guard adds to it. Run as: bare-proxy.ts UPSTREAM-URL
const pool = new Pool(process.argv[2]!, { connections: 1_024, pipelining: 1 })
const server = createServer((incoming, outgoing) => {
  const { connection: _, ...headers } = incoming.headers
  const method = incoming.method as Dispatcher.HttpMethod // any token is a method
  const length = Number(headers['content-length'] ?? 0)
  const send = (body: Buffer | typeof incoming | null) =>
    pool.dispatch(
      { method, path: incoming.url ?? '/', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, status, answered: IncomingHttpHeaders) {
          const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...rest } = answered
          outgoing.writeHead(status, rest)
        },
        onResponseData(controller, piece) {
          if (outgoing.write(piece)) return
          controller.pause()
          outgoing.once('drain', () => controller.resume())
        },
        onResponseEnd: () => void outgoing.end(),
        onResponseError: () => void outgoing.destroy(),
      },
    )
  if (length > 1024 * 1024) {
    send(incoming)
    return
  }
  const pieces: Buffer[] = []
  incoming.on('data', (piece: Buffer) => pieces.push(piece))
  incoming.on('end', () => send(pieces.length === 0 ? null : Buffer.concat(pieces)))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
