import type { HttpRequest } from '../../base/index.ts'
import { isProblem, readClaim } from '../../wire/sigv4/index.ts'

const headerScope = /Credential=[^/,\s]+\/\d{8}\/(?:[^/,\s]+\/)?([^/,\s]+)\/aws4_request/
const queryScope =
  /(?:^|&)X-Amz-Credential=[^&]*?(?:%2F|\/)\d{8}(?:%2F|\/)(?:[^&/%]+(?:%2F|\/))?([^&/%]+)(?:%2F|\/)aws4_request/i

/**
 * The service in a request's credential scope. It breaks ties between routes and never makes a route (behaviour
 * GRD-3). An unreadable signature, which will be refused, gives the service that it seems to mean.
 */
export function scopeOf(request: HttpRequest): string | undefined {
  const claim = readClaim(request)
  if (!isProblem(claim)) return claim.service
  const { authorization = '' } = request.headers
  if (/^AWS [\w+=/-]+:/.test(authorization) || /(?:^|&)AWSAccessKeyId=/.test(request.rawQuery)) return 's3'
  return headerScope.exec(authorization)?.[1] ?? queryScope.exec(request.rawQuery)?.[1]
}
