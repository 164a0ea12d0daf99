import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { keepProspects } from '../prospect/known-prospects.ts'
import { Shared } from '../relevance/shared.ts'
import type { LeftOut } from '../relevance/shortcut.ts'
import { Neighbours } from '../world/neighbours.ts'
import { accountsIn, type World } from '../world/world.ts'
import { differenceOf } from '../world/world-difference.ts'

/** The searches of a world: those of its own account, beside those of the other accounts that are in view. */
export function sharedOf(
  world: World,
  table: TechniqueTable,
  more: readonly string[] = [],
  leftOut: LeftOut = new Set(),
): Shared {
  const worlds = accountsIn(world)
  const view = { neighbours: new Neighbours<Shared>(), worlds, leftOut }
  const [own] = worlds.map((each) => new Shared(each, table, more, undefined, view))
  if (own === undefined) throw new Error('a world has an account')
  return own
}

/** The same after a change of the world, which may be of any account. What it does not touch is kept. */
export function changedShared(shared: Shared, world: World): Shared {
  const worlds = accountsIn(world)
  const view = { neighbours: new Neighbours<Shared>(), worlds, leftOut: shared.leftOut }
  const before = (account: string): Shared | undefined =>
    account === shared.world.account ? shared : shared.neighbours.of(account)
  // A trust policy may name callers of every account.
  const trusts = worlds.flatMap((after) => {
    const was = before(after.account)?.world
    const difference = was && differenceOf(was, after)
    return difference?.documents.filter(({ policy }) => policy.kind === 'trust') ?? []
  })
  const [own] = worlds.map(
    (after) => new Shared(after, shared.table, [], before(after.account), view, trusts),
  )
  keepProspects(shared.neighbours, view.neighbours)
  if (own === undefined) throw new Error('a world has an account')
  return own
}
