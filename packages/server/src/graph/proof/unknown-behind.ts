import type { Asked } from '@omen-iam/policy'
import { callersOf } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import type { FactUsed } from './fact-option.ts'

const behind = new WeakMap<Asked, readonly string[]>()

/** Notes the policies in no file of the principal that makes requests, if it is not the actor itself. */
export function withUnknown(asked: readonly Asked[], { unknown }: Actor['variant']): readonly Asked[] {
  if (unknown.length > 0) for (const each of asked) behind.set(each, unknown)
  return asked
}

/** A fact for each policy or group in no file of those who make requests: it may refuse them, and alone allow them. */
export function unknownFacts(actor: Actor, asked: readonly Asked[]): readonly FactUsed[] {
  const all = new Set(callersOf(actor).flatMap(({ variant }) => variant.unknown))
  for (const each of asked) for (const arn of behind.get(each) ?? []) all.add(arn)
  return [...all].map((arn) => {
    const fact = arn.includes(':group/') ? 'group' : 'policy'
    return { fact, value: `${arn} is in no file`, known: 'unknown' }
  })
}
