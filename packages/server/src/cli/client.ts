import { Secret, systemClock } from '../base/index.ts'
import type { PlainKey } from '../gate/index.ts'
import { signedHeaders } from '../wire/sigv4/index.ts'
import { CommandFailure, exitCodes } from './failure.ts'
import { type Home, messageOf, type RunningServer } from './home.ts'

/** The server that this home's other commands talk to. @throws CommandFailure where none runs */
export function runningServer(home: Home): RunningServer {
  const server = home.readServer()
  if (server === undefined)
    throw new CommandFailure(`no server runs on the home ${home.folder}: omen start`, exitCodes.other)
  return server
}

/** Calls the house's own API under /_omen/, signed with the key. @throws CommandFailure where it cannot be reached or refuses */
export async function callHouse(
  server: RunningServer,
  method: 'GET' | 'POST',
  path: string,
  key: PlainKey,
  body?: unknown,
): Promise<unknown> {
  const url = new URL(path, server.url)
  const text = body === undefined ? '' : JSON.stringify(body)
  const request = {
    method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: { host: url.host },
    body: Buffer.from(text),
  }
  const signer = {
    accessKeyId: key.accessKeyId,
    secret: new Secret(key.secretAccessKey),
    region: 'us-east-1',
    service: 'omen',
  }
  const { host: _, ...headers } = signedHeaders(request, signer, systemClock.now())
  let response: Response
  try {
    response = await fetch(url, { method, headers, ...(text === '' ? {} : { body: text }) })
  } catch (error) {
    throw new CommandFailure(`${server.url} does not answer: ${messageOf(error)}`, exitCodes.other)
  }
  const answer: unknown = await response.json()
  if (response.ok) return answer
  const message =
    typeof answer === 'object' && answer !== null && 'error' in answer
      ? String(answer.error)
      : response.statusText
  throw new CommandFailure(message, exitCodes.serviceError)
}
