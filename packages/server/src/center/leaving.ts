import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, endOfTurn } from '../base/index.ts'
import {
  type Account,
  type CenterLeaving,
  centerGroups,
  centerLeavings,
  centerMemberships,
  centerMfaDevices,
  centerUsers,
  loginProfiles,
} from '../directory/index.ts'

/** Records that one commit deletes: few enough that no other caller waits long. */
const lot = 200
/** Commits that are on their way to the store together. */
const lotsTogether = 16

/**
 * Deletes the memberships of a user or a group that was deleted, or everything of a directory: some now, the others by
 * `swept`. Nobody sees them meanwhile (behaviour SSO-131).
 */
export function leave(people: Account, leaving: CenterLeaving): void {
  if (!deleteSome(people, leaving)) people.table(centerLeavings).put(leaving)
}

/** Deletes what is left of users, groups and directories that were deleted, in commits of its own. */
export async function swept(owner: AccountId, { directory }: Pick<Dependencies, 'directory'>): Promise<void> {
  for (let isMore = true; isMore; )
    isMore = await directory.settle(async () => {
      const people = await directory.findPeople(owner)
      const leavings = people.table(centerLeavings)
      const kept: Promise<void>[] = []
      while (leavings.size > 0 && kept.length < lotsTogether) {
        if (kept.length > 0) await endOfTurn()
        const [leaving] = leavings.values()
        if (leaving === undefined) break
        if (deleteSome(people, leaving)) leavings.delete(leaving.id)
        kept.push(directory.commit([]))
      }
      await Promise.all(kept)
      return leavings.size > 0
    })
}

/** Returns whether nothing is left. */
function deleteSome(people: Account, { by, id }: CenterLeaving): boolean {
  const memberships = people.table(centerMemberships)
  if (by !== 'all') {
    const some = memberships.range(by, `${id} `, undefined, lot)
    for (const each of some) memberships.delete(each.id)
    return some.length < lot
  }
  let left = lot
  for (const table of [memberships, people.table(centerGroups), people.table(centerUsers)])
    for (const key of table.keys()) {
      if (left-- === 0) return false
      table.delete(key)
      people.table(loginProfiles).delete(key)
      people.table(centerMfaDevices).delete(key)
    }
  return true
}
