import { type Clock, type HttpRequest, type HttpResponse, Secret } from '../base/index.ts'
import { signedHeaders } from '../wire/sigv4/index.ts'
import { serviceOf } from './service-of.ts'

/** Credentials in the form of every AWS SDK. */
export interface ClientCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A request from the AWS SDK for JavaScript. */
export interface SdkRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A response for the AWS SDK for JavaScript. */
export interface SdkResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/** Options of `fetch` beside the standard ones. */
export interface FetchOptions extends RequestInit {
  /** The signing name of the service. Default: read from the host (`iam.amazonaws.com`) or the X-Amz-Target header. */
  readonly service?: string
  /** Default: the region in the host, otherwise the one of the partition's global services. */
  readonly region?: string
}

/** Addresses without a host are paths of the server itself. */
const base = 'http://localhost'

/** Passes requests to Omen within the process: no socket, no port. */
export class InProcess {
  readonly #answer: (request: HttpRequest) => Promise<HttpResponse>
  readonly #clock: Clock

  /** The region of calls that name none. */
  readonly #region: string

  constructor(answer: (request: HttpRequest) => Promise<HttpResponse>, clock: Clock, region: string) {
    this.#region = region
    this.#answer = answer
    this.#clock = clock
  }

  /** The `requestHandler` of any AWS SDK for JavaScript (v3) client. */
  readonly handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request: SdkRequest): Promise<{ response: SdkResponse }> => {
      const { status, headers, body } = await this.#answer({
        method: request.method,
        rawPath: request.path,
        rawQuery: queryOf(request.query ?? {}),
        headers: lowered(request.headers),
        body: await bytesOf(request.body),
        remoteAddress: '127.0.0.1',
        secure: request.protocol === 'https:',
      })
      return { response: { statusCode: status, headers, body: Buffer.from(body) } }
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
    destroy(): void {},
  }

  /**
   * The standard `fetch`, signed with the credentials (Signature Version 4) and answered by Omen. @throws TypeError if
   * the service cannot be read from the address
   */
  async send(
    input: string | URL | Request,
    options: FetchOptions,
    credentials: ClientCredentials,
  ): Promise<Response> {
    const { service, region, ...init } = options
    const request = new Request(typeof input === 'string' ? new URL(input, base) : input, init)
    const url = new URL(request.url)
    const target = serviceOf(url, request.headers.get('x-amz-target') ?? undefined)
    const signing = service ?? target?.service
    if (signing === undefined)
      throw new TypeError(`name the service of ${url.href}: fetch(url, { service: … })`)
    const unsigned = {
      method: request.method,
      rawPath: url.pathname,
      rawQuery: url.search.slice(1),
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      body: new Uint8Array(await request.arrayBuffer()),
    }
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const signer = {
      accessKeyId,
      secret: new Secret(secretAccessKey),
      region: region ?? target?.region ?? this.#region,
      service: signing,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    }
    const headers = signedHeaders(unsigned, signer, this.#clock.now())
    const secure = url.protocol === 'https:'
    const answer = await this.#answer({ ...unsigned, headers, remoteAddress: '127.0.0.1', secure })
    const body = hasNoBody(answer.status) ? null : new Uint8Array(Buffer.from(answer.body))
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
}

/** Statuses whose Response must not have a body. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}

/** Returns the query as the SDK's own handlers write it: keys sorted, all reserved characters of RFC 3986 escaped. */
function queryOf(query: NonNullable<SdkRequest['query']>): string {
  const parts: string[] = []
  for (const key of Object.keys(query).sort()) {
    const value = query[key]
    if (typeof value === 'string') parts.push(`${escaped(key)}=${escaped(value)}`)
    else if (value === null || value === undefined) parts.push(escaped(key))
    else for (const each of value) parts.push(`${escaped(key)}=${escaped(each)}`)
  }
  return parts.join('&')
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  if (isStream(body)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    return Buffer.concat(chunks)
  }
  throw new TypeError('a request body is text, bytes or a stream')
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
