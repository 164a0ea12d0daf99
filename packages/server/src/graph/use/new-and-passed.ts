import type { Technique, TechniqueNeed, TechniqueWay } from '../../authorization/catalogue/index.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'

/** Whether the assumption of a new role may be refused: by a Deny, or where a boundary or an SCP allows none. */
export function maybeNotAssumed({ variant: { policies } }: Actor): boolean {
  const { identity, boundary, scp = [] } = policies
  const action = 'sts:AssumeRole'
  return [identity, boundary, ...scp].some((layer, place) => {
    if (layer === undefined) return false
    const { all, allow } = layer.candidates(action)
    return all.some(({ statement }) => statement.effect === 'Deny') || (place > 0 && allow.all.length === 0)
  })
}

const passes: TechniqueNeed = { action: 'iam:PassRole', on: { is: 'new' } }

/** A technique that makes a role, with each that passes it to a service for something new. */
export function* withPassing({ table }: Shared, making: Technique): Generator<Technique> {
  for (const technique of table.techniques) {
    const { effect, passesTo, basis, status, trusts } = technique
    if (effect !== 'becomes' || passesTo === undefined || trusts?.type !== 'service') continue
    if (basis === 'derived' || status !== 'current') continue
    const ways = technique.ways.length === 0 ? [nothing] : technique.ways
    const fitting = ways.filter((way) =>
      [...technique.needs, ...way.needs].every(
        ({ action, on }) =>
          (on.is === 'new' || on.is === 'any') &&
          // A condition on a key that holds the role would need its name.
          table.actions[action]?.keys.some((key) => /(?:RoleArn|serviceRole)$/.test(key)) !== true,
      ),
    )
    if (fitting.length === 0) continue
    yield {
      ...making,
      title: `${making.title} + ${technique.title}`,
      passesTo,
      needs: [...making.needs, passes, ...technique.needs],
      facts: [...making.facts, ...technique.facts],
      ways: making.ways.flatMap((way) =>
        fitting.map((each) => ({
          ...each,
          needs: [...way.needs, ...each.needs],
          facts: [...way.facts, ...each.facts],
        })),
      ),
    }
  }
}

const nothing: TechniqueWay = { needs: [], facts: [] }
