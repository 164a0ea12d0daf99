import type { CompiledSet, Statement } from '@omen-iam/policy'

type Layer = NonNullable<CompiledSet['identity']>

/** The layers of a set that has them. */
export function layersOf(policies: CompiledSet): readonly Layer[] {
  const { identity, boundary, session, resource, endpoint, scp = [], rcp = [] } = policies
  return [identity, boundary, session, resource, endpoint, ...scp, ...rcp].filter(
    (each) => each !== undefined,
  )
}

/** The statements about an action in all layers of a set. */
export function* statementsAbout(policies: CompiledSet, action: string): Generator<Statement> {
  for (const layer of layersOf(policies))
    for (const { statement } of layer.candidates(action).all) yield statement
}

/** The conditions of these statements. */
export function* conditionsAbout(
  policies: CompiledSet,
  action: string,
): Generator<Statement['condition'][number]> {
  for (const { condition } of statementsAbout(policies, action)) yield* condition
}

/** Whether an Allow of the principal's own policies is about an action. */
export function hasAllow({ identity }: CompiledSet, action: string): boolean {
  return identity?.candidates(action).allow.all[0] !== undefined
}
