import type { Principal, World } from '../world/world.ts'
import type { WorldDifference } from '../world/world-difference.ts'
import type { ActorClasses } from './actor-class.ts'

/** An account before or after a change. */
interface State {
  readonly world: World
  readonly classes: ActorClasses
}

/** The principals of those that a change touches that can do something else, or that something else can be done to. */
export function alteredOf(
  before: State,
  after: State,
  touched: readonly Principal[],
  { counted }: WorldDifference,
): readonly Principal[] {
  if (touched.length > alteredMost) return touched
  return touched.filter((each) => counted.has(each.arn) || isAltered(before, after, each))
}

/** Of more principals than this it is not asked whether they are altered. */
const alteredMost = 500

/** Whether a principal counts as another one than before a change. */
function isAltered(before: State, after: State, principal: Principal): boolean {
  const was = before.world.users.get(principal.arn) ?? before.world.roles.get(principal.arn)
  if (was === undefined) return true
  const nameOf = ({ classes }: State, each: Principal): string =>
    JSON.stringify([
      classes.of(each),
      each.attached,
      each.boundary,
      each.type === 'user' ? each.groups : [each.trust?.policy.text, each.profiles],
      Object.entries(each.tags).filter(([key]) => after.classes.tags.keys.has(key)),
    ])
  return nameOf(before, was) !== nameOf(after, principal)
}
