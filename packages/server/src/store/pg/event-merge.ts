import { eventsMost, joined, lengthMost, sealed } from '../events/chunk.ts'
import type { LeaseToken } from '../types.ts'
import { byteaArray, int4Array, int8Array } from './arrays.ts'
import { chunkOf } from './events.ts'
import type { Link } from './link.ts'

/** Rows are merged if they were stored in the same time of so many microseconds, so that a search shows streams in the order of their events. */
const microsecondsTogether = 60_000_000

/** Runs of rows that are merged by one statement. */
const runsTogether = 16

/** A row of a run, and the run's first and last position and how many events it has. */
interface RunRow {
  readonly [column: string]: unknown
  readonly run_first: string
  readonly run_last: string
  readonly run_events: number
  readonly first: string
  readonly last: string
  readonly body: Buffer
}

/**
 * Merges rows of the next block of a stream: those of `eventsMost` consecutive positions become one if they are less than half full and
 * not long. Calls that are recorded alone leave a row each, which takes six times as many bytes. Only the holder of the lease for
 * blocks does so, and a run of rows that another node has cut meanwhile is left as it is.
 */
export async function mergeRows(
  link: Link,
  { job, token }: LeaseToken,
  { stream, after, events }: { readonly stream: number; readonly after: string; readonly events: number },
): Promise<void> {
  for (let begin = after, isMore = true; isMore; ) {
    const rows = await link.query<RunRow>(findRuns, [stream, after, begin, events])
    const runs = [...Map.groupBy(rows, ({ run_last }) => run_last).values()]
    const merged: { first: string; last: string; events: number; body: Uint8Array }[] = []
    for (const run of runs) {
      const { run_first: first, run_last: last, run_events: events } = run[0]! // a group has a row
      begin = last
      const { text } = joined(Number(first), Number(last), run.map(chunkOf))
      if (text.length <= lengthMost) merged.push({ first, last, events, body: sealed(text, 0) })
      await new Promise((resolve) => setImmediate(resolve)) // others run
    }
    isMore = runs.length === runsTogether
    if (merged.length > 0)
      await link.query(putMerged, [
        job,
        token,
        stream,
        int8Array(merged.map(({ first }) => first)),
        int8Array(merged.map(({ last }) => last)),
        int4Array(merged.map(({ events }) => events)),
        byteaArray(merged.map(({ body }) => body)),
      ])
  }
}

const findRuns = {
  name: 'find-runs',
  text: `
    WITH block AS (
      SELECT *, sum(last - first + 1) OVER (ORDER BY last) - (last - first + 1) AS before
      FROM (SELECT last, first, events, kept, octet_length(body) AS bytes FROM omen.events
        WHERE stream = $1::int AND last > $2::bigint ORDER BY last LIMIT $4::int) AS e
    ), runs AS (
      SELECT min(first) AS first, max(last) AS last, sum(events)::int AS events FROM block
      WHERE before < $4::int AND last > $3::bigint
      GROUP BY before::int / ${eventsMost}, kept / ${microsecondsTogether}
      HAVING count(*) > 1 AND sum(last - first + 1) * 2 <= count(*) * ${eventsMost} AND sum(bytes) <= ${lengthMost}
      ORDER BY last LIMIT ${runsTogether}
    )
    SELECT r.first::text AS run_first, r.last::text AS run_last, r.events AS run_events, e.first::text, e.last::text, e.body
    FROM runs r JOIN omen.events e ON e.stream = $1::int AND e.last BETWEEN r.first AND r.last ORDER BY e.last`,
}

/**
 * The merged row is kept before those it is made of, so that a search that has ended in one of them comes to it. It is a new one,
 * although it has the key of the last of them: a deletion or a cut that waits for that one finds it gone.
 */
const putMerged = {
  name: 'put-merged',
  text: `
    WITH lease AS MATERIALIZED (
      SELECT job FROM omen.leases WHERE job = $1 AND token = $2::bigint FOR SHARE
    ), runs AS MATERIALIZED (
      SELECT * FROM unnest($4::bigint[], $5::bigint[], $6::int[], $7::bytea[]) AS r(first, last, events, body)
      WHERE EXISTS (SELECT FROM lease)
    ), held AS MATERIALIZED (
      SELECT r.last AS run, e.last, e.events, e.from_time, e.to_time, e.kept, e.terms FROM runs r
      JOIN omen.events e ON e.stream = $3::int AND e.last BETWEEN r.first AND r.last FOR UPDATE OF e SKIP LOCKED
    ), whole AS MATERIALIZED (
      SELECT r.*, h.* FROM runs r JOIN (
        SELECT run, sum(events) AS held, min(from_time) AS from_time, max(to_time) AS to_time, min(kept) AS kept FROM held GROUP BY run
      ) h ON h.run = r.last AND h.held = r.events
    ), gone AS (
      DELETE FROM omen.events e USING held h JOIN whole w USING (run) WHERE e.stream = $3::int AND e.last = h.last RETURNING e.last
    )
    INSERT INTO omen.events (stream, last, first, from_time, to_time, kept, events, body, terms)
    SELECT $3, w.last, w.first, w.from_time, w.to_time, w.kept - 1, w.events, w.body,
      ARRAY(SELECT DISTINCT term FROM held h CROSS JOIN unnest(h.terms) AS term WHERE h.run = w.run)
    FROM whole w WHERE (SELECT count(*) FROM gone) > 0`,
}
