import { decodePercent } from '../../wire/index.ts'
import type { IdentifiedCall } from './call.ts'

/** What stands for no bucket and no object in a path, by the endpoint that keeps it, in lower case. */
const pages: readonly RegExp[] = [
  // moto's; MinIO's health, metrics and administration; LocalStack's, and what emulators set a line before
  /^\/+(?:moto-api|minio|_[^/]*)(?:\/|$)/,
  // an API that API Gateway made, at LocalStack
  /\/_user_request_(?:\/|$)/,
  // the administration of Ceph's object gateway
  /^\/+admin\/+(?:account|bucket|config|info|log|metadata|period|ratelimit|realm|usage|user|zone)\/*$/,
]

/** S3 Control's paths, which only their first segment tells from a bucket's (behaviour GRD-8). */
const s3Control = /^\/+v20180820(?:\/|$)/

/**
 * Whether a call's path, as the upstream gets it, is one that endpoints keep for themselves: some administer all that
 * there is, and take the guard's own signature for their owner's (behaviour GRD-40).
 */
export function isOwnPage({ service, request, bucketInHost }: IdentifiedCall): boolean {
  const path = bucketInHost === undefined ? request.rawPath : `/${bucketInHost}${request.rawPath}`
  const plain = (decodePercent(path) ?? path).toLowerCase()
  return pages.some((page) => page.test(plain)) || (service.id === 's3' && s3Control.test(plain))
}
