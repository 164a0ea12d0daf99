import type { IncomingMessage } from 'node:http'
import { startReader, type UpstreamServer } from '../support/index.ts'

/** A request as it reaches the upstream: a question of the guard itself, or a call that it let through. */
export interface Reached {
  /** Whose it is, for an upstream that separates accounts: the access key id of the signature. */
  readonly account: string
  readonly region: string
  /** The signing name. */
  readonly service: string
  readonly method: string
  /** Decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The operation of the query and JSON protocols; undefined of the REST protocols. */
  readonly operation?: string
  /** The members of a body in JSON, or the parameters of a form. */
  readonly input: Readonly<Record<string, unknown>>
  /** The call of a row, which the guard let through; otherwise the guard asks. */
  readonly forwarded: boolean
}

/** What the upstream answers: 200 if absent. */
export interface Told {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | object
}

/** The world of a row: undefined where it says nothing. */
export type World = (reached: Reached) => Told | undefined

/** An upstream whose world is replaced for each row. */
export interface RecordedUpstream extends UpstreamServer {
  world: World
  /** All that came since it was emptied. */
  reached: Reached[]
}

/** The header by which a row's own call is known at the upstream. */
export const rowHeader = 'x-recorded-row'

/**
 * An upstream in this process that knows only what the world of a row says. What it says nothing of is a success if it
 * is the row's call, and otherwise an operation that it does not have.
 */
export async function startRecordedUpstream(): Promise<RecordedUpstream> {
  const server = await startReader((incoming, body, outgoing) => {
    const reached = read(incoming, body.toString('utf8'))
    upstream.reached.push(reached)
    const { status = 200, headers = {}, body: text = '' } = upstream.world(reached) ?? otherwise(reached)
    outgoing.writeHead(status, { 'x-reached': 'upstream', ...headers })
    outgoing.end(
      incoming.method === 'HEAD' ? undefined : typeof text === 'string' ? text : JSON.stringify(text),
    )
  })
  const upstream: RecordedUpstream = { ...server, world: () => undefined, reached: [] }
  return upstream
}

function otherwise({ forwarded, operation }: Reached): Told {
  if (forwarded) return operation === undefined ? {} : { body: '{}' }
  return operation === undefined
    ? { status: 404, body: '<Error><Code>NotImplemented</Code></Error>' }
    : { status: 400, body: { __type: 'UnknownOperationException' } }
}

function read({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Reached {
  const [, account = '', region = '', service = ''] =
    /Credential=([^/]*)\/\d+\/([^/]*)\/([^/]*)\//.exec(headers.authorization ?? '') ?? []
  const { pathname, searchParams } = new URL(url, 'http://upstream')
  const target = headers['x-amz-target']
  const form = /urlencoded/.test(headers['content-type'] ?? '') ? new URLSearchParams(body) : undefined
  const operation = typeof target === 'string' ? target.split('.').at(-1) : form?.get('Action')
  return {
    account,
    region,
    service,
    method,
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    ...(typeof operation === 'string' && { operation }),
    input: form === undefined ? membersOf(body) : Object.fromEntries(form),
    forwarded: headers[rowHeader] !== undefined,
  }
}

function membersOf(body: string): Readonly<Record<string, unknown>> {
  if (!body.startsWith('{')) return {}
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}
