import { freshAction, type Said } from '../relevance/relevance.ts'
import { lowered } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { taggersIn } from '../world/taggers.ts'
import type { Group } from './prospect-group.ts'

/** A group without members, for what its policies say. */
export function newGroup({ world, table }: Shared, account: string, { grants }: Said): Group {
  const tagging = [...taggersIn(world, table)]
  return {
    account,
    members: [],
    isChanging: false,
    retags: grants.some((each) => tagging.some((action) => each.has(action))),
    mayLead: grants.length > 0,
    allowsAnything: grants.some((each) => each.has(lowered(freshAction))),
  }
}

/** Whether policies of an account read tags of resources: who writes such tags may help others. [GRD-560] */
function readsResourceTags(shared: Shared | undefined): boolean {
  return shared !== undefined && shared.classes.tags.resourceKeys.size > 0
}

/** Whether policies read tags of resources after a change, and did not before it. */
export function readMoreTags(after: Iterable<Shared>, before: Neighbours<Shared>): boolean {
  for (const shared of after)
    if (readsResourceTags(shared) && !readsResourceTags(before.of(shared.world.account))) return true
  return false
}

/** The groups that may change what others of their account are allowed. */
export function changingAmong(groups: readonly Group[], neighbours: Neighbours<Shared>): readonly Group[] {
  return groups.filter(
    ({ isChanging, retags, account }) => isChanging || (retags && readsResourceTags(neighbours.of(account))),
  )
}
