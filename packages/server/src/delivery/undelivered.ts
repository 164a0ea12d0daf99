import {
  type Account,
  accountsWithTrails,
  type Directory,
  newestAccount,
  positionOfDelivery,
  readDelivery,
  type Trail,
  trails,
} from '../directory/index.ts'
import type { Forgetting, Store } from '../store/index.ts'
import { coverageOf } from './coverage.ts'
import { pagesAfter } from './pages.ts'
import { delivers } from './selection.ts'

/**
 * Counts the deliveries that are lost if events are forgotten now: one for each event and each trail that has not
 * delivered it. Reads only events that are to be forgotten and are not yet delivered.
 */
export async function undelivered(
  forgetting: Forgetting,
  store: Store,
  directory: Directory,
): Promise<number> {
  let sum = 0
  for (const id of await accountsWithTrails(store)) {
    const account = await newestAccount(directory, id)
    for (const trail of [...(account?.table(trails).values() ?? [])]) {
      sum += await undeliveredBy(trail, account!, forgetting, store, directory) // there are trails only of what is there
    }
  }
  return sum
}

async function undeliveredBy(
  trail: Trail,
  account: Account,
  forgetting: Forgetting,
  store: Store,
  directory: Directory,
): Promise<number> {
  const [first] = trail.periods
  if (first === undefined) return 0
  const { state } = await readDelivery(account, trail, store)
  const position = positionOfDelivery(state) ?? (await store.positionAt(first.from))
  const covers = coverageOf(account, trail, directory)
  let count = 0
  for await (const { events } of pagesAfter(store, position, forgetting))
    for (const event of events) if (delivers(trail, event) && (await covers(event.account))) count++
  return count
}
