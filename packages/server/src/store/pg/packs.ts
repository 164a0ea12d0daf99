import type { AccountChanges, Change } from '../account-types.ts'
import { changesOf } from '../packed-changes.ts'
import type { Commit } from '../types.ts'
import { checkChanges } from './commit-values.ts'
import type { Link } from './link.ts'

/** The most changes of a statement, and the statements that are on their way together. */
const most = { changes: 1_000, statements: 4 } as const

/** Returns whether a commit has packed changes. It is then not part of a batch. */
export function hasPacks({ accounts }: Commit): boolean {
  return accounts.some(({ packed }) => packed !== undefined)
}

/**
 * Stores all changes of accounts with packed ones in the transaction that the connection is in. The packs are unpacked one
 * after the other, so that an import of many accounts takes little memory.
 */
export async function putPacks(link: Link, accounts: readonly AccountChanges[]): Promise<void> {
  const sent: Promise<unknown>[] = []
  for (const account of accounts.filter(({ packed }) => packed !== undefined))
    for (const changes of portionsOf(account)) {
      checkChanges(changes)
      sent.push(
        link.query(putItems, [
          account.account,
          changes.map(({ kind }) => kind),
          changes.map(({ id }) => id),
          changes.map(({ value }) => value),
        ]),
      )
      if (sent.length === most.statements) await Promise.all(sent.splice(0))
    }
  await Promise.all(sent)
}

/** Yields the changes in portions. A portion has the last change of each item: a statement cannot put one twice. */
function* portionsOf(account: AccountChanges): Generator<readonly Change[]> {
  let portion = new Map<string, Change>()
  for (const change of changesOf(account)) {
    portion.set(`${change.kind}\0${change.id}`, change)
    if (portion.size < most.changes) continue
    yield [...portion.values()]
    portion = new Map()
  }
  if (portion.size > 0) yield [...portion.values()]
}

const putItems = {
  name: 'put-items',
  text: `
    INSERT INTO omen.items (account, kind, id, value)
    SELECT $1::bigint, kind, id, value FROM unnest($2::text[], $3::text[], $4::text[]) AS i(kind, id, value)
    ON CONFLICT (account, kind, id) DO UPDATE SET value = excluded.value`,
}
