import { againstBefore, compareStores, twoNodes } from './nodes-calls.ts'
import { eventsOfNodes } from './nodes-events.ts'
import { foreignChange, promotion } from './nodes-faults.ts'
import { manyRoles } from './nodes-size.ts'
import { storesAlone } from './nodes-stores.ts'

const parts = {
  calls: compareStores,
  stores: storesAlone,
  before: againstBefore,
  two: twoNodes,
  foreign: foreignChange,
  events: eventsOfNodes,
  promotion,
  roles: manyRoles,
} as const

/**
 * Nodes on one PostgreSQL, against SQLite in the same run. `BENCH_NODES` chooses parts (`calls,events`); `BENCH_EVENTS` and
 * `BENCH_ACCOUNTS` say how many there are of them; `BENCH_BEFORE` is a checkout whose SQLite is compared with this one's.
 */
export async function bench(): Promise<void> {
  const asked = process.env.BENCH_NODES?.split(',') ?? Object.keys(parts)
  for (const [name, part] of Object.entries(parts)) if (asked.includes(name)) await part()
}
