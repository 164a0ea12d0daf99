import type { AccessRequest, Call } from '../../authorization/index.ts'
import { accountInArn } from '../../base/index.ts'
import { Unreadable } from '../catalogue/index.ts'
import type { BucketFacts } from './bucket-facts.ts'
import { pointIn } from './told-keys.ts'

/** A question, and the access point through which the call reaches the bucket that it is about. */
export type ThroughPoint<T> = T & { readonly throughPoint?: string }

/**
 * The questions of a call through access points, which is asked about twice: on what is behind the access point, and on the
 * same in its bucket (behaviour GRD-145). @throws Unreadable if the upstream does not give the bucket, NoReply if it does not answer
 */
export async function withBuckets<T extends AccessRequest>(
  requests: readonly T[],
  call: Call,
  facts: BucketFacts,
): Promise<readonly ThroughPoint<T>[]> {
  if (!requests.some(({ resource }) => pointIn(resource) !== undefined)) return requests
  const asked = await Promise.all(
    requests.map(async (access): Promise<readonly ThroughPoint<T>[]> => {
      const point = pointIn(access.resource)
      if (point === undefined || /:accesspoint\/\*/.test(point)) return [access]
      const owner = accountInArn(point) ?? call.account.id
      const of = await facts.bucketOf(point, { owner, now: call.now })
      if (of === 'unknown') throw new Unreadable(`The upstream does not tell the bucket of ${point}`)
      // there is no such access point, as the upstream will report
      if (of === undefined) return [access]
      const behind = access.resource.slice(point.length).replace(/^\/object\//, '/')
      const resource = `arn:${call.account.partition}:s3:::${of.bucket}${behind}`
      return [access, { ...access, resource, throughPoint: point }]
    }),
  )
  return asked.flat()
}
