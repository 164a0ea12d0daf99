import { type AccountId, isOfPeople } from '../base/index.ts'
import { isLakeSetting, parseLakeState } from '../delivery/index.ts'
import { type DeliveryPlan, parseDelivery, positionOfDelivery, trailDeliveries } from '../directory/index.ts'
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
import { copyingSetting, expectWhole } from './copy-mark.ts'
import { firstSetting } from './first.ts'
import { blobOf, hasBlobs } from './snapshots.ts'

/** Events that are copied together. */
const eventsTogether = 1_000

/** Changes of a commit. */
const changesTogether = 5_000

/** The contents of a copy. */
export interface Copied {
  readonly accounts: number
  readonly items: number
  readonly events: number
}

/** A store that is copied to must be empty, and used by nobody else. */
export class StoreNotEmpty extends Error {
  override readonly name = 'StoreNotEmpty'
}

/**
 * Copies everything that a server keeps to an empty store: settings, accounts with their blobs, the event history with
 * its denials, calls that were begun, events that wait for functions, and where trails continue. Sealed values are copied as they are,
 * so the copy needs the same master key. Nothing else may use either store meanwhile. No server starts on a store that is not
 * filled; a repeated copy empties it first. @throws StoreNotEmpty if the target has accounts, settings or events; CopyInterrupted if the
 * source is not whole
 */
export async function copyStore(from: Store, to: Store): Promise<Copied> {
  await expectWhole(from)
  // what is there of an interrupted copy is there in the source
  if ((await to.readSetting(copyingSetting)) !== undefined) await to.reset()
  const isEmpty =
    (await to.kept()).length === 0 &&
    (await to.settings()).size === 0 &&
    (await to.eventsAfter(firstPosition, 1)).events.length === 0
  if (!isEmpty) throw new StoreNotEmpty(`${to.description} is not empty: nothing was changed`)
  if (!(await to.swapSetting(copyingSetting, undefined, 'yes'))) throw changed(to)
  const ids = await from.kept()
  const readers = await readersOf(ids, from)
  const marked = new Set(readers.flatMap(({ next, planned }) => [next, planned]))
  const { events, found } = await copyEvents(from, to, marked)
  const end = await to.newestPosition()
  for (const [name, value] of await from.settings())
    if ((name !== firstSetting || to.shared) && !(await to.swapSetting(name, undefined, value)))
      throw changed(to)
  let items = 0
  for (const id of ids) {
    const kept = ((await from.loadAccount(id))?.items ?? []).filter(
      ({ kind }) => kind !== trailDeliveries.kind,
    )
    items += kept.length
    await copyAccount(id, kept.map(changeOf), from, to)
    await to.keepUses(await from.lastUses(id), [])
  }
  const there = (id: string | undefined) => found.get(id ?? '') ?? end
  for (const { next, planned, keep } of readers) await keep(to, there(next), there(planned))
  for (const work of await from.works.all()) await to.works.add(work, 0)
  // the process that copies ends: others then record that the calls were begun
  const begun = await from.begun()
  if (begun.length > 0) await to.begin(begun)
  if (!(await to.swapSetting(copyingSetting, 'yes', undefined))) throw changed(to)
  return { accounts: ids.filter((id) => !isOfPeople(id)).length, items, events }
}

function changed({ description }: Store): StoreNotEmpty {
  return new StoreNotEmpty(
    `${description} was changed by something else meanwhile: empty it, and repeat the copy`,
  )
}

/** A reader of the history: a trail's delivery, or a lake. */
interface Reader {
  /** The id of the event that it reads next; undefined if it has read all. */
  readonly next: string | undefined
  /** The id of the event behind the files that are under way; undefined if these have all, or there are none. */
  readonly planned: string | undefined
  /** Keeps it in another store, where these events have other positions. */
  readonly keep: (to: Store, position: EventPosition, planEnd: EventPosition) => Promise<unknown>
}

/** Files that are under way may be there already: they keep their names, so that no event is in two files. */
function copiedPlan<P extends DeliveryPlan>(
  plan: P | undefined,
  from: EventPosition | undefined,
  to: EventPosition,
) {
  return plan === undefined || from === undefined
    ? {}
    : { plan: { ...plan, to, named: plan.named ?? `${from} ${plan.to}` } }
}

async function readersOf(ids: readonly AccountId[], from: Store): Promise<readonly Reader[]> {
  const nextAt = async (position: EventPosition | undefined) =>
    position === undefined ? undefined : (await from.eventsAfter(position, 1)).events[0]?.id
  const readers: Reader[] = []
  for (const account of ids) {
    const items = (await from.loadAccount(account))?.items ?? []
    // earlier versions kept deliveries as items
    const earlier = items
      .filter(({ kind }) => kind === trailDeliveries.kind)
      .map(({ id, value }) => [id, value] as const)
    for (const [trail, text] of new Map([...earlier, ...(await from.deliveries.of(account))])) {
      const { sequence: _, plan, ...state } = parseDelivery(text)
      const files = await from.deliveries.files({ account, trail })
      const place = positionOfDelivery(parseDelivery(text))
      readers.push({
        next: await nextAt(place),
        planned: await nextAt(plan?.to),
        keep(to, position, planEnd) {
          const copied = { ...state, position, ...copiedPlan(plan, place, planEnd) }
          const after = JSON.stringify(place === undefined ? state : copied)
          return to.deliveries.keep({ account, trail, before: undefined, after, files })
        },
      })
    }
  }
  for (const [name, text] of await from.settings()) {
    if (!isLakeSetting(name)) continue
    const { position: place, plan } = parseLakeState(text)
    readers.push({
      next: await nextAt(place),
      planned: await nextAt(plan?.to),
      keep: (to, position, planEnd) =>
        to.swapSetting(name, text, JSON.stringify({ position, ...copiedPlan(plan, place, planEnd) })),
    })
  }
  return readers
}

/** Copies the events in their order. Returns how many, and the positions before the events of some ids. */
async function copyEvents(from: Store, to: Store, marked: ReadonlySet<string | undefined>) {
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
    const { ok } = await to.commit({
      accounts: [{ account: id, base, next, changes: some, ...blobs }],
      events: [],
    })
    if (!ok) throw changed(to)
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
