import type { AccountId } from '../base/index.ts'
import { defineTable } from './table.ts'

/** A name by which an account signs in, unique in the whole installation. */
export interface AccountAlias {
  readonly alias: string
  readonly account: AccountId
}

/**
 * The aliases of all accounts are kept in the first account, so that one look-up decides whether an alias is free.
 */
export const accountAliases = defineTable<AccountAlias>({ kind: 'house/account-alias', key: (r) => r.alias })
