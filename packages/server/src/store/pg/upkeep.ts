import type { EventUpkeep } from './event-upkeep.ts'
import type { Link } from './link.ts'
import type { ServerTables } from './server-tables.ts'

/** How often a node looks whether it must write index blocks, and remove what nobody needs, in milliseconds. */
const every = { index: 2_000, purge: 60_000 } as const

/** How long changes are kept for nodes that hold an older state, in milliseconds. */
const logMilliseconds = 3_600_000

interface UpkeepOptions {
  /** Begins new streams of this node in place of those whose positions come to an end. */
  readonly renewLong: () => void
  /** Whether timers begin the work too. */
  readonly isTimed: boolean
}

/** The work that one node does for all, under leases: index blocks of events, and the removal of what nobody needs. */
export class Upkeep {
  readonly #link: Link
  readonly #server: ServerTables
  readonly #events: EventUpkeep
  readonly #renewLong: () => void
  readonly #timers: readonly NodeJS.Timeout[] = []
  #isClosed = false
  #isIndexing = false
  #unindexed = 0
  #running: Promise<void> = Promise.resolve()

  constructor(link: Link, server: ServerTables, events: EventUpkeep, { renewLong, isTimed }: UpkeepOptions) {
    this.#renewLong = renewLong
    this.#link = link
    this.#server = server
    this.#events = events
    if (!isTimed) return
    this.#timers = [
      // a failure is repeated at the next occasion
      setInterval(() => void this.index().catch(() => {}), every.index),
      setInterval(() => void this.purge().catch(() => {}), every.purge),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** Writes index blocks as long as there are enough events, if no other node does so. */
  index(): Promise<void> {
    return this.#oneByOne(async () => {
      for (let isMore = true; isMore && !this.#isClosed; ) {
        // many blocks take longer than the lease
        const lease = await this.#server.lease('blocks', 3 * every.index)
        isMore = lease !== undefined && (await this.#events.index(lease))
      }
    })
  }

  /** Says that this node has recorded events: they are indexed now if they are enough for a block. */
  recorded(events: number): void {
    this.#unindexed += events
    if (this.#unindexed < this.#events.blockEvents || this.#isIndexing) return
    this.#unindexed = 0
    this.#isIndexing = true
    void this.index()
      .catch(() => {}) // it is repeated at the next occasion
      .finally(() => {
        this.#isIndexing = false
      })
  }

  /** Removes deleted items, old changes, and nodes that are long dead, if no other node does so. */
  purge(): Promise<void> {
    this.#renewLong()
    return this.#oneByOne(async () => {
      if (!(await this.#server.lease('purge', 3 * every.purge))) return
      for (const statement of [purgeLog, purgeItems, purgeNodes, purgeStreams, purgeFailures])
        await this.#link.query(statement, statement === purgeLog ? [logMilliseconds] : [])
    })
  }

  /** Ends the work, and waits for what is on its way. */
  async end(): Promise<void> {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#running
  }

  /** The lease is the node's: within the node, jobs must wait for each other. */
  #oneByOne(job: () => Promise<void>): Promise<void> {
    const run = this.#running.then(() => (this.#isClosed ? undefined : job()))
    this.#running = run.catch(() => {})
    return run
  }
}

const purgeLog = {
  name: 'purge-log',
  text: `
    DELETE FROM omen.account_log
    WHERE at < ((extract(epoch FROM clock_timestamp()) * 1000 - $1::float8) * 1000)::bigint`,
}

/** A row without a value may be removed at any time: the next upsert makes it again. */
const purgeItems = { name: 'purge-items', text: 'DELETE FROM omen.items WHERE value IS NULL' }

const purgeNodes = {
  name: 'purge-nodes',
  text: `
    DELETE FROM omen.nodes n
    WHERE beat < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000
      AND NOT EXISTS (SELECT FROM omen.begun b WHERE b.node = n.id)`,
}

/** No window of failures is longer than a day. */
const purgeFailures = {
  name: 'purge-failures',
  text: `
    DELETE FROM omen.failures
    WHERE since < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000`,
}

/** The stream with the greatest number stays, so that no number is used twice. */
const purgeStreams = {
  name: 'purge-streams',
  text: `
    DELETE FROM omen.streams s WHERE id < (SELECT max(id) FROM omen.streams)
      AND NOT EXISTS (SELECT FROM omen.events e WHERE e.stream = s.id)
      AND (closed OR (
        s.began < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000
        AND NOT EXISTS (SELECT FROM omen.nodes n WHERE n.id = s.node)
      ))`,
}
