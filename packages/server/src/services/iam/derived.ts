import type { Call } from '../../authorization/index.ts'
import { lasting } from '../../base/index.ts'
import type { Account, Table, TableDefinition } from '../../directory/index.ts'

/** What is made of a whole table, made anew only after the table has changed. */
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

/** What is made of all that bears policies, made anew only after somebody's permissions may have changed. */
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
 * How a record is shown, made once and kept as long as the record: a changed record is another one.
 * @param alone whether what is shown hangs on the record alone; what does not is made each time
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
