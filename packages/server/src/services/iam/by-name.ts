import type { Call } from '../../authorization/index.ts'
import type { Account, Named, TableDefinition } from '../../directory/index.ts'
import { type Page, type Paging, page } from './page.ts'

/** Returns the key that sorts lists. Names are unique ignoring case, so it is unique too (behaviour IAM-40). */
export function nameKey(record: Named): string {
  return record.name.toLowerCase()
}

/** Returns all records of a kind, sorted by name. The list belongs to the table and changes with it. */
export function byName<R extends Named>(
  account: Account,
  definition: TableDefinition<R, 'name'>,
): readonly R[] {
  return account.table(definition).ordered('name')
}

/** Returns the part of a kind's records below a path, sorted by name. */
export function pageBelow<R extends Named>(
  definition: TableDefinition<R, 'name'>,
  input: Paging & { readonly PathPrefix?: string | undefined },
  call: Call,
): Page<R> {
  const { PathPrefix: prefix = '/' } = input
  return page(byName(call.account, definition), nameKey, input, ({ path }) => path.startsWith(prefix))
}

/**
 * Gives a record another name or path. `checkFree` refuses a name that is taken: the record's own name in another case is
 * taken, too (behaviour IAM-5).
 */
export function move<R extends Named>(
  definition: TableDefinition<R, 'name'>,
  record: R,
  to: { readonly name: string | undefined; readonly path: string | undefined },
  checkFree: (name: string, call: Call) => void,
  call: Call,
): void {
  const { name = record.name, path = record.path } = to
  if (name !== record.name) checkFree(name, call)
  call.account.table(definition).put({ ...record, name, path })
}
