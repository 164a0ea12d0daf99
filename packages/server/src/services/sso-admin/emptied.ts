import {
  type Account,
  centerGroups,
  centerMemberships,
  centerRequests,
  centerUsers,
  loginProfiles,
  permissionSets,
  type TableDefinition,
} from '../../directory/index.ts'

/** Empties the directory and the permission sets of an instance that goes. */
export function emptied(owner: Account): void {
  for (const { id } of owner.table(centerUsers).values()) owner.table(loginProfiles).delete(id)
  empty(owner, centerUsers)
  empty(owner, centerGroups)
  empty(owner, centerMemberships)
  empty(owner, permissionSets)
  empty(owner, centerRequests)
}

function empty<R extends { readonly id: string }, Index extends string>(
  owner: Account,
  definition: TableDefinition<R, Index>,
): void {
  const table = owner.table(definition)
  for (const { id } of [...table.values()]) table.delete(id)
}
