import type { AccountReader } from './accounts.ts'
import type { Beat } from './beat.ts'
import type { Committer } from './committer.ts'
import type { PgDeliveries } from './deliveries.ts'
import type { DenialRecords } from './denials.ts'
import type { EventLookup } from './event-lookup.ts'
import type { EventUpkeep } from './event-upkeep.ts'
import type { EventReader } from './events.ts'
import type { LastUseRecords } from './last-uses.ts'
import type { Link } from './link.ts'
import type { ServerTables } from './server-tables.ts'
import type { StandbyCount } from './standbys.ts'
import type { Transactions } from './transaction.ts'
import type { Turns } from './turns.ts'
import type { Upkeep } from './upkeep.ts'
import type { PgWorks } from './works.ts'

/** The parts of a store on PostgreSQL. Its connections are named by what they are for. */
export interface Parts {
  /** Commits that wait for the disk. */
  readonly durable: Committer
  /** Events that need not. */
  readonly soon: Committer
  readonly turns: Turns
  /** Commits that need several statements, on the connection of `durable`. */
  readonly large: Transactions
  /** Forgets what the node knows of denials. It must be called when the database is emptied, here or by another node. */
  readonly forgetReset: () => void
  /** Quick questions: states and settings. */
  readonly accounts: AccountReader
  readonly server: ServerTables
  readonly lastUses: LastUseRecords
  readonly deliveries: PgDeliveries
  readonly works: PgWorks
  /** On a connection of its own: a beat that hangs holds up nobody. */
  readonly beat: Beat
  readonly standbys: StandbyCount
  /** Questions that may take long. */
  readonly look: Link
  readonly events: EventReader
  readonly lookup: EventLookup
  readonly history: EventUpkeep
  readonly upkeep: Upkeep
  readonly denials: DenialRecords
  /** Without one of these, the node serves no calls. */
  readonly needed: readonly Link[]
  /** All connections, with those that turns of several accounts take. */
  readonly links: readonly Link[]
}
