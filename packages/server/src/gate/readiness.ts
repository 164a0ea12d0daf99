import type { Store } from '../store/index.ts'
import { type AdminRoute, Refusal } from './route/admin-route.ts'

/**
 * Whether this server wants calls. It asks its store and itself, and no other node: two nodes that wait for each other
 * would never become ready.
 */
export class Readiness {
  readonly #store: Pick<Store, 'unready'>
  #drains = false

  constructor(store: Pick<Store, 'unready'>) {
    this.#store = store
  }

  /** From now on the server is not ready. It still answers: a load balancer needs time to notice. */
  drain(): void {
    this.#drains = true
  }

  /** Why the server wants no calls; undefined if it is ready. */
  get unready(): string | undefined {
    return this.#drains ? 'The server is stopping.' : this.#store.unready?.()
  }
}

/** The probes of an orchestrator and a load balancer. Anyone may ask: the answers say nothing about the accounts. */
export function probeRoutes(readiness: Readiness): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/live$/,
      by: 'anyone',
      answer: () => ({ status: 'live' }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/ready$/,
      by: 'anyone',
      answer: () => {
        const { unready } = readiness
        if (unready !== undefined) throw new Refusal(503, unready, 'NotReady')
        return { status: 'ready' }
      },
    },
  ]
}
