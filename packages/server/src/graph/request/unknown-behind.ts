import type { Asked } from '@omen-iam/policy'
import type { Actor } from './actor.ts'

const restsOn = Symbol('rests on')

/** A request that may rest on something in no file: ARNs of policies and groups, or words. */
interface Doubted extends Asked {
  readonly [restsOn]?: readonly string[]
}

/** The unknown facts that a request rests on. */
export function unknownBehind(asked: Doubted): readonly string[] {
  return asked[restsOn] ?? []
}

/** The same requests, resting on the policies in no file of the principal that makes them, if it is not the actor itself. */
export function withUnknown(asked: readonly Asked[], { unknown }: Actor['variant']): readonly Asked[] {
  return unknown.length === 0 ? asked : asked.map((each) => restingOn(each, unknown))
}

/** The same request, resting on something in no file. */
export function restingOn(asked: Asked, unknown: readonly string[]): Asked {
  const all: Doubted = { ...asked, [restsOn]: [...unknownBehind(asked), ...unknown] }
  return all
}
