import {
  type Account,
  accountsWithTrails,
  type Directory,
  type Trail,
  trailDeliveries,
  trailKey,
  trails,
} from '../directory/index.ts'
import type { Forgetting, Store } from '../store/index.ts'
import { positionAt } from '../trail/index.ts'
import { covers } from './coverage.ts'
import { delivers } from './selection.ts'

/** Events that are read together. */
const eventsTogether = 1_000

/**
 * Counts the deliveries that are lost if events are forgotten now: one for each event and each trail that has not
 * delivered it. Reads only events that are to be forgotten and are not yet delivered.
 */
export async function undelivered(
  forgetting: Required<Forgetting>,
  store: Store,
  directory: Directory,
): Promise<number> {
  let sum = 0
  for (const id of await accountsWithTrails(store)) {
    const account = await directory.find(id)
    for (const trail of [...(account?.table(trails).values() ?? [])]) {
      sum += await undeliveredBy(trail, account!, forgetting, store, directory) // there are trails only of what is there
    }
  }
  return sum
}

async function undeliveredBy(
  trail: Trail,
  account: Account,
  { before, upTo }: Required<Forgetting>,
  store: Store,
  directory: Directory,
): Promise<number> {
  const [first] = trail.periods
  if (first === undefined) return 0
  const known = account.table(trailDeliveries).find(trailKey(trail.homeRegion, trail.name))?.sequence
  let sequence = known ?? (await positionAt(store, first.from))
  let count = 0
  let lot = eventsTogether
  for (;;) {
    const page = await store.eventsAfter(sequence, lot)
    if (page.events.length === 0) return count
    // events carry no sequence number: if a batch goes past the last one to be forgotten, a smaller batch is read
    if (lot > 1 && sequence < upTo && page.sequence > upTo) {
      lot = Math.ceil(lot / 2)
      continue
    }
    const areCounted = page.sequence <= upTo
    const lost = page.events.filter(({ time }) => areCounted || time < before)
    if (lost.length === 0) return count
    for (const event of lost) {
      if (delivers(trail, event) && (await covers(account, trail, event.account, directory))) count++
    }
    sequence = page.sequence
  }
}
