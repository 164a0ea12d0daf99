import { systemClock } from '../../base/index.ts'
import type { DeliveryRecords } from '../delivery-types.ts'
import { type WorkQueue, workMost } from '../work-types.ts'
import type { Exchange, RequestOf, Verb } from './request.ts'

/** Asks the database. */
export type Ask = <V extends Verb>(request: RequestOf<V>) => Promise<Exchange[V]['answers']>

/** The deliveries of trails, as one process keeps them. */
export function deliveriesOf(ask: Ask): DeliveryRecords {
  return {
    read: (name) => ask({ verb: 'readDelivery', name }),
    of: (account) => ask({ verb: 'deliveriesOf', account }),
    files: (name, chain) => ask({ verb: 'deliveredFiles', name, chain }),
    keep: (step) => ask({ verb: 'keepDelivery', step }),
  }
}

/** The work of one process. Claims end with it: the next one finds all that is due. */
export function worksOf(ask: Ask): WorkQueue {
  const claims = new Map<string, number>()
  const claim = (id: string, milliseconds: number) => {
    if (milliseconds > 0) claims.set(id, systemClock.now() + milliseconds)
  }
  return {
    async add(work, milliseconds) {
      claim(work.id, milliseconds)
      const isAdded = await ask({ verb: 'addWork', work, now: systemClock.now() })
      if (!isAdded) claims.delete(work.id)
      return isAdded
    },
    async claim(limit, milliseconds) {
      const now = systemClock.now()
      for (const [id, until] of claims) if (until <= now) claims.delete(id)
      const works = await ask({ verb: 'dueWorks', now, limit, except: new Set(claims.keys()) })
      // another caller may have claimed some meanwhile
      const free = works.filter(({ id }) => !claims.has(id))
      for (const { id } of free) claim(id, milliseconds)
      return free
    },
    async hold(ids, milliseconds) {
      const held = ids.filter((id) => claims.has(id))
      for (const id of held) claim(id, milliseconds)
      return held
    },
    async end(id, again) {
      if (!claims.has(id)) return
      const next = again && { value: again.value, due: systemClock.now() + again.after }
      await ask({ verb: 'endWork', id, again: next })
      claims.delete(id)
    },
    all: () => {
      const now = Number.MAX_SAFE_INTEGER // work that is due later, too
      return ask({ verb: 'dueWorks', now, limit: workMost.works, except: new Set<string>() })
    },
    isEmpty: () => ask({ verb: 'hasNoWork' }),
  }
}
