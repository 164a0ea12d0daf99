import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import { Secret } from '../../packages/server/src/base/index.ts'
import {
  canonicalRules,
  isProblem,
  readClaim,
  SigningKeys,
  signedHeaders,
  verifySignature,
} from '../../packages/server/src/wire/sigv4/index.ts'

// The least that can stand between: node:http in front, undici behind, and nothing decided. What a second hop costs
// on a machine is the measure of what the guard adds to it. Given a secret, it verifies each small request's signature
// and signs it anew: what every guard has to do before it knows anything. Run as: bare-proxy.ts UPSTREAM-URL [SECRET]
const secret = process.argv[3] === undefined ? undefined : new Secret(process.argv[3])
const theirs = new SigningKeys()
const ours = new SigningKeys()
const pool = new Pool(process.argv[2]!, { connections: 1_024, pipelining: 1 })
const server = createServer((incoming, outgoing) => {
  const { connection: _, ...headers } = incoming.headers
  const method = incoming.method as Dispatcher.HttpMethod // any token is a method
  const length = Number(headers['content-length'] ?? 0)
  const send = (body: Buffer | typeof incoming | null) =>
    pool.dispatch(
      { method, path: incoming.url ?? '/', headers: signedAnew(incoming, headers, body), body },
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

function signedAnew(
  incoming: IncomingMessage,
  headers: IncomingHttpHeaders,
  body: Buffer | IncomingMessage | null,
): IncomingHttpHeaders {
  if (secret === undefined || !(body instanceof Buffer)) return headers
  const whole = headers as Record<string, string> // the bench sends no header twice
  const { method = '', url: rawPath = '' } = incoming
  const request = { method, rawPath, rawQuery: '', headers: whole, body, remoteAddress: '', secure: false }
  const claim = readClaim(request)
  if (isProblem(claim)) throw new Error(claim.kind)
  const problem = verifySignature(claim, request, secret, canonicalRules(claim.service), Date.now(), theirs)
  if (problem !== undefined) throw new Error(problem.kind)
  const { authorization: _a, 'x-amz-date': _d, ...unsigned } = whole
  const signer = { accessKeyId: 'test', secret, region: claim.region, service: claim.service }
  return signedHeaders({ ...request, headers: unsigned }, signer, Date.now(), undefined, ours)
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
