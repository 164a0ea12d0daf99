import type { Asked } from '@omen-iam/policy'
import type { Actor } from './trust-question.ts'

const behind = new WeakMap<Asked, readonly string[]>()

/** The unknown facts that a request rests on: ARNs of policies and groups, or words. */
export function unknownBehind(asked: Asked): readonly string[] {
  return behind.get(asked) ?? []
}

/** Notes the policies in no file of the principal that makes requests, if it is not the actor itself. */
export function withUnknown(asked: readonly Asked[], { unknown }: Actor['variant']): readonly Asked[] {
  for (const each of asked) for (const arn of unknown) noteUnknown(each, arn)
  return asked
}

/** Notes something in no file that a request rests on. */
export function noteUnknown(asked: Asked, what: string): void {
  behind.set(asked, [...unknownBehind(asked), what])
}
