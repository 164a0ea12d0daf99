import type { Judged } from './verdict.ts'

/** A condition key of which it is not known whether the request has it, and the policy that asks for it. */
export interface UnknownKey {
  /** The policy's name or ARN, or its layer if it has neither. */
  readonly policy: string
  readonly key: string
  /** Whether a Deny by the key decided; otherwise an Allow by it did not count. */
  readonly denies: boolean
}

/** Returns the unknown key on which a denial rests; undefined if it rests on none. */
export function unknownKeyOf({ decision }: Judged): UnknownKey | undefined {
  if (decision.outcome === 'allowed') return undefined
  const denying = decision.by[0]?.statement
  const found = decision.unevaluable.find(
    ({ statement, unknownKey }) =>
      unknownKey !== undefined && (denying === undefined || statement === denying),
  )
  if (found?.unknownKey === undefined) return undefined
  const { name, arn } = found.source
  const policy = name ?? arn ?? `A policy of the ${found.layer} layer`
  return { policy, key: found.unknownKey, denies: denying !== undefined }
}
