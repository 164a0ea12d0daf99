import type { Statement } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { namedParts } from '../proof/records.ts'
import { type Actor, callersOf } from '../request/actor.ts'
import { namingOf } from '../request/candidates.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Variant } from '../request/variant.ts'
import { sayingOfRead } from './saying.ts'
import type { Shared } from './shared.ts'
import { callsOnParts } from './signature.ts'

/** An actor without some policies, and with single ones of them. */
export interface Grown<Key> {
  readonly whole: Actor
  readonly plain: Actor
  readonly single: ReadonlyMap<Key, Actor>
}

/**
 * The additions to an actor that may change the answer about a technique with a binding: their statements name a part
 * of the binding, or count whatever a request names. So far as proofs have read: what is read later may concern more of them.
 */
export function concerned<Key>(
  shared: Shared,
  technique: Technique,
  binding: Binding,
  { whole, plain, single }: Grown<Key>,
): readonly Key[] {
  const reads = shared.readsOf(technique)
  const { mark } = shared.classes.relevance
  if (shared.leftOut.has('concerned')) return [...single.keys()]
  if (reads.isAlone || reads.records.has('control') || reads.records.has('controlByProfile'))
    return [...single.keys()]
  const variants = (actor: Actor): readonly Variant[] => callersOf(actor).map(({ variant }) => variant)
  const unnamed = (variant: Variant): number =>
    sayingOfRead(variant, technique, shared.table, reads, 'unnamed')
  const named = new Set<number>()
  const { calls, areAll } = callsOnParts(technique, shared)
  const arns = new Set([...namedParts(binding)].map(([, { arn }]) => arn))
  for (const variant of [whole, plain].flatMap(variants))
    for (const call of calls)
      for (const arn of arns)
        for (const number of namingOf(shared.world, variant, call, arn, mark)) named.add(number)
  const before = variants(plain)
  const isConcerned = (variant: Variant, place: number): boolean => {
    const less = before[place]
    if (less === undefined || variant === less) return false
    if (limitsOf(variant) !== limitsOf(less)) return true
    if (!areAll && unnamed(variant) !== unnamed(less)) return true
    return between(variant, less).some((statement) => named.has(mark(statement).number))
  }
  return [...single].flatMap(([key, actor]) => (variants(actor).some(isConcerned) ? [key] : []))
}

/** The name of what limits a principal. */
const limitsOf = perObject(({ boundary = [], boundaryArn, isBoundByScps }: Variant): string =>
  [boundaryArn, isBoundByScps, ...boundary.map(({ policy }) => policy.text)].join('\n'),
)

const differing = new WeakMap<
  Variant,
  { readonly less: Variant; readonly statements: readonly Statement[] }
>()

/** The statements that a principal has with a change and not without, or without it and not with. */
function between(variant: Variant, less: Variant): readonly Statement[] {
  const known = differing.get(variant)
  if (known?.less === less) return known.statements
  const all = (of: Variant) => new Set(of.identity.map(({ policy }) => policy.statements))
  const [one, other] = [all(variant), all(less)]
  const statements = [
    ...[...one].filter((each) => !other.has(each)),
    ...[...other].filter((each) => !one.has(each)),
  ].flat()
  differing.set(variant, { less, statements })
  return statements
}
