import type { Asked } from '@omen-iam/policy'
import type { Actor } from '../request/actor.ts'
import { callersOf } from '../request/together.ts'
import { unknownBehind } from '../request/unknown-behind.ts'
import { unknownTrustIn } from '../world/unknown-policies.ts'
import type { FactUsed } from './fact-option.ts'

/** A fact for each policy or group in no file of those who make requests: it may refuse them, and alone allow them. */
export function unknownFacts(actor: Actor, asked: readonly Asked[]): readonly FactUsed[] {
  const all = new Set(callersOf(actor).flatMap(({ variant }) => variant.unknown))
  for (const each of asked) for (const arn of unknownBehind(each)) all.add(arn)
  const trusts = new Set(asked.flatMap(({ policies }) => unknownTrustIn(policies) ?? []))
  return [
    ...[...all].map((arn): FactUsed => {
      const fact = arn.includes(':group/') ? 'group' : 'policy'
      return { fact, says: 'missing', of: { [fact]: arn }, known: 'unknown' }
    }),
    ...[...trusts].map(
      (role): FactUsed => ({ fact: 'policy', says: 'trust', of: { role }, known: 'unknown' }),
    ),
  ]
}
