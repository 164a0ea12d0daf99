import type { Dependencies } from '../authorization/index.ts'
import {
  accountInArn,
  Fault,
  type HttpRequest,
  type HttpResponse,
  isoSeconds,
  presentTime,
  uuid,
} from '../base/index.ts'
import type { RolesAnywhere } from '../model/index.ts'
import { isSignedByX509, x509Signer } from '../wire/sigv4/index.ts'
import { firstAccount } from './center.ts'
import { originOf } from './route/permission.ts'

const bodyMost = 64 * 1024

/** Returns whether a request is CreateSession of IAM Roles Anywhere: it has a signature of its own kind. */
export function isX509Session(request: Pick<HttpRequest, 'method' | 'rawPath' | 'headers'>): boolean {
  return request.method === 'POST' && request.rawPath === '/sessions' && isSignedByX509(request)
}

/** CreateSession: the signature is verified here, and the operation does the rest (behaviour RAN-10). */
export async function answerX509(request: HttpRequest, deps: Dependencies): Promise<HttpResponse> {
  const id = uuid(deps.random)
  try {
    const signer = x509Signer(request, presentTime(deps.clock, deps.clock.now()))
    if (typeof signer === 'string') throw new Fault('AccessDeniedException', signer, 403)
    const input = inputOf(request)
    // few servers are asked for it: a start does not load it
    const { signedBy } = await import('../services/rolesanywhere/index.ts')
    signedBy(input, signer)
    const owner = accountInArn(input.trustAnchorArn)
    const account = (owner && (await deps.directory.find(owner))) ?? (await firstAccount(deps))
    const output = (await deps.perform({
      service: 'rolesanywhere',
      operation: 'CreateSession',
      input,
      caller: { kind: 'anonymous', account: account.id },
      account,
      origin: originOf(request),
      region: signer.region,
    })) as RolesAnywhere.CreateSessionResponse // the operation's
    return json(201, written(output), id)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message, status } = error
    return json(status ?? 400, { message }, id, code)
  }
}

/** Names of the members of a request, for an operation of any API. */
type SessionInput = RolesAnywhere.CreateSessionRequest & Readonly<Record<string, unknown>>

/** The helper of AWS sends names in the query and the rest in JSON; documents say all in JSON. @throws Fault */
function inputOf({ rawQuery, body }: HttpRequest): SessionInput {
  if (body.length > bodyMost) throw invalid('The request is too long.')
  const given = new Map<string, unknown>(new URLSearchParams(rawQuery))
  if (body.length > 0) {
    let parsed: unknown
    try {
      parsed = JSON.parse(Buffer.from(body).toString('utf8'))
    } catch {
      throw invalid('The body is no JSON.')
    }
    if (typeof parsed !== 'object' || parsed === null) throw invalid('The body is no object.')
    for (const [key, value] of Object.entries(parsed)) given.set(key, value)
  }
  const text = (name: string): string => {
    const value = given.get(name)
    if (typeof value === 'string' && value.length <= 1_011) return value
    throw invalid(`${name} is required.`)
  }
  const seconds = given.get('durationSeconds')
  const duration = seconds === undefined || seconds === null ? undefined : Number(seconds)
  if (duration !== undefined && !(Number.isInteger(duration) && duration >= 900 && duration <= 43_200))
    throw invalid('durationSeconds must be from 900 to 43200.')
  const name = given.get('roleSessionName')
  const isNamed = name !== undefined && name !== null && name !== ''
  if (isNamed && !(typeof name === 'string' && /^[\w+=,.@-]{2,64}$/.test(name)))
    throw invalid('roleSessionName is not valid.')
  return {
    profileArn: text('profileArn'),
    roleArn: text('roleArn'),
    trustAnchorArn: text('trustAnchorArn'),
    ...(duration !== undefined && { durationSeconds: duration }),
    ...(isNamed && { roleSessionName: String(name) }),
  }
}

function written({ credentialSet = [], subjectArn }: RolesAnywhere.CreateSessionResponse) {
  return {
    credentialSet: credentialSet.map(({ credentials, ...rest }) => ({
      ...rest,
      credentials: { ...credentials, expiration: isoSeconds(credentials?.expiration ?? 0) },
    })),
    subjectArn,
  }
}

function invalid(message: string): Fault {
  return new Fault('ValidationException', message, 400)
}

function json(status: number, value: object, id: string, code?: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': id,
      ...(code !== undefined && { 'x-amzn-errortype': code }),
    },
    body: JSON.stringify(value),
  }
}
