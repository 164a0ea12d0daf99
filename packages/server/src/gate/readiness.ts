import type { Store } from '../store/index.ts'

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
