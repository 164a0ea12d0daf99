import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A pair of PKCE. */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** A key of a tool, with which it signs proofs of possession (RFC 9449). */
export function dpopKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const proof = (url: string, now: number, more: object = {}, key: KeyObject = privateKey) => {
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
    const jti = randomBytes(16).toString('hex')
    const claims = { htm: 'POST', htu: url, iat: Math.floor(now / 1000), jti, ...more }
    const text = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  return { proof, pem: privateKey.export({ format: 'pem', type: 'sec1' }) as string }
}

/** What `POST /v1/token` answers: tokens, or an error. */
export interface LoginAnswer {
  readonly accessToken: { accessKeyId: string; secretAccessKey: string; sessionToken: string }
  readonly tokenType: string
  readonly expiresIn: number
  readonly refreshToken: string
  readonly idToken: string
  readonly error?: string
}

const devtools = 'arn:aws:signin:::devtools'

/** The command line of `aws login`, as far as it speaks with the server. */
export function loginTool(
  endpoint: string,
  now: () => number,
  kind: 'same-device' | 'cross-device' = 'same-device',
  port = 50_123,
) {
  const pair = pkce()
  const key = dpopKey()
  const clientId = `${devtools}/${kind}`
  const redirectUri =
    kind === 'same-device'
      ? `http://127.0.0.1:${port}/oauth/callback`
      : `${endpoint}/v1/sessions/confirmation`
  const token = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${endpoint}/v1/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        dpop: key.proof(`${endpoint}/v1/token`, now()),
        ...headers,
      },
      body: JSON.stringify({ clientId, ...body }),
    })
    const { status, headers: given } = response
    return { status, type: given.get('x-amzn-errortype'), json: (await response.json()) as LoginAnswer }
  }
  return {
    key,
    redirectUri,
    verifier: pair.verifier,
    /** The address that it opens in the browser. */
    address: (more: Record<string, string> = {}) =>
      `${endpoint}/v1/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        state: 'the-state',
        code_challenge_method: 'SHA-256',
        scope: 'openid',
        redirect_uri: redirectUri,
        code_challenge: pair.challenge,
        ...more,
      })}`,
    token,
    exchange: (code: string, more: object = {}, headers?: Record<string, string>) =>
      token(
        { grantType: 'authorization_code', code, codeVerifier: pair.verifier, redirectUri, ...more },
        headers,
      ),
    refresh: (refreshToken: string, more: object = {}, headers?: Record<string, string>) =>
      token({ grantType: 'refresh_token', refreshToken, ...more }, headers),
  }
}

/** What an agent is answered at `/v1/token`. */
export interface AgentAnswer {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly refresh_token: string
  readonly id_token: string
  readonly error?: string
  readonly error_description?: string
}

/** A program that registers itself and asks for tokens as RFCs write it. */
export async function agentTool(
  endpoint: string,
  resource = 'https://aws-mcp.us-east-1.api.aws/mcp',
  more: object = {},
) {
  const redirectUri = 'http://127.0.0.1:50200/callback'
  const registered = await fetch(`${endpoint}/v1/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [redirectUri], client_name: 'an agent', ...more }),
  })
  const { client_id: clientId = '' } = (await registered.json()) as { client_id?: string }
  const pair = pkce()
  /** The calls of the program at a node. */
  const at = (node: string) => {
    const token = async (fields: Record<string, string | undefined>, type?: 'json') => {
      const all = { client_id: clientId, resource, ...fields }
      const given = Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
      )
      const isJson = type === 'json'
      const answer = await fetch(`${node}/v1/token`, {
        method: 'POST',
        headers: { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' },
        body: isJson ? JSON.stringify(given) : new URLSearchParams(given).toString(),
      })
      return { status: answer.status, json: (await answer.json()) as AgentAnswer }
    }
    const { verifier: code_verifier } = pair
    const first = { grant_type: 'authorization_code', code_verifier, redirect_uri: redirectUri }
    return {
      exchange: (code: string, fields: Record<string, string | undefined> = {}, type?: 'json') =>
        token({ ...first, code, ...fields }, type),
      refresh: (refreshToken: string, fields: Record<string, string | undefined> = {}) =>
        token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...fields }),
    }
  }
  return {
    clientId,
    redirectUri,
    verifier: pair.verifier,
    at,
    ...at(endpoint),
    address: (query: Record<string, string> = {}) =>
      `${endpoint}/v1/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        state: 'the-state',
        code_challenge_method: 'S256',
        redirect_uri: redirectUri,
        code_challenge: pair.challenge,
        resource,
        ...query,
      })}`,
  }
}

/** A browser of a person that is signed in: it posts the page's forms. @param kept the cookie and its half */
export function person(endpoint: string, kept: { readonly cookie: string; readonly half: string }) {
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${endpoint}/signin/authorize`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: endpoint,
        cookie: kept.cookie,
        ...headers,
      },
      body: new URLSearchParams({ half: kept.half, ...fields }).toString(),
    })
  const open = async (address: string) => {
    const first = await fetch(address, { redirect: 'manual' })
    const location = first.headers.get('location') ?? ''
    return new URL(location, endpoint).searchParams.get('r') ?? ''
  }
  return {
    post,
    open,
    /** Opens an address of a tool and decides; returns where the answer leads. */
    async decide(address: string, decision = 'allow-person') {
      const answer = await post({ r: await open(address), decision })
      return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') ?? '' }
    },
    async code(address: string, decision?: string) {
      return new URL((await this.decide(address, decision)).to).searchParams.get('code') ?? ''
    },
  }
}

/** Writes the profile and the cache of a login that is about to end, as the AWS CLI does. */
export async function loginProfile(session: string, first: LoginAnswer, dpopKey: string) {
  const folder = await mkdtemp(join(tmpdir(), 'omen-login-'))
  const file = join(folder, `${createHash('sha256').update(session).digest('hex')}.json`)
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const accessToken = { ...first.accessToken, accountId: session.split(':')[4], expiresAt }
  const { tokenType, refreshToken, idToken } = first
  const clientId = `${devtools}/same-device`
  await writeFile(file, JSON.stringify({ accessToken, tokenType, clientId, refreshToken, idToken, dpopKey }))
  const config = join(folder, 'config')
  await writeFile(config, `[profile me]\nlogin_session = ${session}\nregion = us-east-1\n`)
  process.env.AWS_LOGIN_CACHE_DIRECTORY = folder
  return { config, file }
}
