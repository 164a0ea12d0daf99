import { authorize, type Call, callNow } from '../authorization/index.ts'
import { Fault } from '../base/index.ts'
import { decide } from '../pipeline/index.ts'
import { NoReply } from './ask.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import { unreadable } from './outcome.ts'
import { inCode } from './refusal-words.ts'
import { withGrants } from './resource/grants.ts'
import type { LookUps } from './resource/look-ups.ts'
import { namesKey } from './resource/s3-keys.ts'
import type { Upstream } from './upstream.ts'
import { type Scales, weighed } from './weigh.ts'

/** The beginning of an upstream's answer. */
export interface Begun {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** By what an answer that has begun is decided on. */
export interface BegunPlace extends Scales {
  readonly lookUps: LookUps
  readonly upstream: Upstream
}

/**
 * The refusal of a read whose answer names the key of AWS KMS that it uses (behaviour GRD-308). The answer waits for it;
 * undefined if it names none, so that an answer without a key waits for nothing.
 */
export function refusedByKey(
  found: IdentifiedCall,
  call: Call,
  begun: Begun,
  place: BegunPlace,
): Promise<Fault | undefined> | undefined {
  if (begun.status >= 300 || found.service.id !== 's3' || !namesKey(begun.headers)) return undefined
  if (call.mode === 'off' || found.packed.asks?.some(({ key }) => key?.of === 'answeredObject') !== true)
    return undefined
  return decided(found, call, begun, place)
}

async function decided(
  found: IdentifiedCall,
  given: Call,
  { headers }: Begun,
  place: BegunPlace,
): Promise<Fault | undefined> {
  const call = callNow(given)
  if (typeof call === 'string') return undefined // its session has ended since it was allowed
  try {
    const keys = await place.lookUps.answered(found, call, headers)
    let { requests, remembered } = await weighed(keys, found, call, place)
    if (!authorize(requests, call).allowed) {
      // nothing is refused because of what the upstream no longer has
      for (const resource of remembered) place.policies.refresh(resource)
      if (remembered.length > 0) requests = (await weighed(keys, found, call, place)).requests
      requests = await withGrants(requests, {}, call, place.upstream)
    }
    decide(requests, call, (refused) => inCode(refused, call))
    return undefined
  } catch (error) {
    if (error instanceof NoReply) return unreadable(error.message)
    if (error instanceof Fault) return error
    throw error
  }
}
