import { openPgStore, type PgStore, type Store } from '../../packages/server/src/store/index.ts'
import type { Postgres } from '../../test/support/index.ts'
import { line, median, startDatabase } from './nodes-house.ts'
import { event, lookUps } from './store.ts'

/** Events among which look-ups are timed. */
const events = Number(process.env.BENCH_EVENTS ?? 1_000_000)
const nodes = 4
const batch = 500
/** Events that are built at once: building them is no part of the figures. */
const portion = 20_000
/** Batches of a node that are on their way. */
const together = 4

/** How fast nodes record, what an event takes, and how long pages of look-ups take. */
export async function eventsOfNodes(): Promise<void> {
  await using postgres = await startDatabase()
  const stores = await Promise.all(Array.from({ length: nodes }, () => openPgStore({ url: postgres.url() })))
  try {
    const rates: number[] = []
    const costs: number[] = []
    for (let n = 0; n < events; n += portion) {
      const index = (n / portion) % nodes
      const { rate, micros } = await recordPortion(stores[index]!, n - index * portion + index)
      rates.push(rate)
      costs.push(micros)
    }
    line(
      `events of a node, ${batch} at a time`,
      `${Math.round(median(rates)).toLocaleString('en')}/s, at most ${Math.round(Math.max(...rates)).toLocaleString('en')}/s (wanted: 50,000), ${median(costs).toFixed(1)} µs of the node's processor time each`,
    )
    await indexed(stores, postgres)
    sizes(postgres)
    await lookUps(stores[1]!)
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

/** Records every fourth event from a number on: what the nodes record is of the same time. */
async function recordPortion(store: Store, from: number) {
  const batches = Array.from({ length: portion / batch }, (_, index) =>
    Array.from({ length: batch }, (_, i) => event(from + (index * batch + i) * nodes)),
  )
  const began = performance.now()
  const before = process.cpuUsage()
  const lane = async (first: number) => {
    for (let index = first; index < batches.length; index += together) await store.record(batches[index]!)
  }
  await Promise.all(Array.from({ length: together }, (_, first) => lane(first)))
  const { user, system } = process.cpuUsage(before)
  return { rate: (portion * 1_000) / (performance.now() - began), micros: (user + system) / portion }
}

/** Waits until the nodes have indexed what they recorded: whichever has the lease does it. */
async function indexed(stores: readonly PgStore[], postgres: Postgres): Promise<void> {
  const waiting = () =>
    Number(
      postgres.sql(`SELECT max(last - coalesce((SELECT max(last) FROM omen.event_blocks b WHERE b.stream = e.stream), 0))
        FROM (SELECT stream, max(last) AS last FROM omen.events GROUP BY stream) AS e`),
    )
  while (waiting() >= 8_192) for (const store of stores) await store.tidyUp()
}

function sizes(postgres: Postgres): void {
  const bytes = Number(
    postgres.sql(`SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'omen' AND c.relkind = 'r' AND c.relname LIKE 'event%'`),
  )
  const index = Number(
    postgres.sql(
      "SELECT pg_total_relation_size('omen.event_columns') + pg_total_relation_size('omen.event_blocks')",
    ),
  )
  line(
    `an event, with its index`,
    `${(bytes / events).toFixed(0)} bytes, ${(index / events).toFixed(0)} of them the index (wanted: 260)`,
  )
}
