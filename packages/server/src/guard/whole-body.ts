import type { HttpRequest } from '../base/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import type { Exchange } from './exchange.ts'
import { callerGone } from './outcome.ts'
import { tooLarge } from './refusals.ts'
import { plainFormType } from './upload/form.ts'

/** The whole body. @throws Fault if the caller breaks off, or it is too long */
export async function wholeBody(exchange: Exchange, bytes: number): Promise<Uint8Array> {
  const body = await exchange.readBody(bytes).catch(() => {
    throw callerGone
  })
  if (body === undefined) throw tooLarge(bytes)
  return body
}

const nothing = new Uint8Array(0)

/**
 * The part of a body that goes on once it was read. A GET and a HEAD have none: an upstream that reads none either would take it for
 * the next request of the connection (behaviour GRD-623).
 */
export function onwardBody({ method, body }: HttpRequest): Uint8Array {
  return method === 'GET' || method === 'HEAD' ? nothing : body
}

/** A body that arrived in chunks is forwarded plain. */
export function wholeHeaders({ head }: Exchange, body: Uint8Array): Record<string, string | undefined> {
  const { headers } = head
  const bodiless =
    body.length === 0 && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  const chunked = headers['x-amz-decoded-content-length'] !== undefined
  return {
    'content-length': bodiless ? undefined : String(body.length),
    ...(chunked && {
      'x-amz-decoded-content-length': undefined,
      'x-amz-trailer': undefined,
      'content-encoding': headers['content-encoding']?.replace(/(?:^|,\s*)aws-chunked\s*/i, '') || undefined,
    }),
  }
}

/** An upload's form is forwarded with its boundary as the only parameter (behaviour GRD-32). */
export function formType({ operation, request }: IdentifiedCall): Record<string, string> {
  const type = request.headers['content-type']
  return operation === 'PostObject' && type !== undefined ? { 'content-type': plainFormType(type) } : {}
}

/** A body that was unpacked is forwarded without its encoding header (behaviour GRD-43). */
export function plainEncoding({ request }: IdentifiedCall, body: Uint8Array): Record<string, undefined> {
  const isPacked = body[0] === 0x1f && body[1] === 0x8b
  return request.headers['content-encoding'] === 'gzip' && !isPacked ? { 'content-encoding': undefined } : {}
}
