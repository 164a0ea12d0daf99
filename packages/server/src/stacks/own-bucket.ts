import { fault } from '../base/index.ts'
import type { Sent } from './reading/messages.ts'
import { ownBucket } from './reading/own-templates.ts'
import type { StackPlace } from './reading/place.ts'
import type { UpstreamStacks } from './reading/upstream-stacks.ts'

/** Writes nested templates into the guard's own bucket. @throws Fault if the upstream does not take them */
export async function putTemplates(
  { objects }: Pick<Sent, 'objects'>,
  place: StackPlace,
  upstream: UpstreamStacks,
): Promise<void> {
  if (objects.size === 0) return
  const bucket = ownBucket(place)
  await upstream.makeBucket(bucket, place)
  for (const [key, text] of objects)
    if (!(await upstream.putObject(bucket, key, text, place)))
      throw fault('ServiceUnavailable', 'The upstream does not take the templates that the stack nests.', 503)
}
