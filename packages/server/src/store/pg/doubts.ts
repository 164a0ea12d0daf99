import { keepLatest } from '../../base/index.ts'
import type { StoredEvent } from '../types.ts'
import { DoubtfulCommit, type Trace } from './failure.ts'

/** The most events in doubt that are kept: more never wait in a recorder. */
const most = 50_000

/**
 * Events of which it could not be found out in time whether they are stored. Their recorder hands them over again, and then
 * it is found out: no event is stored twice.
 */
export class Doubts {
  readonly #wasStored: (trace: Trace) => Promise<boolean>
  readonly #traces = new Map<string, Trace>()

  /** @param wasStored asks on the connection of the writer: only then is the answer final */
  constructor(wasStored: (trace: Trace) => Promise<boolean>) {
    this.#wasStored = wasStored
  }

  /** Notes the events of a write that failed, if they may be stored all the same. */
  note(events: readonly StoredEvent[], error: unknown): void {
    if (error instanceof DoubtfulCommit)
      for (const { id } of events) keepLatest(this.#traces, id, error.trace, most)
  }

  /** Returns the events that are not stored yet. @throws StoreUnavailable if that cannot be found out now either */
  async without(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    if (this.#traces.size === 0) return events
    const known = new Map<Trace, boolean>()
    for (const { id } of events) {
      const trace = this.#traces.get(id)
      if (trace !== undefined && !known.has(trace)) known.set(trace, await this.#wasStored(trace))
    }
    return events.filter(({ id }) => {
      const trace = this.#traces.get(id)
      return trace === undefined || known.get(trace) !== true
    })
  }

  /** Forgets the doubts about events that are stored now. */
  end(events: readonly StoredEvent[]): void {
    if (this.#traces.size === 0) return
    for (const { id } of events) this.#traces.delete(id)
  }
}
