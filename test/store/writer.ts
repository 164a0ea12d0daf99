/**
 * A process to be killed: eight writers commit to an account each, an event with every change, and what
 * the store has acknowledged is printed, a line each: `ACCOUNT REVISION EVENT`.
 */
import type { parseAccountId } from '../../packages/server/src/base/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { account, commitOf, event, put } from './fixture.ts'

const store = await openSqliteStore({ file: process.argv[2]! })
console.log('open')

async function write(own: NonNullable<ReturnType<typeof parseAccountId>>): Promise<never> {
  let revision = (await store.loadAccount(own))?.revision ?? 0
  for (;;) {
    const next = revision + 1
    const kept = event({ account: own, id: `${own}-${next}`, time: next })
    const outcome = await store.commit(commitOf(own, revision, [put('n', `${next % 10}`, next)], [kept]))
    if (!outcome.ok) throw new Error(`another writer changed ${own}`)
    console.log(`${own} ${next} ${kept.id}`)
    revision = next
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(account(writer + 1))))
