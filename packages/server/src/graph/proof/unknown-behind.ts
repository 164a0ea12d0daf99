import type { CompiledSet } from '@omen-iam/policy'
import { unknownIn } from '../world/unknown-policies.ts'
import type { Document } from '../world/world.ts'
import type { FactUsed } from './fact-option.ts'

/** A fact for each policy or group in no file that decides: it may refuse requests, and alone allow them. */
export function unknownFacts(deciding: readonly CompiledSet[]): readonly FactUsed[] {
  const documents = deciding.flatMap(unknownIn)
  return [...new Map(documents.map((each) => [each.key, factOf(each)])).values()]
}

function factOf({ key, source, policy }: Document): FactUsed {
  const known = 'unknown'
  if (policy.kind === 'trust') return { fact: 'policy', says: 'trust', of: { role: key }, known }
  if (source.type === 'resource')
    return { fact: 'policy', says: 'missing', of: { policy: `the policy of ${key}` }, known }
  const fact = key.includes(':group/') ? 'group' : 'policy'
  return { fact, says: 'missing', of: { [fact]: key }, known }
}
