import assert from 'node:assert/strict'
import { Fault, type HttpRequest } from '../../packages/server/src/base/index.ts'
import { loadModel, type ServiceId } from '../../packages/server/src/model/index.ts'
import { createWire, type Route } from '../../packages/server/src/wire/index.ts'

const ids: readonly ServiceId[] = ['iam', 'sts', 'cloudtrail', 'organizations', 'ec2', 'lambda']

export const wire = createWire(ids.map(loadModel))

/** A request to nowhere in particular. */
export function request(
  parts: Partial<Omit<HttpRequest, 'body'>> & { readonly body?: string | Uint8Array },
): HttpRequest {
  return {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: {},
    remoteAddress: '127.0.0.1',
    secure: false,
    ...parts,
    body: Buffer.from(parts.body ?? ''),
  }
}

/** A query request as SDKs send it. */
export function form(body: string | Uint8Array): HttpRequest {
  return request({ headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body })
}

/** An awsJson request. */
export function json(target: string, body: string | Uint8Array): HttpRequest {
  return request({ headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }, body })
}

/** The route of a request that has one. */
export function routeOf(received: HttpRequest): Route {
  const identified = wire.identify(received)
  if ('fault' in identified) assert.fail(`${identified.fault.code}: ${identified.fault.message}`)
  return identified.route
}

/** The input that a request carries. */
export function inputOf(received: HttpRequest): Record<string, unknown> {
  return wire.parse(routeOf(received), received)
}

/** The fault with which a request is refused, at whichever step, as code, status and message; and the bytes. */
export function refusalOf(received: HttpRequest): {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly body: string
} {
  const identified = wire.identify(received)
  let fault: Fault
  if ('fault' in identified) fault = identified.fault
  else {
    try {
      const input = wire.parse(identified.route, received)
      assert.fail(`was read as ${JSON.stringify(input)}`)
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      fault = thrown
    }
  }
  const to = 'fault' in identified ? identified.dialect : identified.route
  const { status, body } = wire.serializeFault(to, fault, 'request-1')
  return { code: fault.code, status, message: fault.message, body: String(body) }
}
