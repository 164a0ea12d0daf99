import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** An identity provider on loopback. What it answers can be changed while it runs. */
export interface OidcIssuer extends AsyncDisposable {
  /** Its name: the `iss` of its tokens. */
  readonly issuer: string
  /** Where it really is. */
  readonly base: string
  /** How often its keys were asked for. */
  readonly fetches: () => number
  /** Answers instead of its own: a status, or a body. */
  /** Published instead of its keys. */
  published: readonly unknown[] | undefined
  answer: { status?: number; body?: string; delay?: number } | undefined
  /** Makes a new key; the old one is published no more. */
  rotate(): Promise<void>
  token(claims: JWTPayload, options?: { alg?: 'RS256' | 'ES256' | 'ES384'; now?: number }): Promise<string>
}

export async function oidcIssuer(issuer: string): Promise<OidcIssuer> {
  let generation = 0
  let keys = await newKeys(generation)
  let fetches = 0
  const server = createServer((request, response) => {
    const { answer } = self
    const body =
      request.url === '/.well-known/openid-configuration'
        ? JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })
        : JSON.stringify({ keys: self.published ?? keys.map(({ jwk }) => jwk) })
    if (request.url === '/keys') fetches++
    setTimeout(() => {
      response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' })
      response.end(answer?.body ?? body)
    }, answer?.delay ?? 0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self: OidcIssuer = {
    issuer,
    base: `http://127.0.0.1:${port}`,
    fetches: () => fetches,
    answer: undefined,
    published: undefined,
    async rotate() {
      keys = await newKeys(++generation)
    },
    token(claims, { alg = 'RS256', now = Date.now() } = {}) {
      const key = keys.find((each) => each.alg === alg)!
      const iat = Math.floor(now / 1000)
      return new SignJWT({ iss: issuer, iat, exp: iat + 600, ...claims })
        .setProtectedHeader({ alg, kid: key.kid, typ: 'JWT' })
        .sign(key.privateKey)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return self
}

async function newKeys(generation: number) {
  return Promise.all(
    (['RS256', 'ES256', 'ES384'] as const).map(async (alg) => {
      const { privateKey, publicKey } = await generateKeyPair(alg)
      const kid = `${alg}-${generation}`
      return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
    }),
  )
}
