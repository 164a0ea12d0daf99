import type { Fault, HttpResponse, RequestHead } from '../base/index.ts'
import { createWire, type Dialect, dialectOfProtocol } from '../wire/index.ts'
import type { CallProtocol } from './catalogue/index.ts'

const { serializeFault } = createWire([])

/** The recipient of a fault, which decides how the fault is written. */
export interface Addressee {
  readonly protocol: CallProtocol
  /** The SDKs' name of the service, if known. */
  readonly service: string | undefined
  readonly head: RequestHead
}

/** A fault in the form of the service that was called (behaviour GRD-71). */
export function writeFault(
  { protocol, service, head }: Addressee,
  fault: Fault,
  requestId: string,
): HttpResponse {
  if (protocol === 'rpcV2Cbor') return cborFault(fault, requestId)
  const response = serializeFault(dialectFor(protocol, service), fault, requestId)
  if (service === 's3') response.headers['x-amz-id-2'] = requestId
  // services that moved on from the query protocol still send its clients the old code
  if (head.headers['x-amzn-query-mode'] === 'true') {
    const code = fault.code === 'AccessDeniedException' ? 'AccessDenied' : fault.code
    response.headers['x-amzn-query-error'] = `${code};${response.status < 500 ? 'Sender' : 'Receiver'}`
  }
  return response
}

/** Only S3 writes a bare Error; the other services of its protocol wrap it as the query protocol does. */
function dialectFor(protocol: Exclude<CallProtocol, 'rpcV2Cbor'>, service: string | undefined): Dialect {
  return protocol === 'restXml' && service !== undefined && service !== 's3'
    ? 'query'
    : dialectOfProtocol(protocol)
}

function cborFault({ code, message, status = 400 }: Fault, requestId: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
    },
    body: Buffer.concat([
      Buffer.of(0xa2),
      cborText('__type'),
      cborText(code),
      cborText('message'),
      cborText(message),
    ]),
  }
}

/** A text in CBOR (RFC 8949, 3.1): its length in the shortest form, then its bytes. */
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const { length } = bytes
  const head =
    length < 24
      ? [0x60 | length]
      : length < 0x100
        ? [0x78, length]
        : length < 0x10000
          ? [0x79, length >> 8, length & 0xff]
          : [0x7a, (length >>> 24) & 0xff, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]
  return Buffer.concat([Buffer.from(head), bytes])
}
