import { type HttpRequest, type HttpResponse, perObject } from '../../base/index.ts'
import { type ServiceModel, structureNamed } from '../../model/index.ts'
import { JsonWriters } from '../json/write.ts'
import type { Route } from '../types.ts'

/** Returns whether the caller prefers JSON to the XML of query APIs (behaviour WIRE-8). */
export function wantsJson({ headers }: HttpRequest): boolean {
  const accept = headers.accept ?? ''
  return accept.includes('application/json') && !accept.includes('xml')
}

/** The output of an awsQuery operation in JSON: both envelopes, instants in whole seconds (behaviour WIRE-8). */
export function writeQueryJson(
  { service, operation }: Route,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): HttpResponse {
  const result = operation.output && {
    [operation.resultWrapper ?? `${operation.name}Result`]: writersOf(service).structure(
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

/** Clients read instants as whole numbers: AWS writes no fraction. */
const writersOf = perObject((service: ServiceModel) => new JsonWriters(service, true))
