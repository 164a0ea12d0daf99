import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StoredEvent } from '../types.ts'
import { eventOf, packEvents, readHeads } from './event-pack.ts'

/** An event of something begun, as it crosses to the store's thread. */
export interface BegunPack {
  readonly id: string
  readonly head: string
  readonly record: string
}

/** Events of what was begun, each by itself: they end in another order. */
export function packBegun(events: readonly StoredEvent[]): BegunPack[] {
  return events.map((event) => {
    const [pack] = packEvents([event])
    return { id: event.id, head: pack!.heads, record: pack!.records } // one event makes one pack
  })
}

/** Events of what was begun and is not known to have ended. */
export class BegunTable {
  readonly #connection: DatabaseSync
  readonly #add: StatementSync
  readonly #end: StatementSync
  readonly #list: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#add = connection.prepare('INSERT OR REPLACE INTO begun (id, head, record) VALUES (?, ?, ?)')
    this.#end = connection.prepare('DELETE FROM begun WHERE id = ?')
    this.#list = connection.prepare('SELECT head, record FROM begun ORDER BY id LIMIT 1000')
  }

  add(packs: readonly BegunPack[]): undefined {
    for (const { id, head, record } of packs) this.#add.run(id, head, record)
  }

  end(ids: readonly string[]): void {
    for (const id of ids) this.#end.run(id)
  }

  list(): readonly StoredEvent[] {
    const rows = this.#list.all() as { head: string; record: string }[] // both columns are TEXT NOT NULL
    return rows.flatMap(({ head, record }) =>
      readHeads(head).flatMap((read) => (read === 0 ? [] : [eventOf(read, record)])),
    )
  }

  clear(): void {
    this.#connection.exec('DELETE FROM begun')
  }
}
