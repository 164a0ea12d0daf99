import { findUnknowableDeny } from '@omen-iam/policy'
import type { Judged } from './verdict.ts'

/** A Deny with a condition key whose value only the owner of the resource knows. */
export interface UnknowableReason {
  /** The policy's name or ARN, or its layer if it has neither. */
  readonly policy: string
  readonly key: string
}

/** Returns the Deny that unknown keys could cause in a decided request; undefined if there is none. */
export function unknowableReason(
  { request, policies }: Judged,
  unknowable: (key: string) => boolean,
): UnknowableReason | undefined {
  const found = findUnknowableDeny(request, policies, unknowable)
  if (found === undefined) return undefined
  const { name, arn } = found.by.source
  return { policy: name ?? arn ?? `A policy of the ${found.by.layer} layer`, key: found.key }
}
