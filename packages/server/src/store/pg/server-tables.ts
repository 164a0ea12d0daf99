import type { LeaseToken, StoredEvent } from '../types.ts'
import type { Link } from './link.ts'

/** A node whose last beat is older than this, in milliseconds, is taken for dead. */
const deadMilliseconds = 30_000

/** The answer to a beat; see `HouseTables.beat`. */
interface Beaten {
  readonly [column: string]: unknown
  readonly least: number
  readonly beat: string
  readonly epoch: string
}

/** The tables that belong to the server and not to an account: settings, leases, nodes, and calls that have begun. */
export class ServerTables {
  readonly #link: Link
  readonly #node: string
  #announced = ''
  #introduced: readonly [name: string, version: string] = ['', '']

  constructor(link: Link, node: string) {
    this.#link = link
    this.#node = node
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#link.query<{ name: string; value: string }>(allSettings, [])
    return new Map(rows.map(({ name, value }) => [name, value]))
  }

  async readSetting(name: string): Promise<string | undefined> {
    const [row] = await this.#link.query<{ value: string }>(readSetting, [name])
    return row?.value
  }

  async swapSetting(name: string, before: string | undefined, after: string | undefined): Promise<boolean> {
    if (before === undefined && after === undefined) return (await this.readSetting(name)) === undefined
    if (before === undefined) return (await this.#link.query(createSetting, [name, after])).length > 0
    if (after === undefined) return (await this.#link.query(deleteSetting, [name, before])).length > 0
    return (await this.#link.query(replaceSetting, [name, before, after])).length > 0
  }

  async countFailures(name: string, by: number, window: number): Promise<number> {
    const [row] = await this.#link.query<{ count: number }>(countFailures, [name, by, window])
    return Number(row?.count ?? 0)
  }

  async lease(job: string, milliseconds: number): Promise<LeaseToken | undefined> {
    const [row] = await this.#link.query<{ token: string }>(takeLease, [job, this.#node, milliseconds])
    return row && { job, token: Number(row.token) }
  }

  async release({ job, token }: LeaseToken): Promise<void> {
    await this.#link.query(releaseLease, [job, this.#node, token])
  }

  /** Introduces the node, with its name and its version. */
  async join(name: string, version: string): Promise<void> {
    this.#introduced = [name, version]
    await this.#link.query(joinNode, [this.#node, name, version])
  }

  /** Shows the other nodes which master keys this one knows. */
  async announceKeys(keys: string): Promise<void> {
    if (keys === this.#announced) return
    await this.#link.query(announceKeys, [this.#node, keys])
    this.#announced = keys
  }

  /** Returns the master keys that living nodes know. Processes that serve no calls show none, and are left out. */
  nodeKeys(): Promise<readonly { readonly name: string; readonly keys: string }[]> {
    return this.#link.query<{ name: string; keys: string }>(nodeKeys, [deadMilliseconds])
  }

  /**
   * Notes that the node lives. Returns the oldest schema that a program must know to write, the time of the beat, and a name
   * that the database gets anew whenever it is emptied.
   */
  async beat(): Promise<Beaten> {
    for (;;) {
      const [row] = await this.#link.query<Beaten>(beatNode, [this.#node])
      if (row !== undefined) return row
      // a standby that was promoted may not know the node, nor a database that took it for dead long ago
      await this.#link.query(joinNode, [this.#node, ...this.#introduced])
      this.#announced = ''
    }
  }

  /** Returns whether a connection reaches a database that has the node's newest beat; with `isLate`, that beat or a later one. */
  async isSeen(beat: string, isLate: boolean, link = this.#link): Promise<boolean> {
    return (await link.query(isLate ? seesLateBeat : seesBeat, [this.#node, beat])).length > 0
  }

  /** Notes that the node ends: others need not wait until it is taken for dead. */
  async leave(): Promise<void> {
    await this.#link.query(leaveNode, [this.#node])
  }

  async begin(events: readonly StoredEvent[]): Promise<void> {
    await this.#link.query(beginCalls, [
      events.map(({ id }) => id),
      this.#node,
      events.map((event) => JSON.stringify(event)),
    ])
  }

  async end(ids: readonly string[]): Promise<void> {
    await this.#link.query(endCalls, [ids])
  }

  /** Returns those of some calls that have begun and are not known to have ended. */
  async open(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#link.query<{ id: string }>(openCalls, [ids])
    return new Set(rows.map(({ id }) => id))
  }

  /** Returns calls that have begun and are not known to have ended. `isLeft`: the node that began it is dead. */
  async begun(limit: number): Promise<readonly { readonly event: StoredEvent; readonly isLeft: boolean }[]> {
    const rows = await this.#link.query<{ event: string; left: boolean }>(begunCalls, [
      deadMilliseconds,
      limit,
    ])
    return rows.map(({ event, left }) => ({ event: eventOf(event), isLeft: left }))
  }
}

function eventOf(text: string): StoredEvent {
  const event = JSON.parse(text) as StoredEvent // `begin` wrote it
  // JSON leaves out what is undefined
  return { ...event, username: event.username, accessKeyId: event.accessKeyId, errorCode: event.errorCode }
}

const now = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

const allSettings = { name: 'all-settings', text: 'SELECT name, value FROM omen.settings' }

const readSetting = { name: 'read-setting', text: 'SELECT value FROM omen.settings WHERE name = $1' }

const countFailures = {
  name: 'count-failures',
  text: `
    WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now)
    INSERT INTO omen.failures AS known (name, since, count)
      SELECT $1, now, greatest($2::int, 0) FROM clock
    ON CONFLICT (name) DO UPDATE SET
      since = CASE WHEN known.since + $3::bigint <= excluded.since THEN excluded.since ELSE known.since END,
      count = greatest(0, $2::int + CASE WHEN known.since + $3::bigint <= excluded.since THEN 0 ELSE known.count END)
    RETURNING count`,
}

const createSetting = {
  name: 'create-setting',
  text: 'INSERT INTO omen.settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
}

const replaceSetting = {
  name: 'replace-setting',
  text: 'UPDATE omen.settings SET value = $3 WHERE name = $1 AND value = $2 RETURNING name',
}

const deleteSetting = {
  name: 'delete-setting',
  text: 'DELETE FROM omen.settings WHERE name = $1 AND value = $2 RETURNING name',
}

/** A lease that was over gets a new token even for the same holder: it may have been paused in between. */
const takeLease = {
  name: 'take-lease',
  text: `
    INSERT INTO omen.leases AS l (job, holder, until, token) VALUES ($1, $2::uuid, ${now} + $3::bigint, 1)
    ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = excluded.until,
      token = CASE WHEN l.holder = excluded.holder AND l.until > ${now} THEN l.token ELSE l.token + 1 END
    WHERE l.holder = excluded.holder OR l.until <= ${now}
    RETURNING token`,
}

const releaseLease = {
  name: 'release-lease',
  text: 'UPDATE omen.leases SET until = 0 WHERE job = $1 AND holder = $2::uuid AND token = $3::bigint',
}

const joinNode = {
  name: 'join-node',
  text: `
    INSERT INTO omen.nodes (id, name, version, began, beat) VALUES ($1::uuid, $2, $3, ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET beat = excluded.beat`,
}

const announceKeys = { name: 'announce-keys', text: 'UPDATE omen.nodes SET keys = $2 WHERE id = $1::uuid' }

const nodeKeys = {
  name: 'node-keys',
  text: `SELECT name, keys FROM omen.nodes WHERE beat > ${now} - $1::bigint AND keys <> ''`,
}

const beatNode = {
  name: 'beat',
  text: `
    UPDATE omen.nodes SET beat = ${now} WHERE id = $1::uuid
    RETURNING (SELECT least FROM omen.schema), beat::text, (SELECT epoch::text FROM omen.schema)`,
}

const seesBeat = {
  name: 'sees-beat',
  text: 'SELECT 1 AS seen FROM omen.nodes WHERE id = $1::uuid AND beat = $2::bigint',
}

const seesLateBeat = {
  name: 'sees-late-beat',
  text: 'SELECT 1 AS seen FROM omen.nodes WHERE id = $1::uuid AND beat >= $2::bigint',
}

const leaveNode = { name: 'leave', text: 'UPDATE omen.nodes SET beat = 0 WHERE id = $1::uuid' }

const beginCalls = {
  name: 'begin-calls',
  text: `
    WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO omen.begun (id, node, at, event)
    SELECT c.id, $2::uuid, ${now}, c.event FROM soon, unnest($1::text[], $3::text[]) AS c(id, event)
    ON CONFLICT (id) DO NOTHING`,
}

const endCalls = {
  name: 'end-calls',
  text: `
    WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    DELETE FROM omen.begun USING soon WHERE id = ANY($1::text[])`,
}

const openCalls = { name: 'open-calls', text: 'SELECT id FROM omen.begun WHERE id = ANY($1::text[])' }

const begunCalls = {
  name: 'begun-calls',
  text: `
    SELECT b.event, n.beat IS NULL OR n.beat < ${now} - $1::bigint AS left
    FROM omen.begun b LEFT JOIN omen.nodes n ON n.id = b.node ORDER BY "left" DESC, b.at, b.id LIMIT $2`,
}
