import {
  type Lineage,
  newLineage,
  openPgStore,
  openSqliteStore,
  type Store,
} from '../../packages/server/src/store/index.ts'
import { newHome } from './house.ts'
import { line, median, startDatabase } from './nodes-house.ts'
import { account, event } from './store.ts'

const callers = 16
const rounds = Number(process.env.BENCH_ROUNDS ?? 9)
const roundMilliseconds = 500

/** A store, and the state that its next commit is based on. */
interface Contestant {
  readonly name: string
  readonly store: Store & { statistics(): { readonly syncs: number } }
  base: Lineage | undefined
  readonly results: { readonly rate: number; readonly together: number }[]
}

/**
 * What the stores alone take for the changes of calls, without the calls: 16 callers, each with one commit of a role and an event of one
 * account at a time. It bounds what a node can reach whose calls cost nothing.
 */
export async function storesAlone(): Promise<void> {
  await using postgres = await startDatabase()
  const { home, remove } = newHome()
  const contestants: Contestant[] = [
    {
      name: 'SQLite',
      store: await openSqliteStore({ file: `${home}/omen.db` }),
      base: undefined,
      results: [],
    },
    { name: 'PostgreSQL', store: await openPgStore({ url: postgres.url() }), base: undefined, results: [] },
  ]
  try {
    for (let round = 0; round <= rounds; round++)
      for (const each of round % 2 === 1 ? contestants.toReversed() : contestants) {
        const result = await commitFor(each)
        if (round > 0) each.results.push(result) // the first round warms up
      }
  } finally {
    for (const { store } of contestants) await store.close()
    remove()
  }
  const [first] = contestants
  for (const { name, results } of contestants) {
    const ratio = median(results.map(({ rate }, round) => rate / first!.results[round]!.rate))
    const [rate, together] = [results.map((each) => each.rate), results.map((each) => each.together)].map(
      median,
    )
    line(
      `commits of ${callers} callers, ${name} alone`,
      `${ratio.toFixed(2)} (${rate!.toFixed(0)}/s, ${together!.toFixed(1)} with a sync)`,
    )
  }
}

let made = 0

async function commitFor(each: Contestant): Promise<{ rate: number; together: number }> {
  const { store } = each
  const before = store.statistics().syncs
  const began = performance.now()
  let commits = 0
  const caller = async () => {
    while (performance.now() - began < roundMilliseconds) {
      made++
      const [id, base, next] = [`AROAZZZZZZZZ${made}`, each.base, newLineage()]
      each.base = next
      const value = JSON.stringify({
        id,
        name: `role-${made}`,
        path: '/',
        trust,
        inline: {},
        attached: [],
        tags: [],
      })
      const changes = [{ kind: 'roles', id, value }]
      const outcome = await store.commit({
        accounts: [{ account, base, next, changes }],
        events: [event(made)],
      })
      if (!outcome.ok) throw new Error('a commit was refused')
      commits++
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const seconds = (performance.now() - began) / 1_000
  return { rate: commits / seconds, together: commits / Math.max(1, store.statistics().syncs - before) }
}

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' },
  ],
})
