import type { Call } from '../../authorization/index.ts'
import { lasting } from '../../base/index.ts'
import type { Account, Table, TableDefinition } from '../../directory/index.ts'

/** Caches a value computed from a whole table, until the table changes. */
export function ofTable<R, Index extends string, T>(
  definition: TableDefinition<R, Index>,
  make: (table: Table<R, Index>, account: Account) => T,
): (account: Account) => T {
  const kept = new WeakMap<Table<R, Index>, { readonly version: number; readonly made: T }>()
  return (account) => {
    const table = account.table(definition)
    const { version } = table
    const known = kept.get(table)
    if (known?.version === version) return known.made
    const made = make(table, account)
    kept.set(table, { version, made })
    return made
  }
}

/** Caches a value computed from everything that has policies, until someone's permissions may have changed. */
export function ofPermissions<T>(make: (account: Account) => T): (account: Account) => T {
  const kept = new WeakMap<Account, { readonly revision: number; readonly made: T }>()
  return (account) => {
    const { policyRevision } = account
    const known = kept.get(account)
    if (known?.revision === policyRevision) return known.made
    const made = make(account)
    kept.set(account, { revision: policyRevision, made })
    return made
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
  const kept = new WeakMap<R, T>()
  return (record, call) => {
    const known = kept.get(record)
    if (known !== undefined) return known
    const made = show(record, call)
    if (alone(record)) kept.set(record, lasting(made))
    return made
  }
}
