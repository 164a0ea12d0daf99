import type { HttpRequest, HttpResponse } from '../../base/index.ts'
import { structureNamed } from '../../model/index.ts'
import { jsonWriters } from '../json/codec.ts'
import type { Route } from '../types.ts'

/** Whether the caller prefers JSON to the XML that query APIs answer in (behaviour WIRE-8). */
export function wantsJson({ headers }: HttpRequest): boolean {
  const accept = headers.accept ?? ''
  return accept.includes('application/json') && !accept.includes('xml')
}

/** The output of an awsQuery operation in JSON: both envelopes, instants in seconds (behaviour WIRE-8). */
export function writeQueryJson(
  { service, operation }: Route,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): HttpResponse {
  const result = operation.output && {
    [operation.resultWrapper ?? `${operation.name}Result`]: jsonWriters(service).structure(
      structureNamed(service, operation.output),
    )(output),
  }
  const response = { ...result, ResponseMetadata: { RequestId: requestId } }
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ [`${operation.name}Response`]: response }),
  }
}
