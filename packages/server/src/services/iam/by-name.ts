import type { Account, Named, TableDefinition } from '../../directory/index.ts'
import { sortedBy } from './page.ts'

interface Sorted {
  readonly revision: number
  readonly records: readonly Named[]
}

const kept = new WeakMap<object, Sorted>()

/** The key that lists are sorted by: names are unique ignoring case, so it is unique too (behaviour IAM-40). */
export function nameKey(record: Named): string {
  return record.name.toLowerCase()
}

/** All records of a kind, sorted by name. Sorted once per revision of the account, however many pages are asked. */
export function byName<R extends Named>(
  account: Account,
  definition: TableDefinition<R, 'name'>,
): readonly R[] {
  const table = account.table(definition)
  const known = kept.get(table)
  if (known !== undefined && known.revision === account.revision) return known.records as readonly R[] // made from this very table
  const records = sortedBy(table.values(), nameKey)
  kept.set(table, { revision: account.revision, records })
  return records
}
