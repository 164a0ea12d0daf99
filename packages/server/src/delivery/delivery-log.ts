import {
  type Account,
  type DeliveredFile,
  type DigestChain,
  readDelivery,
  type Trail,
  type TrailDelivery,
  trailKey,
} from '../directory/index.ts'
import type { DeliveryName, Store, StoredFile } from '../store/index.ts'

/** Another node has continued the delivery. This one's lease is over, so it stops. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** The delivery of one trail, as one node continues it: each step is kept on the one before. */
export class DeliveryLog {
  readonly #store: Store
  readonly #name: DeliveryName
  readonly #of: number
  #row: string | undefined
  #files: StoredFile[] = []
  readonly #listed = new Set<string>()

  private constructor(store: Store, account: Account, trail: Trail, row: string | undefined) {
    this.#store = store
    this.#name = { account: account.id, trail: trailKey(trail.homeRegion, trail.name) }
    this.#of = trail.createdAt
    this.#row = row
  }

  /** Reads where the delivery is; its state is undefined before the first step. */
  static async read(
    store: Store,
    account: Account,
    trail: Trail,
  ): Promise<{ readonly log: DeliveryLog; readonly known: TrailDelivery | undefined }> {
    const { state, row, isStale } = await readDelivery(account, trail, store)
    const log = new DeliveryLog(store, account, trail, row)
    if (isStale) await log.end()
    return { log, known: state }
  }

  /** Adds a delivered file, which the next digest of its chain lists. It is kept with the next step. */
  add(chain: Pick<DigestChain, 'account' | 'region'>, number: number, file: DeliveredFile): void {
    this.#files.push({ chain: nameOf(chain), number, value: JSON.stringify(file) })
  }

  /** Returns the files of a chain that no digest lists yet, in the order delivered. */
  async filesOf(chain: DigestChain): Promise<readonly DeliveredFile[]> {
    const name = nameOf(chain)
    const stored = this.#listed.has(name) ? [] : await this.#store.deliveries.files(this.#name, name)
    const own = this.#files.filter((file) => file.chain === name)
    return [...chain.files, ...[...stored, ...own].map(({ value }) => JSON.parse(value) as DeliveredFile)] // from `add`
  }

  /** Notes that a digest lists the files of a chain now. */
  list(chain: DigestChain): void {
    const name = nameOf(chain)
    this.#listed.add(name)
    this.#files = this.#files.filter((file) => file.chain !== name)
  }

  /** Keeps a step. @throws Superseded if another node has continued the delivery */
  async keep(state: TrailDelivery): Promise<void> {
    const after = JSON.stringify({ ...state, of: this.#of })
    await this.#keep(after)
    this.#row = after
    this.#files = []
    this.#listed.clear()
  }

  /** Forgets the delivery. @throws Superseded if another node has continued it */
  async end(): Promise<void> {
    await this.#keep(undefined)
    this.#row = undefined
  }

  async #keep(after: string | undefined): Promise<void> {
    const { deliveries } = this.#store
    const step = { ...this.#name, before: this.#row, after, files: this.#files, listed: [...this.#listed] }
    if (!(await deliveries.keep(step))) throw new Superseded()
  }
}

function nameOf({ account, region }: Pick<DigestChain, 'account' | 'region'>): string {
  return `${account} ${region}`
}
