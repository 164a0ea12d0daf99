import { decodePercent } from '../../wire/index.ts'
import type { IdentifiedCall } from './call.ts'

/** Paths that name no bucket and no object, by the endpoint that reserves them, in lower case. */
const pages: readonly RegExp[] = [
  // moto's; MinIO's health, metrics and administration; LocalStack's, and emulators' paths that begin with an
  // underscore
  /^\/+(?:moto-api|minio|_[^/]*)(?:\/|$)/,
  // an API that API Gateway made, at LocalStack
  /\/_user_request_(?:\/|$)/,
  // the administration of Ceph's object gateway
  /^\/+admin\/+(?:account|bucket|config|info|log|metadata|period|ratelimit|realm|usage|user|zone)\/*$/,
]

/** S3 Control's paths, which only their first segment distinguishes from a bucket's (behaviour GRD-8). */
const s3Control = /^\/+v20180820(?:\/|$)/

/**
 * Returns whether a call's path, as the upstream gets it, is one that endpoints reserve: some administer everything,
 * and would accept the guard's own signature as their owner's (behaviour GRD-40).
 */
export function isOwnPage({ service, request, bucketInHost }: IdentifiedCall): boolean {
  const path = bucketInHost === undefined ? request.rawPath : `/${bucketInHost}${request.rawPath}`
  const plain = (decodePercent(path) ?? path).toLowerCase()
  return pages.some((page) => page.test(plain)) || (service.id === 's3' && s3Control.test(plain))
}
