import { type QueuedWork, type WorkQueue, workMost } from '../work-types.ts'
import type { Link } from './link.ts'

/** Work that outlives its node: one row each, with the node that has claimed it. */
export class PgWorks implements WorkQueue {
  readonly #link: Link
  readonly #node: string

  constructor(link: Link, node: string) {
    this.#link = link
    this.#node = node
  }

  async add({ id, value }: QueuedWork, milliseconds: number): Promise<boolean> {
    const { works, characters } = workMost
    const values = [id, this.#node, milliseconds, value, value.length, works, characters]
    return (await this.#link.query(addWork, values)).length > 0
  }

  claim(limit: number, milliseconds: number): Promise<readonly QueuedWork[]> {
    return this.#link.query<{ id: string; value: string }>(claimWorks, [this.#node, limit, milliseconds])
  }

  async hold(ids: readonly string[], milliseconds: number): Promise<readonly string[]> {
    const rows = await this.#link.query<{ id: string }>(holdWorks, [this.#node, ids, milliseconds])
    return rows.map(({ id }) => id)
  }

  async end(id: string, again?: { readonly value: string; readonly after: number }): Promise<void> {
    if (again === undefined) await this.#link.query(endWork, [id, this.#node])
    else await this.#link.query(repeatWork, [id, this.#node, again.value, again.value.length, again.after])
  }

  all(): Promise<readonly QueuedWork[]> {
    return this.#link.query<{ id: string; value: string }>(allWorks, [])
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#link.query(someWork, [])).length === 0
  }
}

const clock = 'clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now)'

const addWork = {
  name: 'add-work',
  text: `
    WITH ${clock}, known AS (SELECT count(*) AS works, coalesce(sum(size), 0) AS size FROM omen.works)
    INSERT INTO omen.works (id, due, holder, until, size, value)
    SELECT $1, now, $2::uuid, CASE WHEN $3::bigint > 0 THEN now + $3 ELSE 0 END, $5::int, $4::text FROM clock, known
    WHERE known.works < $6::bigint AND known.size + $5::int <= $7::bigint
    RETURNING id`,
}

const claimWorks = {
  name: 'claim-works',
  text: `
    WITH ${clock}, due AS (
      SELECT id FROM omen.works, clock WHERE due <= now AND until <= now
      ORDER BY due, id LIMIT $2 FOR UPDATE OF works SKIP LOCKED
    )
    UPDATE omen.works w SET holder = $1::uuid, until = now + $3::bigint FROM due, clock
    WHERE w.id = due.id RETURNING w.id, w.value`,
}

const holdWorks = {
  name: 'hold-works',
  text: `
    WITH ${clock} UPDATE omen.works SET until = now + $3::bigint FROM clock
    WHERE id = ANY($2::text[]) AND holder = $1::uuid AND until > 0 RETURNING id`,
}

const endWork = { name: 'end-work', text: 'DELETE FROM omen.works WHERE id = $1 AND holder = $2::uuid' }

const repeatWork = {
  name: 'repeat-work',
  text: `
    WITH ${clock} UPDATE omen.works SET value = $3::text, size = $4::int, due = now + $5::bigint, until = 0 FROM clock
    WHERE id = $1 AND holder = $2::uuid`,
}

const allWorks = { name: 'all-works', text: 'SELECT id, value FROM omen.works ORDER BY due, id' }

const someWork = { name: 'some-work', text: 'SELECT id FROM omen.works LIMIT 1' }
