import { Secret, systemClock } from '../base/index.ts'
import type { PlainKey } from '../gate/index.ts'
import { signedHeaders } from '../wire/sigv4/index.ts'
import { CommandFailure, exitCodes, ServiceRefusal } from './failure.ts'
import { defaultRegion, type Home, messageOf, type RunningServer } from './home.ts'
import { typed } from './own-command.ts'

/** The credentials of a request: a long-term key, or a session's. */
export interface Keys extends PlainKey {
  readonly sessionToken?: string
}

/** A request before it is signed. */
export interface Unsigned {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** The service's signing name. */
  readonly service: string
  /** The region of the call; that of the home if absent. */
  readonly region?: string
  /** Milliseconds to wait for the answer. Default: 30 seconds. */
  readonly patience?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const defaultPatience = 30_000

/** The server that this home's commands call. @throws CommandFailure if none runs */
export function runningServer(home: Home): RunningServer {
  const server = home.readServer()
  if (server === undefined)
    throw new CommandFailure(
      `no server runs on the home ${home.folder}: ${typed('start', home)}`,
      exitCodes.other,
    )
  return server
}

/**
 * Calls the server's own API under /_omen/, signed with the key. @throws CommandFailure if the server cannot be
 * reached or refuses
 */
export async function callServer(
  server: Pick<RunningServer, 'url' | 'partition'>,
  method: 'GET' | 'POST',
  path: string,
  keys: Keys,
  body?: unknown,
  options: Pick<Unsigned, 'patience'> = {},
): Promise<unknown> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await sendSigned(server, keys, { method, path, service: 'omen', ...text, ...options })
  const answer = jsonOf(response.text)
  if (response.ok) return answer
  const decision = memberOf(answer, 'decision')
  const why = decision === undefined ? '' : `\n${whyRefused(path, decision)}`
  const error = memberOf(answer, 'error') ?? memberOf(answer, 'message') ?? response.statusText
  throw new ServiceRefusal(memberOf(answer, 'code') ?? '', `${error}${why}`)
}

/** How the reason for a refusal is read. Who may not read decisions may not read that one either (behaviour GRD-625). */
function whyRefused(path: string, decision: string): string {
  const id = /^\/_omen\/(?:api\/)?decisions\/(d-\w+)/.exec(path)?.[1]
  if (!/^\/_omen\/(?:api\/)?(?:decisions|cases)/.test(path)) return `say why: omen why ${decision}`
  return `who has this permission, and the owner of the server, can ask: omen why ${id ?? ''}`.trimEnd()
}

/** An answer that arrived whole. */
export interface Answer extends Pick<Response, 'ok' | 'status' | 'statusText' | 'headers'> {
  readonly text: string
}

/** Sends a signed request to the server. @throws CommandFailure if no whole answer arrives */
export async function sendSigned(
  server: Pick<RunningServer, 'url' | 'partition'>,
  keys: Keys,
  unsigned: Unsigned,
): Promise<Answer> {
  const { method, body = '' } = unsigned
  const url = new URL(unsigned.path, server.url)
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { ...unsigned.headers, host: url.host },
    body: Buffer.from(body),
  }
  const { accessKeyId, sessionToken } = keys
  const signer = {
    accessKeyId,
    secret: new Secret(keys.secretAccessKey),
    region: unsigned.region ?? defaultRegion(server),
    service: unsigned.service,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  const { host: _, ...headers } = signedHeaders(request, signer, systemClock.now())
  const signal = AbortSignal.timeout(unsigned.patience ?? defaultPatience)
  try {
    const response = await fetch(url, { method, headers, signal, ...(body === '' ? {} : { body }) })
    const { ok, status, statusText } = response
    return { ok, status, statusText, headers: response.headers, text: await response.text() }
  } catch (error) {
    throw unanswered(server.url, error)
  }
}

/** The failure that nothing answers at the address of this home's server; what answers too late may still be there. */
export function unanswered(url: string, error: unknown): CommandFailure {
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  const says = isLate
    ? `${url} does not answer in time: it may be busy`
    : `${url} does not answer (${messageOf(error)}): ${typed('start')}`
  return new CommandFailure(says, exitCodes.other)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(answer: unknown, name: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const value: unknown = Object.entries(answer).find(([key]) => key === name)?.[1]
  return value === undefined ? undefined : String(value)
}
