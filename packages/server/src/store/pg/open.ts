import { type Clock, systemClock, systemRandom, uuid } from '../../base/index.ts'
import { StoreDamaged } from '../types.ts'
import { AccountReader } from './accounts.ts'
import { type PgAddress, type PgEnvironment, parsePgUrl } from './address.ts'
import { Beat } from './beat.ts'
import { Committer } from './committer.ts'
import { PgDeliveries } from './deliveries.ts'
import { DenialRecords } from './denials.ts'
import { EventLookup } from './event-lookup.ts'
import { EventUpkeep } from './event-upkeep.ts'
import { EventReader } from './events.ts'
import { openingFailure } from './failure.ts'
import { LastUseRecords } from './last-uses.ts'
import { Connector, Link, type Patience } from './link.ts'
import { migrateSchema, readSchema } from './migrate.ts'
import { newestVersion, oldestVersion } from './schema.ts'
import { ServerTables } from './server-tables.ts'
import { StandbyCount } from './standbys.ts'
import { PgStore } from './store.ts'
import { EventStream } from './stream.ts'
import { Transactions } from './transaction.ts'
import { Turns } from './turns.ts'
import { Upkeep } from './upkeep.ts'
import { PgWorks } from './works.ts'

/** Events in a block of the index. */
const blockEvents = 2048

/** How a store on PostgreSQL is opened. */
export interface PgOptions {
  /** `postgres://user@host,host2/database?sslmode=verify-full`. */
  readonly url: string
  readonly environment?: PgEnvironment
  /** The operators' name of this node. */
  readonly nodeName?: string
  /** The program's version. */
  readonly version?: string
  readonly clock?: Clock
  /** Events in a block of the index. Tests use smaller blocks. */
  readonly eventsInBlock?: number
  /** False for a test that asks for `tidyUp` itself: no timer of the store takes a lease then. True if absent. */
  readonly isTidiedByTimer?: boolean
  /** How long a connection may take to open, an answer to come, and a lock to be free, in milliseconds. Tests wait less. */
  readonly patience?: Partial<Patience>
}

/**
 * Opens the store, and creates its schema in an empty database. A schema of an earlier release is used as it is:
 * `migratePgStore` completes it. Rejects with StoreDamaged, in one line for the terminal, if the database cannot be
 * reached or used.
 */
export async function openPgStore(options: PgOptions): Promise<PgStore> {
  const address = parsePgUrl(options.url, options.environment)
  const connector = new Connector(address, options.patience)
  try {
    await prepareSchema(connector, address)
    return await openParts(connector, options)
  } catch (error) {
    throw openingFailure(error, address)
  }
}

/** Completes the schema. Returns its version before and after. Rejects with StoreDamaged as `openPgStore` does. */
export async function migratePgStore(
  options: Pick<PgOptions, 'url' | 'environment'>,
): Promise<{ readonly from: number; readonly to: number }> {
  const address = parsePgUrl(options.url, options.environment)
  try {
    const client = await new Connector(address).connectFirst('migrate')
    try {
      const migrated = await migrateSchema(client)
      if (migrated.to > newestVersion)
        throw new StoreDamaged(
          `${address.description} has a newer schema (${migrated.to}; this Omen knows ${newestVersion}): nothing was changed`,
        )
      return migrated
    } finally {
      await client.end()
    }
  } catch (error) {
    throw openingFailure(error, address)
  }
}

async function prepareSchema(connector: Connector, { description }: PgAddress): Promise<void> {
  const client = await connector.connectFirst('schema')
  try {
    let schema = await readSchema(client)
    if (schema === undefined || schema.version === 0) {
      await migrateSchema(client)
      schema = await readSchema(client)
    }
    const { version = 0, least = 0 } = schema ?? {}
    if (least > newestVersion)
      throw new StoreDamaged(
        `${description} was changed by a newer Omen (schema ${version}; this one knows ${newestVersion}): upgrade this node`,
      )
    if (version < oldestVersion)
      throw new StoreDamaged(
        `${description} has schema ${version}, and this Omen needs ${oldestVersion}: run omen store migrate`,
      )
  } finally {
    await client.end()
  }
}

async function openParts(connector: Connector, options: PgOptions): Promise<PgStore> {
  const { clock = systemClock, nodeName = 'omen', version = '' } = options
  const { eventsInBlock = blockEvents, isTidiedByTimer = true } = options
  const node = uuid(systemRandom)
  const streams = {
    durable: new EventStream(node),
    soon: new EventStream(node),
  }
  const links = {
    durable: new Link(connector, 'durable', (client) => streams.durable.begin(client)),
    soon: new Link(connector, 'soon', (client) => streams.soon.begin(client)),
    turns: new Link(connector, 'turns'),
    asks: new Link(connector, 'asks'),
    look: new Link(connector, 'look'),
    beats: new Link(connector, 'beats'),
  }
  const needed = Object.values(links)
  const all = [...needed]
  const beats = new ServerTables(links.beats, node)
  try {
    await links.beats.open()
    // before its streams: a stream of a node that nobody knows may be removed
    await beats.join(nodeName, version)
    const opened = await Promise.allSettled(all.map((link) => link.isOpen || link.open()))
    const failed = opened.find((each) => each.status === 'rejected')
    if (failed) throw failed.reason
  } catch (error) {
    await Promise.allSettled(all.map((link) => link.close()))
    throw error
  }
  const denials = new DenialRecords(links.look)
  const onDenials = (packs: Parameters<DenialRecords['stored']>[0]) =>
    void denials.stored(packs).catch(() => {})
  const server = new ServerTables(links.asks, node)
  const lastUses = new LastUseRecords(links.asks)
  const history = new EventUpkeep(links.look, eventsInBlock)
  const turns = new Turns(links.turns, async () => {
    const link = new Link(connector, 'turns')
    await link.open()
    all.push(link)
    return link
  })
  const durable = new Committer(links.durable, streams.durable, turns, { onDenials })
  const soon = new Committer(links.soon, streams.soon, turns, { soon: true, onDenials })
  const large = new Transactions(links.durable, streams.durable, turns, onDenials)
  const renewLong = () => {
    for (const name of ['durable', 'soon'] as const)
      if (streams[name].isLong) links[name].renew('its stream of events is long')
  }
  const forgetReset = () => {
    for (const writer of [durable, soon, large]) writer.forgetDocuments()
    denials.clear()
  }
  const standbys = new StandbyCount(links.asks)
  await standbys.count()
  return new PgStore(connector.address.description, {
    durable,
    soon,
    large,
    turns,
    forgetReset,
    accounts: new AccountReader(links.asks),
    server,
    lastUses,
    deliveries: new PgDeliveries(links.asks),
    works: new PgWorks(links.asks, node),
    beat: new Beat(beats, clock, { asks: links.asks, others: [links.soon, links.look], all }, forgetReset),
    standbys,
    look: links.look,
    events: new EventReader(links.look),
    lookup: new EventLookup(links.look),
    history,
    upkeep: new Upkeep(links.look, server, history, { renewLong, isTimed: isTidiedByTimer }),
    denials,
    needed,
    links: all,
  })
}
