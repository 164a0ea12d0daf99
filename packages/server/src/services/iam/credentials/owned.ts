import type { Account, TableDefinition } from '../../../directory/index.ts'
import { ageKey, type Made } from '../by-age.ts'
import { sortedBy } from '../page.ts'

type Owned = Made & { readonly owner: string }

/** Returns all records of one kind that a user, or root, owns, the oldest first. */
export function ownedBy<R extends Owned>(
  owner: string,
  table: TableDefinition<R>,
  account: Account,
): readonly R[] {
  const records: R[] = []
  for (const record of account.table(table).values()) if (record.owner === owner) records.push(record)
  return sortedBy(records, ageKey)
}

/** Returns the owner's record of an id; undefined also if another owns it. */
export function findOwned<R extends Owned>(
  owner: string,
  id: string,
  table: TableDefinition<R>,
  account: Account,
): R | undefined {
  const record = account.table(table).find(id)
  return record?.owner === owner ? record : undefined
}
