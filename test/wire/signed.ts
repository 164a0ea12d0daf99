import type { ClientCredentials, RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

/** A request to an API for which no SDK is installed. */
export interface Signed {
  readonly service: string
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH'
  readonly path?: string
  readonly target?: string
  readonly body?: object
  readonly who?: Pick<ClientCredentials, 'accessKeyId' | 'secretAccessKey'> & {
    readonly sessionToken?: string
  }
  readonly region?: string
}

/** Any members of an answer: tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
export type AnyAnswer = any

/** Sends a signed request in JSON; the answer's members, its status and the name of its error. */
export async function signed(omen: RunningOmen, given: Signed): Promise<AnyAnswer> {
  const { method = 'POST', path = '/', service, target } = given
  const who: NonNullable<Signed['who']> = given.who ?? omen.keys.admin
  const url = new URL(path, omen.endpoint)
  const body = given.body === undefined ? '' : JSON.stringify(given.body)
  const headers = {
    host: url.host,
    'content-type': target === undefined ? 'application/json' : 'application/x-amz-json-1.1',
    ...(target !== undefined && { 'x-amz-target': target }),
  }
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers,
    body: Buffer.from(body),
  }
  const signer = {
    accessKeyId: who.accessKeyId,
    secret: new Secret(who.secretAccessKey),
    region: given.region ?? 'us-east-1',
    service,
    ...(who.sessionToken !== undefined && { sessionToken: who.sessionToken }),
  }
  const { host: _, ...own } = signedHeaders(request, signer, omen.clock.now())
  const response = await fetch(url, { method, headers: own, ...(body !== '' && { body }) })
  const text = await response.text()
  const error = response.headers.get('x-amzn-errortype')?.split(':')[0]
  return { status: response.status, ...(error !== undefined && { error }), ...JSON.parse(text || '{}') }
}
