import { findUntoldDeny } from '@omen-iam/policy'
import type { Judged } from './verdict.ts'

/** A Deny by a condition key that only who has the resource could tell. */
export interface UntoldReason {
  /** The policy's name or ARN, or the layer that it is of. */
  readonly policy: string
  readonly key: string
}

/** The Deny behind a question that was decided without knowing all of its keys; undefined where none hangs on those. */
export function untoldReason(
  { request, policies }: Judged,
  untold: (key: string) => boolean,
): UntoldReason | undefined {
  const found = findUntoldDeny(request, policies, untold)
  if (found === undefined) return undefined
  const { name, arn } = found.by.source
  return { policy: name ?? arn ?? `A policy of the ${found.by.layer} layer`, key: found.key }
}
