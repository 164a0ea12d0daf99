import { AwsV4Signer } from 'aws4fetch'
import { type Credentials, identities } from './identity.ts'
import { formOf, parseXml, type XmlValue } from './query-protocol.ts'

/** Codes of sessions that are over: of AWS's protocols, and of the API under /_omen/. */
const ended = new Set([
  ...['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'UnrecognizedClientException'],
  ...['expiredToken', 'invalidToken', 'unknownKey'],
])

/** An error that a call answered, in AWS's own words. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  /** The id of the decision that refused the call; undefined if no policy was asked. */
  readonly decision: string | undefined
  constructor(code: string, message: string, status: number, decision: string | undefined) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.decision = decision
  }

  /** The code in words; undefined if the answer has only a status. */
  get title(): string | undefined {
    return this.code === String(this.status) ? undefined : this.code
  }

  get isDenial(): boolean {
    return /^(?:AccessDenied(?:Exception)?|UnauthorizedOperation|Client\.UnauthorizedOperation)$/.test(
      this.code,
    )
  }

  /** The session that signed the call is over. */
  get isExpired(): boolean {
    return ended.has(this.code)
  }
}

/** The server did not answer: it stopped, or the network failed. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

const whenLost = new Set<() => void>()

/** Calls `listener` whenever a call finds that the server does not answer. */
export function onUnreachable(listener: () => void): () => void {
  whenLost.add(listener)
  return () => whenLost.delete(listener)
}

/** Nobody is signed in. */
export class NotSignedIn extends Error {
  override readonly name = 'NotSignedIn'
}

const regions: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }

/** The partition of the signed-in principal. */
export function partitionHere(): string {
  return identities.current?.arn.split(':', 2)[1] ?? 'aws'
}

/** The region of IAM in the partition, to which all calls go (behaviour PAR-5). */
function regionHere(): string {
  return regions[partitionHere()] ?? 'us-east-1'
}

/** Versions of the query APIs. */
const versions = { iam: '2010-05-08', sts: '2011-06-15', ec2: '2016-11-15' } as const

/** Calls an API of the query protocol: IAM, STS, EC2. @throws AwsError, Unreachable, NotSignedIn */
export async function query(
  service: keyof typeof versions,
  action: string,
  input: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<XmlValue> {
  const style = service === 'ec2' ? 'ec2' : 'query'
  const body = formOf({ Action: action, Version: versions[service], ...input }, style)
  const response = await send(
    service,
    '/',
    { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    options,
  )
  const answer = parseXml(await response.text())
  if (!response.ok) throw noted(xmlError(answer, response), options)
  const inner = answer.child(`${action}Result`)
  return inner.exists ? inner : answer
}

/** Calls an API of a JSON protocol by its target: Organizations, CloudTrail. @throws AwsError, Unreachable, NotSignedIn */
export async function json<T>(
  service: 'organizations' | 'cloudtrail',
  action: string,
  input: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<T> {
  const target = {
    organizations: 'AWSOrganizationsV20161128',
    cloudtrail: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  }[service]
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${action}` }
  const response = await send(service, '/', { method: 'POST', body: JSON.stringify(input), headers }, options)
  return answerOf<T>(response, options)
}

/** Calls an API of the REST protocol with JSON: Lambda. @throws AwsError, Unreachable, NotSignedIn */
export async function rest<T>(
  service: 'lambda' | 'omen',
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  input?: Readonly<Record<string, unknown>>,
  options: CallOptions = {},
): Promise<T> {
  const body = input === undefined ? {} : { body: JSON.stringify(input) }
  const response = await send(
    service,
    path,
    { method, headers: { 'content-type': 'application/json' }, ...body },
    options,
  )
  return answerOf<T>(response, options)
}

/** Calls the small API under /_omen/ for what AWS has no API for. @throws AwsError, Unreachable, NotSignedIn */
export async function omen<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  input?: Readonly<Record<string, unknown>>,
  options: CallOptions = {},
): Promise<T> {
  const body = input === undefined ? {} : { body: JSON.stringify(input) }
  const response = await send('omen', path, { method, ...body }, options)
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as T // the route's own answer
  const { code, error, decision } = (answer ?? {}) as { code?: string; error?: string; decision?: string }
  throw noted(
    new AwsError(code ?? String(response.status), error ?? response.statusText, response.status, decision),
    options,
  )
}

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Other credentials than this tab's. */
  readonly as?: Credentials
}

interface Init {
  readonly method: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** How far the server's clock is ahead of this one. Milliseconds. */
let skew = 0
/** A skew below this does no harm to a signature. Milliseconds. */
const harmless = 60_000

async function send(service: string, path: string, init: Init, options: CallOptions): Promise<Response> {
  const response = await sendOnce(service, path, init, options)
  if (response.status !== 403 && response.status !== 401) return response
  const measured = Date.parse(response.headers.get('date') ?? '') - Date.now()
  if (Number.isNaN(measured) || Math.abs(measured - skew) < harmless) return response
  skew = measured
  return sendOnce(service, path, init, options)
}

async function sendOnce(
  service: string,
  path: string,
  init: Init,
  { signal, as }: CallOptions,
): Promise<Response> {
  const credentials = as ?? identities.current?.credentials
  if (credentials === undefined) throw new NotSignedIn('Nobody is signed in.')
  const url = new URL(path, location.origin)
  const datetime = new Date(Date.now() + skew).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const signer = new AwsV4Signer({
    ...init,
    url: url.href,
    service,
    region: regionHere(),
    datetime,
    ...credentials,
  })
  const signed = await signer.sign()
  try {
    return await fetch(signed.url, {
      method: init.method,
      headers: signed.headers,
      cache: 'no-store',
      credentials: 'omit',
      ...(init.body === undefined ? {} : { body: init.body }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    for (const listener of whenLost) listener()
    throw new Unreachable('The server does not answer.')
  }
}

/** Notes where the error says that the session of this tab is over. */
function noted(error: AwsError, { as }: CallOptions): AwsError {
  if (error.isExpired && as === undefined) identities.end()
  return error
}

async function answerOf<T>(response: Response, options: CallOptions): Promise<T> {
  const text = await response.text()
  const answer: unknown = text === '' ? {} : JSON.parse(text)
  if (response.ok) return answer as T // the operation's own answer
  const { __type, message, Message, Code } = answer as Record<string, string | undefined>
  const named = __type ?? response.headers.get('x-amzn-errortype') ?? Code ?? String(response.status)
  const code = named.slice(named.indexOf('#') + 1).split(':')[0] ?? named
  throw noted(
    new AwsError(code, message ?? Message ?? response.statusText, response.status, decisionOf(response)),
    options,
  )
}

function xmlError(answer: XmlValue, response: Response): AwsError {
  const error = answer.find('Error')
  return new AwsError(
    error.text('Code') || String(response.status),
    error.text('Message') || response.statusText,
    response.status,
    decisionOf(response),
  )
}

function decisionOf({ headers }: Response): string | undefined {
  return headers.get('x-omen-decision-id') ?? undefined
}
