import type { Fault, HttpResponse } from '../base/index.ts'
import { type ErrorModel, findError } from '../model/index.ts'
import { dialectOf } from './dialect.ts'
import { jsonWriters } from './json/codec.ts'
import type { Dialect, Route } from './types.ts'
import { escapeXml } from './xml/escape.ts'

/** The namespace of query faults outside any service (behaviour WIRE-11). */
const commonNamespace = 'http://webservices.amazon.com/AWSFault/2005-15-09'

/** A fault with the facts from the model, or from the fault itself. */
interface Resolved {
  readonly fault: Fault
  readonly error: ErrorModel | undefined
  readonly status: number
  readonly sender: boolean
}

/** Returns the bytes and status of a fault, in the route's protocol or in a dialect. */
export function writeFault(to: Route | Dialect, fault: Fault, requestId: string): HttpResponse {
  const route = typeof to === 'string' ? undefined : to
  const error = route && findError(route.service, fault.code)
  const status = error?.status ?? fault.status ?? 400
  const resolved: Resolved = { fault, error, status, sender: error?.sender ?? status < 500 }
  switch (dialectOf(to)) {
    case 'query':
      return queryFault(resolved, route?.service.xmlNamespace ?? commonNamespace, requestId)
    case 'queryJson':
      return queryJsonFault(resolved, requestId)
    case 'ec2':
      return ec2Fault(resolved, requestId)
    case 'json10':
      return jsonFault(resolved, route, requestId, 'application/x-amz-json-1.0')
    case 'json11':
      return jsonFault(resolved, route, requestId, 'application/x-amz-json-1.1')
    case 'restJson':
      return restJsonFault(resolved, route, requestId)
    case 'restXml':
      return restXmlFault(resolved, requestId)
  }
}

function queryFault(
  { fault, error, status, sender }: Resolved,
  namespace: string,
  requestId: string,
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body:
      `<ErrorResponse xmlns="${namespace}"><Error><Type>${sender ? 'Sender' : 'Receiver'}</Type>` +
      `<Code>${escapeXml(error?.code ?? fault.code)}</Code>` +
      (fault.message === '' ? '' : `<Message>${escapeXml(fault.message)}</Message>`) + // behaviour RPT-2
      `${xmlMembers(fault)}</Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
  }
}

/** Writes the fault in JSON for a caller that asked for JSON (behaviour WIRE-8). */
function queryJsonFault({ fault, error, status, sender }: Resolved, requestId: string): HttpResponse {
  const Type = sender ? 'Sender' : 'Receiver'
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({
      Error: { Code: error?.code ?? fault.code, Message: fault.message || undefined, Type, ...fault.members },
      RequestId: requestId,
    }),
  }
}

function ec2Fault({ fault, status }: Resolved, requestId: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escapeXml(fault.code)}</Code>` +
      `<Message>${escapeXml(fault.message)}</Message></Error></Errors>` +
      `<RequestID>${escapeXml(requestId)}</RequestID></Response>`,
  }
}

function jsonFault(
  resolved: Resolved,
  route: Route | undefined,
  requestId: string,
  contentType: string,
): HttpResponse {
  const { fault, error, status } = resolved
  const body = { __type: error?.shape ?? fault.code, ...jsonMembers(resolved, route) }
  return {
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  }
}

function restJsonFault(resolved: Resolved, route: Route | undefined, requestId: string): HttpResponse {
  const { fault, error, status, sender } = resolved
  // Lambda's errors name the responsible side in a member of their own.
  const type = error?.structure.members.Type && { Type: sender ? 'User' : 'Service' }
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error?.shape ?? fault.code,
    },
    body: JSON.stringify({ ...type, ...jsonMembers(resolved, route) }),
  }
}

function restXmlFault({ fault, status }: Resolved, requestId: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(fault.code)}</Code>` +
      `<Message>${escapeXml(fault.message)}</Message>${xmlMembers(fault)}` +
      `<RequestId>${escapeXml(requestId)}</RequestId></Error>`,
  }
}

/** Returns the fault's other members; in the query and REST-XML protocols they are plain texts. */
function xmlMembers(fault: Fault): string {
  let xml = ''
  for (const [name, value] of Object.entries(fault.members)) {
    if (value !== undefined) xml += `<${name}>${escapeXml(String(value))}</${name}>`
  }
  return xml
}

/** Returns the message, under the name from the model or the family's own, and the fault's other members. */
function jsonMembers({ fault, error }: Resolved, route: Route | undefined): Record<string, unknown> {
  const members = error?.structure.members ?? {}
  const declared = Object.keys(members).find((name) => name.toLowerCase() === 'message')
  const message = declared ?? (fault.code === 'AccessDeniedException' ? 'Message' : 'message')
  const more =
    error && route ? jsonWriters(route.service).structure(error.structure)(fault.members) : fault.members
  return { ...more, [message]: fault.message }
}
