import type { AccountId } from '../../base/index.ts'
import type { StoredUse } from '../account-types.ts'
import type { Link } from './link.ts'

/** The last uses of access keys and roles: one row each. */
export class LastUseRecords {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  async of(account: AccountId): Promise<readonly StoredUse[]> {
    const rows = await this.#link.query<{ id: string; value: string; at: string }>(readUses, [account])
    return rows.map(({ id, value, at }) => {
      const { service, region } = JSON.parse(value) as StoredUse // `keep` wrote it
      return { account, id, service, region, at: Number(at) }
    })
  }

  async keep(uses: readonly StoredUse[], gone: readonly Pick<StoredUse, 'account' | 'id'>[]): Promise<void> {
    if (uses.length > 0) {
      // nodes that keep the same rows at the same time must take them in one order
      const rows = [...uses].sort((a, b) => (a.account + a.id < b.account + b.id ? -1 : 1))
      await this.#link.query(keepUses, [
        rows.map(({ account }) => account),
        rows.map(({ id }) => id),
        rows.map(({ service, region }) => JSON.stringify({ service, region })),
        rows.map(({ at }) => at),
      ])
    }
    if (gone.length > 0)
      await this.#link.query(deleteUses, [gone.map(({ account }) => account), gone.map(({ id }) => id)])
  }
}

const readUses = {
  name: 'read-uses',
  text: "SELECT id, value, at FROM omen.last_uses WHERE account = $1 AND kind = 'call'",
}

const keepUses = {
  name: 'keep-uses',
  text: `
    INSERT INTO omen.last_uses AS known (account, kind, id, value, at)
      SELECT account, 'call', id, value, at
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) AS given (account, id, value, at)
    ON CONFLICT (account, kind, id) DO UPDATE SET value = excluded.value, at = excluded.at
      WHERE excluded.at > known.at
  `,
}

const deleteUses = {
  name: 'delete-uses',
  text: `
    DELETE FROM omen.last_uses AS known USING unnest($1::bigint[], $2::text[]) AS gone (account, id)
      WHERE known.account = gone.account AND known.kind = 'call' AND known.id = gone.id
  `,
}
