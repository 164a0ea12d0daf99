import type { Asked } from '@omen-iam/policy'
import { callersOf } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import { unknownBehind } from '../request/unknown-behind.ts'
import type { FactUsed } from './fact-option.ts'

/** A fact for each policy or group in no file of those who make requests: it may refuse them, and alone allow them. */
export function unknownFacts(actor: Actor, asked: readonly Asked[]): readonly FactUsed[] {
  const all = new Set(callersOf(actor).flatMap(({ variant }) => variant.unknown))
  for (const each of asked) for (const arn of unknownBehind(each)) all.add(arn)
  return [...all].map((arn) => {
    const fact = arn.includes(':group/') ? 'group' : 'policy'
    return { fact, value: `${arn} is in no file`, known: 'unknown' }
  })
}
