import type { AccountId } from '../base/index.ts'
import {
  type Account,
  accountsWithTrails,
  type LogsRefusal,
  newestAccount,
  organizationOf,
  positionOfDelivery,
  readLogsDelivery,
  type Trail,
  type TrailDelivery,
  type TrailLogs,
  type TrailUpstream,
  trailArn,
  trailLogsKey,
  trails,
} from '../directory/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { coverageOf } from './coverage.ts'
import { eventsTogether } from './pages.ts'
import type { DeliveryParts } from './parts.ts'
import { Rounds } from './rounds.ts'
import { delivers } from './selection.ts'

/** Pages of events that one trail sends in a turn. */
const pagesTogether = 200
/** The most that CloudWatch Logs takes in one call (behaviour TRL-122). */
const most = { events: 10_000, bytes: 1_048_576, event: 262_144, span: 24 * 3_600_000, overhead: 26 }

/** The parts that deliveries to log groups depend on. */
export type LogGroupParts = Pick<DeliveryParts, 'store' | 'directory' | 'clock' | 'flush'> & {
  readonly upstream: TrailUpstream
}

/**
 * Sends what trails log to their log groups in CloudWatch Logs, as the trail's role. How far a trail is, is kept after each page:
 * an event is sent again if its page failed in part, and none is left out.
 */
export class LogGroups {
  readonly #parts: LogGroupParts
  readonly #rounds: Rounds

  constructor(parts: LogGroupParts) {
    this.#parts = parts
    this.#rounds = new Rounds(parts.clock, () => this.#deliverAll())
  }

  /** Sends whatever is due. The caller must call it every minute. */
  tick(): Promise<void> {
    return this.#rounds.tick()
  }

  /** Sends everything now. Rejects only for a bug: what CloudWatch Logs refuses waits, and the trail's status reports it. */
  deliver(): Promise<void> {
    return this.#rounds.run()
  }

  async #deliverAll(): Promise<void> {
    const { store, directory, flush } = this.#parts
    await flush()
    for (const id of await accountsWithTrails(store)) {
      const account = await newestAccount(directory, id)
      for (const trail of [...(account?.table(trails).values() ?? [])])
        if (trail.logs !== undefined && trail.periods[0] !== undefined)
          await this.#deliverTrail(account!, trail, trail.logs) // the trail is of the account
    }
  }

  async #deliverTrail(account: Account, trail: Trail, logs: TrailLogs): Promise<void> {
    const { store } = this.#parts
    const now = Math.floor(this.#parts.clock.now() / 1_000) * 1_000
    const name = { account: account.id, trail: trailLogsKey(trail) }
    let { state, row } = await readLogsDelivery(account, trail, store)
    const from = Math.max(trail.periods[0]?.from ?? now, logs.since)
    let position = positionOfDelivery(state) ?? (await store.positionAt(from))
    for (let page = 0; page < pagesTogether; page++) {
      const read = await store.eventsAfter(position, eventsTogether)
      const streams = await this.#streams(account, trail, read.events)
      const refused = await this.#send(account, trail, logs, streams)
      const sent = refused === undefined && streams.size > 0
      const { error: _, ...before } = state ?? { trail: name.trail, chains: [] }
      const next: TrailDelivery = {
        ...before,
        of: trail.createdAt,
        attemptedAt: now,
        ...(sent && { deliveredAt: now }),
        position: refused === undefined ? read.position : position,
        ...(refused === undefined
          ? !sent && state?.error !== undefined && { error: state.error }
          : { error: refused.code }),
      }
      const isDone = refused !== undefined || read.position === position
      if (isDone && streams.size === 0) return
      const after = JSON.stringify(next)
      // another node that has continued meanwhile goes on
      if (!(await store.deliveries.keep({ ...name, before: row, after }))) return
      if (isDone) return
      state = next
      row = after
      position = read.position
    }
  }

  /** Returns the events that the trail sends, by the stream of each. */
  async #streams(
    account: Account,
    trail: Trail,
    events: readonly StoredEvent[],
  ): Promise<ReadonlyMap<string, StoredEvent[]>> {
    const streams = new Map<string, StoredEvent[]>()
    const organization = trail.organization ? organizationOf(account)?.id : undefined
    const covers = coverageOf(account, trail, this.#parts.directory)
    for (const event of events) {
      if (event.time < (trail.logs?.since ?? 0) || !delivers(trail, event)) continue
      if (!(await covers(event.account))) continue
      const stream = streamOf(event.account, trail.homeRegion, organization)
      const known = streams.get(stream)
      if (known === undefined) streams.set(stream, [event])
      else known.push(event)
    }
    return streams
  }

  async #send(
    account: Account,
    trail: Trail,
    logs: TrailLogs,
    streams: ReadonlyMap<string, readonly StoredEvent[]>,
  ): Promise<LogsRefusal | undefined> {
    const { upstream } = this.#parts
    const common = {
      account: account.id,
      roleArn: logs.roleArn,
      trailArn: trailArn(account, trail),
      region: trail.homeRegion,
    }
    for (const [logStreamName, events] of streams) {
      const stream = { logGroupName: groupOf(logs.groupArn), logStreamName }
      for (const logEvents of batchesOf(events)) {
        const put = () =>
          upstream.callLogs({ ...common, operation: 'PutLogEvents', input: { ...stream, logEvents } })
        let refused = await put()
        if (refused?.at === 'group') {
          refused = await upstream.callLogs({ ...common, operation: 'CreateLogStream', input: stream })
          if (refused === undefined || refused.code === 'ResourceAlreadyExistsException')
            refused = await put()
        }
        if (refused !== undefined) return refused
      }
    }
    return undefined
  }
}

/** The name of the stream that has an account's events (behaviour TRL-120). */
export function streamOf(account: AccountId, region: string, organization?: string): string {
  return `${organization === undefined ? '' : `${organization}_`}${account}_CloudTrail_${region}`
}

/** The name of a log group, of its ARN. */
export function groupOf(arn: string): string {
  return arn.split(':')[6]! // CreateTrail takes no other ARNs
}

interface LogEvent {
  readonly timestamp: number
  readonly message: string
}

/** Events in the order of their times, in lists that one call takes. What is longer than an event may be is left out. */
export function batchesOf(events: readonly StoredEvent[]): readonly (readonly LogEvent[])[] {
  const batches: LogEvent[][] = []
  let batch: LogEvent[] = []
  let bytes = 0
  for (const { time, json } of events.toSorted((a, b) => a.time - b.time)) {
    const size = Buffer.byteLength(json) + most.overhead
    if (size > most.event) continue
    const first = batch[0]
    const isFull =
      first !== undefined &&
      (batch.length >= most.events || bytes + size > most.bytes || time - first.timestamp >= most.span)
    if (first === undefined || isFull) {
      batch = []
      bytes = 0
      batches.push(batch)
    }
    batch.push({ timestamp: time, message: json })
    bytes += size
  }
  return batches
}
