import type { AccountId } from '../base/index.ts'
import { positionOfDelivery, type TrailDelivery, trailDeliveries } from '../directory/index.ts'
import {
  type Change,
  type EventPosition,
  firstPosition,
  type Item,
  type Lineage,
  newLineage,
  type Store,
  type StoredEvent,
} from '../store/index.ts'
import { firstSetting } from './first.ts'
import { blobOf, hasBlobs } from './snapshots.ts'

/** Events that are copied together. */
const eventsTogether = 1_000

/** Changes of a commit. */
const changesTogether = 5_000

/** What was copied. */
export interface Copied {
  readonly accounts: number
  readonly items: number
  readonly events: number
}

/** A store that is copied to must be empty. */
export class StoreNotEmpty extends Error {
  override readonly name = 'StoreNotEmpty'
}

/**
 * Copies everything that a server keeps to an empty store: settings, accounts with their blobs, the event history with
 * its denials, and where trails continue. Sealed values are copied as they are, so the copy needs the same master key.
 * Nothing else may use either store meanwhile. @throws StoreNotEmpty if the target has accounts, settings or events
 */
export async function copyStore(from: Store, to: Store): Promise<Copied> {
  const isEmpty =
    (await to.accounts()).length === 0 &&
    (await to.settings()).size === 0 &&
    (await to.eventsAfter(firstPosition, 1)).events.length === 0
  if (!isEmpty) throw new StoreNotEmpty(`${to.description} is not empty: nothing was changed`)
  const ids = await from.accounts()
  const places = await deliveryPlaces(ids, from)
  const { events, found } = await copyEvents(from, to, new Set(places.values()))
  for (const [name, value] of await from.settings())
    if (name !== firstSetting || to.shared) await to.swapSetting(name, undefined, value)
  let items = 0
  const end = await to.newestPosition()
  for (const id of ids) {
    const account = await from.loadAccount(id)
    const changes = (account?.items ?? []).map((item) =>
      item.kind === trailDeliveries.kind
        ? moved(item, found.get(places.get(placeKey(id, item)) ?? '') ?? end)
        : changeOf(item),
    )
    items += changes.length
    await copyAccount(id, changes, from, to)
    await to.keepUses(await from.lastUses(id), [])
  }
  return { accounts: ids.length, items, events }
}

/** Returns the next event of each delivery that has one, by the delivery. */
async function deliveryPlaces(ids: readonly AccountId[], from: Store): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>()
  for (const id of ids)
    for (const item of (await from.loadAccount(id))?.items ?? []) {
      if (item.kind !== trailDeliveries.kind) continue
      const position = positionOfDelivery(deliveryIn(item))
      if (position === undefined) continue
      const [next] = (await from.eventsAfter(position, 1)).events
      if (next !== undefined) places.set(placeKey(id, item), next.id)
    }
  return places
}

/** Copies the events in their order. Returns how many, and the positions before the events of some ids. */
async function copyEvents(from: Store, to: Store, marked: ReadonlySet<string>) {
  const found = new Map<string, EventPosition>()
  let count = 0
  for (let position = firstPosition; ; ) {
    const page = await from.eventsAfter(position, eventsTogether)
    if (page.events.length === 0) return { events: count, found }
    let lot: StoredEvent[] = []
    for (const event of page.events) {
      if (marked.has(event.id)) {
        await to.record(lot)
        lot = []
        found.set(event.id, await to.newestPosition())
      }
      const denial = event.decision === undefined ? undefined : await from.findDenial(event.decision)
      lot.push(denial === undefined ? event : { ...event, denial })
    }
    await to.record(lot)
    count += page.events.length
    position = page.position
  }
}

async function copyAccount(id: AccountId, changes: readonly Change[], from: Store, to: Store): Promise<void> {
  let base: Lineage | undefined
  const keep = async (some: readonly Change[], blob?: string) => {
    const next = newLineage()
    const bytes = blob === undefined ? undefined : await from.readBlob(blob)
    const blobs = bytes === undefined || blob === undefined ? {} : { blobs: [{ name: blob, bytes }] }
    await to.commit({ accounts: [{ account: id, base, next, changes: some, ...blobs }], events: [] })
    base = next
  }
  const plain = changes.filter(({ blob }) => blob === undefined || blob === null)
  for (let at = 0; at === 0 || at < plain.length; at += changesTogether)
    await keep(plain.slice(at, at + changesTogether))
  // one at a time: each may be large
  for (const change of changes) if (typeof change.blob === 'string') await keep([change], change.blob)
}

function changeOf({ kind, id, value }: Item): Change {
  return { kind, id, value, ...(hasBlobs(kind) ? { blob: blobOf(kind, value) ?? null } : {}) }
}

function moved(item: Item, position: EventPosition): Change {
  const { sequence: _, ...delivery } = deliveryIn(item)
  const value = positionOfDelivery(deliveryIn(item)) === undefined ? delivery : { ...delivery, position }
  return { kind: item.kind, id: item.id, value: JSON.stringify(value) }
}

function deliveryIn({ value }: Item): TrailDelivery {
  return JSON.parse(value) as TrailDelivery // an item of the table `trailDeliveries`
}

function placeKey(account: AccountId, { id }: Item): string {
  return `${account} ${id}`
}
