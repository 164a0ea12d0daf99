import { setTimeout as sleep } from 'node:timers/promises'
import type { RealCluster } from './real-cluster.ts'

/** What happens to nodes and their database. Each resolves when the fault is over. */
export const faults = {
  /** It is the node that delivers trails, twice. */
  async 'a node is killed'(cluster: RealCluster) {
    for (const _ of [1, 2]) await cluster.kill()
  },

  /** It is the node that delivers trails: longer than its lease, and than its clients wait. */
  async 'a node is paused'(cluster: RealCluster, random: () => number) {
    const node = cluster.holderOf('history') ?? cluster.any(random)
    node.signal('SIGSTOP')
    await sleep(3_000)
    node.signal('SIGCONT')
    await sleep(500)
  },

  async 'the wire to the store is cut'({ proxy, journal }: RealCluster) {
    for (const passes of ['no answers', 'no questions', 'no answers'] as const) {
      journal.note(`the wire passes ${passes}`)
      proxy.passes = passes
      await sleep(100)
      proxy.passes = 'all'
      proxy.cut()
      journal.note('the wire is cut, and passes again')
      await sleep(500)
    }
  },

  async 'PostgreSQL is killed'(cluster: RealCluster) {
    cluster.journal.note('PostgreSQL is killed')
    await cluster.primary.stop('kill')
    await sleep(300)
    await cluster.primary.start()
    cluster.journal.note('PostgreSQL has started')
    await sleep(1_000)
  },

  async 'a standby is promoted'(cluster: RealCluster) {
    await cluster.failOver({ rejoin: process.env.OMEN_SOAK !== undefined })
    await sleep(1_000)
  },
} as const
