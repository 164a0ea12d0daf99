import type { AccessRequest, Call } from '../authorization/index.ts'
import type { HttpRequest } from '../base/index.ts'
import { parseBasicDate } from '../wire/sigv4/index.ts'
import { headersWith } from './catalogue/index.ts'

/**
 * A question with the condition keys of S3 and EC2 that follow from the call itself, not from its parameters: the
 * bucket's owner, the signature's age, the TLS version, the region (behaviour GRD-106).
 */
export function withCallKeys(access: AccessRequest, request: HttpRequest, call: Call): AccessRequest {
  const { action, context } = access
  if (action.startsWith('ec2:')) return { ...access, context: { ...context, 'ec2:Region': call.region } }
  if (!action.startsWith('s3:')) return access
  const date = headersWith(request)['x-amz-date']
  const signedAt = date === undefined ? undefined : parseBasicDate(date)
  const version = /^TLSv([\d.]+)$/.exec(call.origin.tls?.version ?? '')?.[1]
  const keys = {
    ...(access.resourceAccount !== undefined && { 's3:ResourceAccount': access.resourceAccount }),
    ...(signedAt !== undefined && { 's3:signatureAge': String(Math.max(0, call.now - signedAt)) }),
    ...(version !== undefined && { 's3:TlsVersion': version }),
  }
  return { ...access, context: { ...context, ...keys } }
}
