import type { ContextKeys } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'

/** S3's keys that tell how a request was signed (behaviour GRD-14). */
export function s3Keys({ headers, rawQuery }: HttpRequest): ContextKeys {
  const presigned = /(?:^|&)X-Amz-Signature=/.test(rawQuery)
  if (!presigned && headers.authorization === undefined) return {}
  const hash = headers['x-amz-content-sha256']
  return {
    's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    ...(hash !== undefined && { 's3:x-amz-content-sha256': hash }),
  }
}
