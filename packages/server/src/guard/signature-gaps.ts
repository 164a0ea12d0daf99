import { Fault, type HttpRequest } from '../base/index.ts'
import { isProblem, readClaim } from '../wire/sigv4/index.ts'

/** Headers whose values the signature covers in another place than its list of headers. */
const covered: ReadonlySet<string> = new Set(['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'])

/**
 * Refuses what somebody added to a signed request on its way: of S3 any x-amz- header that its signature leaves out,
 * of presigned requests such headers of any service (behaviour GRD-24); and URLs that are signed in the old way,
 * which would else pass for not signed at all (behaviour GRD-26).
 * @throws Fault in S3's words
 */
export function refuseSignatureGaps(request: HttpRequest, signingName: string): void {
  if (/(?:^|&)(?:AWSAccessKeyId|Signature)=/i.test(request.rawQuery) && signingName.startsWith('s3'))
    throw new Fault(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      400,
    )
  const claim = readClaim(request)
  if (isProblem(claim) || (claim.form === 'header' && !signingName.startsWith('s3'))) return
  const added: string[] = []
  for (const name in request.headers)
    if (name.startsWith('x-amz-') && !covered.has(name) && !claim.signedHeaders.includes(name))
      added.push(name)
  if (added.length === 0) return
  throw new Fault('AccessDenied', 'There were headers present in the request which were not signed', 403, {
    HeadersNotSigned: added.join(', '),
  })
}
