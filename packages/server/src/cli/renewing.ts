import { type Clock, type HttpRequest, type HttpResponse, Secret, systemRandom } from '../base/index.ts'
import { listen } from '../workload/index.ts'
import type { RoleSession } from './become.ts'
import { ServiceRefusal } from './failure.ts'
import { messageOf } from './home.ts'

/** A role that is put on again before its credentials end. */
export interface Renewing {
  /** The path at which AWS clients ask for credentials, as in a container. */
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

const path = '/credentials'
/** SDKs begin to refresh fifteen minutes before the end; the credentials that they get then should be new. */
const earliest = 20 * 60_000

/**
 * Opens an address on loopback from which one command gets a role's credentials while it runs. @param first the
 * session that exists already @param again assumes the role once more
 */
export async function openRenewing(
  first: RoleSession,
  again: () => Promise<RoleSession>,
  clock: Clock,
): Promise<Renewing> {
  const token = new Secret(Buffer.from(systemRandom.bytes(32)).toString('base64url'))
  let session = Promise.resolve(first)
  let renewAt = renewalOf(first, clock.now())
  const current = (): Promise<RoleSession> => {
    if (clock.now() < renewAt) return session
    // requests that arrive meanwhile get the same answer
    renewAt = Number.POSITIVE_INFINITY
    session = again()
    session.then(
      (next) => {
        renewAt = renewalOf(next, clock.now())
      },
      () => {
        renewAt = 0 // the next one tries again
      },
    )
    return session
  }
  const listener = await listen((request) => answer(request, token, current))
  return {
    variables: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: listener.url + path,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token.reveal(),
    },
    close: () => listener.close(),
  }
}

/** At half the credentials' life, or twenty minutes before its end, whichever is later. */
function renewalOf({ expiration }: RoleSession, now: number): number {
  const ends = Date.parse(expiration)
  return ends - Math.min((ends - now) / 2, earliest)
}

async function answer(
  request: HttpRequest,
  token: Secret,
  current: () => Promise<RoleSession>,
): Promise<HttpResponse> {
  if (request.rawPath !== path) return problem(404, 'NotFound', `Only ${path} is answered here.`)
  if (request.method !== 'GET') return problem(405, 'MethodNotAllowed', 'Only GET is answered here.')
  if (!token.equals(request.headers.authorization ?? ''))
    return problem(403, 'AccessDenied', 'Authorization does not match.')
  try {
    const { keys, expiration } = await current()
    return json(200, {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      Token: keys.sessionToken,
      Expiration: expiration,
    })
  } catch (error) {
    return error instanceof ServiceRefusal
      ? problem(403, error.code, error.message)
      : problem(503, 'ServiceUnavailable', messageOf(error))
  }
}

function problem(status: number, code: string, message: string): HttpResponse {
  return json(status, { code, message })
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
