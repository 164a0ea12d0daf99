import type { Statement } from './link.ts'
import { outsideTurns } from './turns.ts'

/** The parts that a commit's statement may have besides its accounts. */
export interface CommitParts {
  readonly events: boolean
  readonly denials: boolean
  readonly fence: boolean
  /** Whether calls end that were begun elsewhere: see `Written.ended`. */
  readonly ended: boolean
  /** Whether some accounts are changed, and others only looked at. */
  readonly mixed: boolean
  /** Whether the statement may be lost if PostgreSQL's own machine fails. */
  readonly soon: boolean
}

const statements = new Map<string, Statement>()

/**
 * Returns the one statement that stores a batch of commits: it locks the accounts in the order of their ids, compares
 * their lineages, and only if none has moved does it write. It returns a row for each account that has moved, and one
 * without an account if a lease has passed on, or a call that ends is recorded already. An account that another node has a turn of counts as one that has moved. One
 * round trip, one transaction, all or nothing.
 *
 * Accounts that are only read are locked in share mode: commits of other nodes that also only read them need not wait. A batch that
 * changes others does not wait for them: the node that has the lock changes them, and two nodes that each wait for what the other one
 * changes would wait until PostgreSQL notices, a second later. Both may be refused then: their calls run again.
 */
export function commitStatement(parts: CommitParts): Statement {
  const name = `commit${parts.events ? '-events' : ''}${parts.denials ? '-denials' : ''}${parts.fence ? '-fence' : ''}${parts.ended ? '-ended' : ''}${parts.mixed ? '-mixed' : ''}${parts.soon ? '-soon' : ''}`
  let statement = statements.get(name)
  if (statement === undefined) {
    statement = { name, text: textOf(parts) }
    statements.set(name, statement)
  }
  return statement
}

const ifFresh = 'WHERE NOT EXISTS (SELECT FROM stale)'

function textOf({ events, denials, fence, ended, mixed, soon }: CommitParts): string {
  let parameters = accountParameters
  const next = (type: string) => `$${++parameters}::${type}`
  const table = (name: string, columns: Readonly<Record<string, string>>) =>
    `unnest(${Object.values(columns)
      .map((type) => next(`${type}[]`))
      .join(', ')}) AS ${name}(${Object.keys(columns).join(', ')})`
  const ids = ended ? next('text[]') : ''
  const pieces = [
    `given AS (
      SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::int[]) AS g(account, base, next, steps)
    )`,
    `changed AS MATERIALIZED (
      SELECT id, revision, lineage FROM omen.accounts
      WHERE id IN (SELECT account FROM given WHERE next IS NOT NULL) ORDER BY id FOR NO KEY UPDATE
    )`,
    `looked_at AS MATERIALIZED (
      SELECT id, revision, lineage FROM omen.accounts
      WHERE id IN (SELECT account FROM given WHERE next IS NULL) AND (SELECT count(*) FROM changed) >= 0
      ORDER BY id FOR SHARE ${mixed ? 'SKIP LOCKED' : ''}
    )`,
    `known AS (SELECT * FROM changed UNION ALL SELECT * FROM looked_at)`,
    ...(ended
      ? [`open AS MATERIALIZED (SELECT id FROM omen.begun WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE)`]
      : []),
    `stale AS MATERIALIZED (
      SELECT g.account, k.lineage FROM given g LEFT JOIN known k ON k.id = g.account
      WHERE k.lineage IS DISTINCT FROM g.base
      UNION ALL SELECT account, NULL FROM given
        WHERE next IS NOT NULL AND account <> ALL ($15::bigint[]) AND NOT ${outsideTurns('account')}
      UNION ALL SELECT -1, NULL WHERE NOT EXISTS (
        SELECT FROM omen.streams WHERE id = $14::int AND NOT closed FOR SHARE
      )
      ${ended ? `UNION ALL SELECT -2, NULL WHERE (SELECT count(*) FROM open) < cardinality(${ids})` : ''}
      ${fence ? fenceText(next) : ''}
    )`,
    `clock AS MATERIALIZED (
      SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros
      ${soon ? ", set_config('synchronous_commit', 'off', true)" : ''}
    )`,
    `made AS (
      INSERT INTO omen.accounts (id, revision, lineage, born)
      SELECT account, steps, next, micros + row_number() OVER () FROM given, clock
      ${ifFresh} AND base IS NULL AND next IS NOT NULL
    )`,
    `moved AS (
      UPDATE omen.accounts a SET revision = a.revision + g.steps, lineage = g.next FROM given g
      ${ifFresh} AND a.id = g.account AND g.base IS NOT NULL AND g.next IS NOT NULL
    )`,
    `logged AS (
      INSERT INTO omen.account_log (account, revision, lineage, base, delta, at)
      SELECT l.account, coalesce(k.revision, 0) + l.step, l.next, l.base, l.delta, micros
      FROM clock, unnest($5::bigint[], $6::int[], $7::uuid[], $8::uuid[], $9::text[]) AS l(account, step, next, base, delta)
      LEFT JOIN known k ON k.id = l.account ${ifFresh}
    )`,
    `put AS (
      INSERT INTO omen.items (account, kind, id, value)
      SELECT * FROM unnest($10::bigint[], $11::text[], $12::text[], $13::text[]) AS i(account, kind, id, value) ${ifFresh}
      ON CONFLICT (account, kind, id) DO UPDATE SET value = excluded.value
    )`,
  ]
  if (ended) pieces.push(`done AS (DELETE FROM omen.begun ${ifFresh} AND id = ANY(${ids}))`)
  if (events)
    pieces.push(`recorded AS (
      INSERT INTO omen.events (stream, last, first, from_time, to_time, kept, events, body, terms)
      SELECT stream, last, first, from_time, to_time, micros, last - first + 1, body, terms::int[] FROM clock, ${table(
        'e',
        {
          stream: 'int',
          last: 'bigint',
          first: 'bigint',
          from_time: 'float8',
          to_time: 'float8',
          body: 'bytea',
          terms: 'text',
        },
      )} ${ifFresh}
    )`)
  if (denials)
    pieces.push(
      `denied AS (
      INSERT INTO omen.denials (id, request, kept, time, size, account, action, resource, names, record)
      SELECT id, request, micros + number, time, size, account, action, resource, names, record FROM clock, ${table(
        'd',
        {
          id: 'text',
          request: 'text',
          number: 'int',
          time: 'float8',
          size: 'int',
          account: 'bigint',
          action: 'text',
          resource: 'text',
          names: 'text',
          record: 'text',
        },
      )} ${ifFresh}
    )`,
      `documents AS (
      INSERT INTO omen.denial_documents (hash, used, kept, text)
      SELECT hash, used, micros, text FROM clock, ${table('t', { hash: 'text', used: 'float8', text: 'text' })} ${ifFresh}
      ON CONFLICT (hash) DO UPDATE SET used = greatest(denial_documents.used, excluded.used), kept = excluded.kept
    )`,
    )
  return `WITH ${pieces.join(',\n')}\nSELECT account::text, lineage::text FROM stale`
}

/** The parameters that every batch has: those of `CommitBatch.parameters`, the stream, and the accounts in a turn. */
const accountParameters = 15

function fenceText(next: (type: string) => string): string {
  return `UNION ALL SELECT 0, NULL FROM (SELECT ${next('text')} AS job, ${next('bigint')} AS token) AS f
      WHERE NOT EXISTS (
        SELECT FROM omen.leases l WHERE l.job = f.job AND l.token = f.token FOR SHARE
      )`
}
