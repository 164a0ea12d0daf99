import type { AccountId } from '../../base/index.ts'
import type { DeliveryName, DeliveryRecords, DeliveryStep, StoredFile } from '../delivery-types.ts'
import type { Link, Row } from './link.ts'

/** The states of deliveries, and their files: one row each. */
export class PgDeliveries implements DeliveryRecords {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  async read({ account, trail }: DeliveryName): Promise<string | undefined> {
    const [row] = await this.#link.query<{ value: string }>(readDelivery, [account, trail])
    return row?.value
  }

  async of(account: AccountId): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#link.query<{ trail: string; value: string }>(deliveriesOf, [account])
    return new Map(rows.map(({ trail, value }) => [trail, value]))
  }

  async files({ account, trail }: DeliveryName, chain?: string): Promise<readonly StoredFile[]> {
    const rows = await this.#link.query<Row & { chain: string; number: string; value: string }>(filesOf, [
      account,
      trail,
      chain ?? null,
    ])
    return rows.map((row) => ({ chain: row.chain, number: Number(row.number), value: row.value }))
  }

  async keep({ account, trail, before, after, files = [], listed = [] }: DeliveryStep): Promise<boolean> {
    const name = [account, trail]
    if (after === undefined) {
      const rows = await this.#link.query(endDelivery, [...name, before ?? null])
      return before === undefined ? (await this.read({ account, trail })) === undefined : rows.length > 0
    }
    const put = [
      listed,
      files.map(({ chain }) => chain),
      files.map(({ number }) => number),
      files.map(({ value }) => value),
    ]
    const rows = await (before === undefined
      ? this.#link.query(createDelivery, [...name, after, ...put])
      : this.#link.query(replaceDelivery, [...name, after, ...put, before]))
    return rows.length > 0
  }
}

const readDelivery = {
  name: 'read-delivery',
  text: 'SELECT value FROM omen.deliveries WHERE account = $1 AND trail = $2',
}

const deliveriesOf = {
  name: 'deliveries-of',
  text: 'SELECT trail, value FROM omen.deliveries WHERE account = $1',
}

const filesOf = {
  name: 'files-of',
  text: `
    SELECT chain, number::text, value FROM omen.trail_files f
    WHERE account = $1 AND trail = $2 AND ($3::text IS NULL OR chain = $3) ORDER BY f.number`,
}

/** The rows of a step whose state was kept. */
const rowsOfStep = `
    gone AS (
      DELETE FROM omen.trail_files f USING kept
      WHERE f.account = $1 AND f.trail = $2 AND f.chain = ANY($4::text[])
    ),
    put AS (
      INSERT INTO omen.trail_files (account, trail, chain, number, value)
      SELECT $1, $2, c.chain, c.number, c.value
      FROM kept, unnest($5::text[], $6::bigint[], $7::text[]) AS c(chain, number, value)
    )
    SELECT trail FROM kept`

const createDelivery = {
  name: 'create-delivery',
  text: `
    WITH kept AS (
      INSERT INTO omen.deliveries (account, trail, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING trail
    ), ${rowsOfStep}`,
}

const replaceDelivery = {
  name: 'replace-delivery',
  text: `
    WITH kept AS (
      UPDATE omen.deliveries SET value = $3 WHERE account = $1 AND trail = $2 AND value = $8 RETURNING trail
    ), ${rowsOfStep}`,
}

const endDelivery = {
  name: 'end-delivery',
  text: `
    WITH kept AS (
      DELETE FROM omen.deliveries WHERE account = $1 AND trail = $2 AND value = $3 RETURNING trail
    ), gone AS (
      DELETE FROM omen.trail_files f USING kept WHERE f.account = $1 AND f.trail = $2
    )
    SELECT trail FROM kept`,
}
