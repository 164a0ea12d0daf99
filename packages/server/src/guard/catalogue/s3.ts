import type { ContextKeys } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import { isOldSigned } from '../../wire/sigv4/index.ts'

/** S3's condition keys about a request's signature (behaviour GRD-14). */
export function signatureKeys(request: HttpRequest): ContextKeys {
  const { headers, rawQuery } = request
  const old = isOldSigned(request)
  const presigned = /(?:^|&)(?:X-Amz-)?Signature=/.test(rawQuery)
  if (!presigned && headers.authorization === undefined) return {}
  const hash = headers['x-amz-content-sha256']
  return {
    's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': old ? 'AWS' : 'AWS4-HMAC-SHA256',
    ...(hash !== undefined && { 's3:x-amz-content-sha256': hash }),
  }
}
