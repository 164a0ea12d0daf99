import { openPgStore, type PgStore, type Store } from '../../packages/server/src/store/index.ts'
import type { Postgres } from '../../test/support/index.ts'
import { line, median, quantile, startDatabase } from './nodes-house.ts'
import { account, event, lookUps } from './store.ts'

/** Events among which look-ups are timed. */
const events = Number(process.env.BENCH_EVENTS ?? 1_000_000)
const nodes = 4
const batch = 500
/** Events that are built at once: building them is no part of the figures. */
const portion = 20_000
/** Events of each stream that are indexed a second time. */
const reindexed = 100_000
/** Batches of a node that are on their way. */
const together = 4

/** How fast nodes record, what an event takes, and how long pages of look-ups take. */
export async function eventsOfNodes(): Promise<void> {
  await using postgres = await startDatabase()
  const stores = await Promise.all(Array.from({ length: nodes }, () => openPgStore({ url: postgres.url() })))
  try {
    const rates: number[] = []
    const costs: number[] = []
    const pages: number[] = []
    for (let n = 0; n < events; n += portion) {
      const index = (n / portion) % nodes
      const { rate, micros } = await recordPortion(stores[index]!, n - index * portion + index)
      rates.push(rate)
      costs.push(micros)
      pages.push(await firstPage(stores[(index + 1) % nodes]!))
    }
    const left = unindexed(postgres)
    line(
      `events of a node, ${batch} at a time`,
      `${Math.round(median(rates)).toLocaleString('en')}/s, at most ${Math.round(Math.max(...rates)).toLocaleString('en')}/s (wanted: 50,000), ${median(costs).toFixed(1)} µs of the node's processor time each`,
    )
    line(
      'a page of another node after each 20,000 events',
      `p50 ${quantile(pages, 0.5).toFixed(1)} ms, slowest ${Math.max(...pages).toFixed(1)} ms (wanted: 100); ${left.toLocaleString('en')} events in no block at the end`,
    )
    await indexed(stores, postgres)
    sizes(postgres)
    await indexAgain(stores, postgres)
    line('the first page of a node that starts', await firstPageOfNode(postgres))
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

/** How many milliseconds a page takes of a value that one of fifty events has. */
async function firstPage(store: Store): Promise<number> {
  const began = performance.now()
  await store.lookUpEvents({ account, limit: 50, attribute: { key: 'Username', value: 'user-7' } })
  return performance.now() - began
}

/** The same of a node that has read nothing yet, and of its next page. */
async function firstPageOfNode(postgres: Postgres): Promise<string> {
  const node = await openPgStore({ url: postgres.url() })
  try {
    const [first, next] = [await firstPage(node), await firstPage(node)]
    return `${first.toFixed(0)} ms, the next ${next.toFixed(0)} ms (wanted: 100)`
  } finally {
    await node.close()
  }
}

/** Events that are in no block. */
function unindexed(postgres: Postgres): number {
  return waitingIn(postgres, 'sum')
}

/** Waits until the nodes have indexed what they recorded: whichever has the lease does it. */
async function indexed(stores: readonly PgStore[], postgres: Postgres): Promise<void> {
  while (waitingIn(postgres, 'max') >= 2_048) for (const store of stores) await store.tidyUp()
}

/** How fast events get an index: the newest of each stream lose theirs, and get it again. */
async function indexAgain(stores: readonly PgStore[], postgres: Postgres): Promise<void> {
  const before = unindexed(postgres)
  postgres.sql(`DELETE FROM omen.event_blocks b
    WHERE last > (SELECT max(last) - ${reindexed} FROM omen.event_blocks WHERE stream = b.stream)`)
  const lost = unindexed(postgres) - before
  postgres.sql(`DELETE FROM omen.event_terms c
    WHERE NOT EXISTS (SELECT FROM omen.event_blocks b WHERE b.stream = c.stream AND b.last = c.last)`)
  const page = await firstPageOfNode(postgres)
  const cpu = process.cpuUsage()
  const began = performance.now()
  await indexed(stores, postgres)
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  line(
    `events that a node puts into blocks`,
    `${Math.round(lost / seconds).toLocaleString('en')}/s, ${((user + system) / lost).toFixed(1)} µs of its processor time each; the first page of a node that starts while ${lost.toLocaleString('en')} are in none: ${page}`,
  )
}

function waitingIn(postgres: Postgres, fold: 'sum' | 'max'): number {
  return Number(
    postgres.sql(`SELECT ${fold}(last - coalesce((SELECT max(last) FROM omen.event_blocks b WHERE b.stream = e.stream), 0))
      FROM (SELECT stream, max(last) AS last FROM omen.events GROUP BY stream) AS e`),
  )
}

function sizes(postgres: Postgres): void {
  const bytes = Number(
    postgres.sql(`SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'omen' AND c.relkind = 'r' AND c.relname LIKE 'event%'`),
  )
  const index = Number(
    postgres.sql(
      "SELECT pg_total_relation_size('omen.event_terms') + pg_total_relation_size('omen.event_blocks')",
    ),
  )
  line(
    `an event, with its index`,
    `${(bytes / events).toFixed(0)} bytes, ${(index / events).toFixed(0)} of them the index (wanted: 260)`,
  )
}
