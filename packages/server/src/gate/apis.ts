import type { OfferedApi, Operations, ServedApi } from '../authorization/index.ts'

/** The APIs that a server offers. The operations of one are read at its first call. */
export class Apis {
  readonly #offered: ReadonlyMap<string, OfferedApi>
  readonly #read = new Map<string, ServedApi>()

  constructor(offered: readonly OfferedApi[]) {
    this.#offered = new Map(offered.map((api) => [api.id, api]))
  }

  /** Reads the operations of an API if nobody has; undefined if there is nothing to wait for. */
  ready(id: string): Promise<void> | undefined {
    const offered = this.#read.has(id) ? undefined : this.#offered.get(id)
    return offered?.load().then((api) => {
      this.#read.set(id, api)
    })
  }

  /** An operation of an API that is ready; undefined if it is not served. */
  find(id: string, operation: string): Operations[string] | undefined {
    return this.#read.get(id)?.operations[operation]
  }
}
