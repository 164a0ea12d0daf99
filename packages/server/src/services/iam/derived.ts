import type { Call } from '../../authorization/index.ts'
import { lasting } from '../../base/index.ts'
import type { Account, Table, TableDefinition } from '../../directory/index.ts'

/** Caches a value computed from a whole table, until the table changes. */
export function ofTable<R, Index extends string, T>(
  definition: TableDefinition<R, Index>,
  make: (table: Table<R, Index>, account: Account) => T,
): (account: Account) => T {
  const byTable = new WeakMap<Table<R, Index>, { readonly version: number; readonly made: T }>()
  return (account) => {
    const table = account.table(definition)
    const { version } = table
    const entry = byTable.get(table)
    if (entry?.version === version) return entry.made
    const value = make(table, account)
    byTable.set(table, { version, made: value })
    return value
  }
}

/** Caches a value computed from everything that has policies, until someone's permissions may have changed. */
export function ofPermissions<T>(make: (account: Account) => T): (account: Account) => T {
  const byAccount = new WeakMap<Account, { readonly revision: number; readonly made: T }>()
  return (account) => {
    const { policyRevision } = account
    const entry = byAccount.get(account)
    if (entry?.revision === policyRevision) return entry.made
    const value = make(account)
    byAccount.set(account, { revision: policyRevision, made: value })
    return value
  }
}

/**
 * Caches how a record is shown, as long as the record exists: a changed record is another object. @param alone whether
 * the result depends on the record alone; otherwise it is computed each time
 */
export function shown<R extends object, T extends object>(
  show: (record: R, call: Call) => T,
  alone: (record: R) => boolean = () => true,
): (record: R, call: Call) => T {
  const byRecord = new WeakMap<R, T>()
  return (record, call) => {
    const value = byRecord.get(record)
    if (value !== undefined) return value
    const view = show(record, call)
    if (alone(record)) byRecord.set(record, lasting(view))
    return view
  }
}
