import type { ContextKeys } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import { parseXml } from '../../wire/index.ts'
import { isOldSigned } from '../../wire/sigv4/index.ts'
import type { IdentifiedCall } from './call.ts'

/** S3's condition keys about a request's signature, and those in the body of an inventory (behaviours GRD-14 and GRD-153). */
export function s3Keys({ operation, request }: Pick<IdentifiedCall, 'operation' | 'request'>): ContextKeys {
  const fields = operation === 'PutBucketInventoryConfiguration' ? inventoryFields(request) : []
  return {
    ...signatureKeys(request),
    ...(fields.length > 0 && { 's3:InventoryAccessibleOptionalFields': [...new Set(fields)] }),
  }
}

function inventoryFields({ body }: HttpRequest): readonly string[] {
  const root = parseXml(Buffer.from(body).toString('utf8'))
  const optional = root?.children.filter(({ name }) => name === 'OptionalFields') ?? []
  return optional.flatMap(({ children }) => children.map(({ text }) => text.trim()))
}

function signatureKeys(request: HttpRequest): ContextKeys {
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
