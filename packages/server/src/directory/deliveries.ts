import type { Store } from '../store/index.ts'
import type { Account } from './account.ts'
import { type Trail, type TrailDelivery, trailDeliveries, trailKey, trailLogsKey } from './trails.ts'

/** A delivery as it was read. */
export interface KnownDelivery {
  /** Undefined before the first step. */
  readonly state: TrailDelivery | undefined
  /** The store's row under its name; undefined if it has none. */
  readonly row: string | undefined
  /** Whether `row` is of an earlier trail of the same name. */
  readonly isStale: boolean
}

/** Reads where the delivery of a trail is. */
export async function readDelivery(account: Account, trail: Trail, store: Store): Promise<KnownDelivery> {
  const key = trailKey(trail.homeRegion, trail.name)
  const delivery = await readKept(account, trail, key, store)
  // earlier versions kept it as an item of the account
  return delivery.row === undefined
    ? { ...delivery, state: account.table(trailDeliveries).find(key) }
    : delivery
}

/** Reads how far the log group of a trail is; the state has no files. */
export function readLogsDelivery(account: Account, trail: Trail, store: Store): Promise<KnownDelivery> {
  return readKept(account, trail, trailLogsKey(trail), store)
}

async function readKept(account: Account, trail: Trail, key: string, store: Store): Promise<KnownDelivery> {
  const row = await store.deliveries.read({ account: account.id, trail: key })
  if (row === undefined) return { state: undefined, row: undefined, isStale: false }
  const state = parseDelivery(row)
  const isStale = state.of !== undefined && state.of !== trail.createdAt
  return { state: isStale ? undefined : state, row, isStale }
}

/** Reads the text of a delivery's state. */
export function parseDelivery(text: string): TrailDelivery {
  return JSON.parse(text) as TrailDelivery // the deliverer wrote it, or an earlier version as an item
}
