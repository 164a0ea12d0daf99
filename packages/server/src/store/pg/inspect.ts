import { type PgEnvironment, parsePgUrl } from './address.ts'
import { openingFailure } from './failure.ts'
import { Connector } from './link.ts'
import { readSchema } from './migrate.ts'
import { newestVersion } from './schema.ts'
import { countStandbys, standbysIn } from './standbys.ts'

/** The state of a database, for operators. */
export interface PgInspection {
  readonly description: string
  /** PostgreSQL's version. */
  readonly server: string
  /** The version of Omen's schema; undefined if there is none. */
  readonly schema: number | undefined
  /** The version that this program knows. */
  readonly newestSchema: number
  readonly accounts: number
  /** The nodes that beat within the last 30 seconds. */
  readonly nodes: readonly { readonly name: string; readonly version: string }[]
  /** PostgreSQL's setting: what a commit waits for. */
  readonly synchronousCommit: string
  /** Standbys that a commit waits for; undefined if this user may not see them. */
  readonly synchronousStandbys: number | undefined
  readonly encrypted: boolean
}

/** Looks at a database without changing it. Rejects with StoreDamaged, in one line, if it cannot be reached. */
export async function inspectPgStore(options: {
  readonly url: string
  readonly environment?: PgEnvironment
}): Promise<PgInspection> {
  const address = parsePgUrl(options.url, options.environment)
  try {
    const client = await new Connector(address).connect('check')
    try {
      const one = async (text: string) => (await client.query(text)).rows[0]
      const schema = await readSchema(client)
      const has = (schema?.version ?? 0) > 0
      const { server, sync } = await one(
        `SELECT current_setting('server_version') AS server, current_setting('synchronous_commit') AS sync`,
      )
      const standbys = standbysIn(await one(countStandbys.text))
      const { encrypted } = await one(
        'SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted',
      )
      const nodes = has
        ? await client.query(
            `SELECT name, version FROM omen.nodes
              WHERE beat > (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 30000 ORDER BY began`,
          )
        : { rows: [] }
      return {
        description: address.description,
        server,
        schema: schema?.version,
        newestSchema: newestVersion,
        accounts: has
          ? (await one('SELECT count(*)::int AS accounts FROM omen.accounts WHERE id < 1000000000000'))
              .accounts
          : 0,
        nodes: nodes.rows,
        synchronousCommit: sync,
        synchronousStandbys: standbys?.count,
        encrypted,
      }
    } finally {
      await client.end()
    }
  } catch (error) {
    throw openingFailure(error, address)
  }
}
