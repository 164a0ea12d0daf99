import type { DatabaseSync } from 'node:sqlite'
import { putNewest } from '../../base/index.ts'
import type { EventCursor } from '../cursor.ts'
import {
  type ChunkLine,
  chunksOf,
  EventChunk,
  type EventPack,
  joined,
  sealed,
  textOf,
  timesOf,
} from '../events/chunk.ts'
import { Followed } from '../events/follow.ts'
import { PageSearch } from '../events/page.ts'
import { searchStep } from '../events/search.ts'
import { termsOf } from '../events/terms.ts'
import type { EventPage, EventQuery, EventSearch, EventSearchStep, StoredEvent } from '../types.ts'
import { type SequenceForgetting, sequenceOf } from './positions.ts'

/** From this size on, in bytes, compression pays: events that are added are waited for. */
const pressedBytes = { whenAdded: 8 * 1024, inBlock: 1024 } as const

/** The most events and UTF-16 units of a chunk in a block. A page opens a chunk for nearly each of its events. */
const chunkMost = { events: 8, characters: 6_500 } as const

/** The dictionary of a block has parts of so many of its events, and at most so many characters of each. */
const sampled = { events: 4, characters: 960 } as const

/** When the tail has so many blocks of events, or so many characters, its oldest events become a block. */
const tailMost = { blocks: 4, characters: 16 * 1024 * 1024 } as const

/** The most chunks that a page reads, to the end of a block. It is then short, and says where the next one begins. */
const chunksMost = 1024

/** The most chunks that stay open after a page, and their longest. */
const openMost = { chunks: 512, characters: 32 * 1024 } as const

/** The most events that one step of a search reads, and the most characters, because an event may be very long. */
const stepMost = { events: 3_200, characters: 8 * 1024 * 1024 } as const

/** The statements. A range is a number that it begins after, and its last number. */
function statements(connection: DatabaseSync) {
  // the rows of a block end with the one that has the block's key; newer rows have no dictionary
  const rows = `SELECT c.*, (SELECT dictionary FROM event_blocks b WHERE b.last >= c.last ORDER BY b.last LIMIT 1) AS dictionary
    FROM event_chunks c`
  const between = 'WHERE last > ? AND last <= ?'
  const sealedTo = 'SELECT coalesce(max(last), 0) AS last FROM event_blocks'
  return {
    sealedTo: connection.prepare(sealedTo),
    newest: connection.prepare(
      'SELECT max(noted, (SELECT coalesce(max(last), 0) FROM event_chunks)) AS last FROM event_sequence',
    ),
    note: connection.prepare('UPDATE event_sequence SET noted = max(noted, ?)'),
    insert: connection.prepare(
      'INSERT INTO event_chunks (last, first, kept, from_time, to_time, events) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    delete: connection.prepare(`DELETE FROM event_chunks ${between}`),
    at: connection.prepare('SELECT * FROM event_chunks WHERE last = ?'),
    dictionary: connection.prepare('SELECT dictionary FROM event_blocks WHERE last = ?'),
    after: connection.prepare(`${rows} WHERE c.last > ? ORDER BY c.last`),
    before: connection.prepare(`${rows} WHERE c.first < ? ORDER BY c.last DESC`),
    forgettable: connection.prepare(`${rows} ${between} AND (from_time < ? OR first <= ?)`),
    // CROSS JOIN keeps the order of the blocks, so that only the chunks of one are sorted at a time
    having: connection.prepare(
      `SELECT b.last AS block, b.to_time AS "blockTo", c.last, c.to_time AS "to" FROM event_blocks b
        CROSS JOIN event_terms t ON t.block = b.last AND t.term = :term
        CROSS JOIN json_each('[' || t.backs || ']') j
        CROSS JOIN event_chunks c ON c.last = b.last - j.value AND c.to_time >= :from
          AND (c.from_time < :time OR (c.from_time = :time AND c.first < :sequence))
        WHERE b.to_time >= :from AND b.from_time <= :time
          AND (:other IS NULL OR instr(
            (SELECT ',' || backs || ',' FROM event_terms WHERE block = b.last AND term = :other),
            ',' || j.value || ','))
        ORDER BY b.to_time DESC, b.last DESC, c.to_time DESC, c.last DESC`,
    ),
    forgettableBlock: connection.prepare(
      'SELECT first, last, dictionary FROM event_blocks WHERE from_time < ? OR first <= ? ORDER BY last LIMIT 1',
    ),
    // a row of terms takes about what its text does, and sixteen bytes
    putBlock: connection.prepare(
      `INSERT INTO event_blocks (last, first, from_time, to_time, bytes, dictionary)
        SELECT :last, min(first), min(from_time), max(to_time), sum(length(events)) + length(:dictionary)
          + (SELECT total(length(backs) + 16) FROM event_terms WHERE block = :last), :dictionary
        FROM event_chunks WHERE last > :after AND last <= :last HAVING count(*) > 0`,
    ),
    putTerms: connection.prepare(
      'INSERT INTO event_terms (block, term, backs) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)',
    ),
    deleteBlock: connection.prepare('DELETE FROM event_blocks WHERE last = ?'),
    deleteTerms: connection.prepare('DELETE FROM event_terms WHERE block = ?'),
    beyond: connection.prepare(
      `SELECT coalesce(max(last), 0) AS last FROM (
        SELECT last, sum(bytes) OVER (ORDER BY last DESC) AS total FROM (
          SELECT last, bytes FROM event_blocks
          UNION ALL SELECT last, length(events) FROM event_chunks WHERE last > (${sealedTo})
        )
      ) WHERE total > ?`,
    ),
  }
}

/** A chunk that has the terms that are sought, and its block. */
interface Candidate {
  readonly block: number
  readonly blockTo: number
  readonly last: number
  readonly to: number
}

/** The newest events, in memory as they came. */
interface Tail {
  readonly rows: EventChunk[]
  characters: number
}

/**
 * The events of all trails, in rows of consecutive ones. The newest are the tail: they are in the file as they came, and in memory,
 * where look-ups read all of them. About a thousand older ones are a block: its chunks are compressed with its dictionary, and a row
 * for each of its terms names the chunks that have it. A row's key is the greatest sequence number of its events. No number is used
 * twice: if events are deleted, the highest number is recorded.
 */
export class EventTable {
  readonly #connection: DatabaseSync
  readonly #sql: ReturnType<typeof statements>
  readonly #blockEvents: number
  /** Both are undefined until they are needed, and after a rollback. */
  #tail: Tail | undefined
  #last: number | undefined
  #added: EventPack[] = []
  /** Chunks that pages have read last, by their keys. */
  readonly #open = new Map<number, EventChunk>()

  constructor(connection: DatabaseSync, blockEvents: number) {
    this.#connection = connection
    this.#sql = statements(connection)
    this.#blockEvents = blockEvents
  }

  /** Adds events. `write` writes them together; every other method here calls it. */
  add(packs: readonly EventPack[]): undefined {
    for (const pack of packs) this.#added.push(pack)
  }

  /** Writes what was added. Must be called before a transaction ends. */
  write(): void {
    if (this.#added.length === 0) return
    let last = this.#newest()
    for (const pack of this.#added.splice(0)) {
      const row = new EventChunk(last + 1, last + pack.count, pack.text, pack)
      this.#insert(row, pack.count, sealed(pack.text, pressedBytes.whenAdded), pack)
      last = row.last
      if (this.#tail) grow(this.#tail, row)
    }
    this.#last = last
  }

  /** Returns a page of an account's events, newest first. */
  lookUp(query: EventQuery, after: EventCursor | undefined): EventPage {
    const page = new PageSearch(query, after)
    for (const row of this.#loadedTail().rows.toReversed()) page.offer(row)
    return page.page(this.#offerBlocks(page))
  }

  /** One step of a search for texts, newest first. */
  search(search: EventSearch): EventSearchStep {
    this.write()
    const before = search.before === undefined ? this.#newest() + 1 : sequenceOf(search.before)
    const rows = this.#sql.before.iterate(before)
    const searched = rows.map((row) => ({ chunk: chunkOf(row), before, placeOf: String }))
    return searchStep(search, searched, stepMost)
  }

  /** Returns up to `limit` events of all accounts after a sequence number: fewer if they are long, but one if there is one. */
  after(
    sequence: number,
    limit: number,
    only?: SequenceForgetting,
  ): { readonly events: readonly StoredEvent[]; readonly sequence: number } {
    this.write()
    const { before, upTo } = only ?? { before: undefined, upTo: 0 }
    const followed = new Followed(limit, before)
    let last = sequence
    for (const row of this.#sql.after.iterate(sequence)) {
      const isEnd = before === Number.NEGATIVE_INFINITY && Number(row.first) > upTo
      if (isEnd || followed.isFull || last - sequence >= Math.max(limit, stepMost.events)) break
      last = followed.take(chunkOf(row), last, upTo)
    }
    return { events: followed.events, sequence: last }
  }

  /** Returns the sequence number of the newest event. */
  last(): number {
    this.write()
    return this.#newest()
  }

  /** Deletes some of the events to be forgotten, and returns whether others may be left. */
  forget({ before, upTo }: SequenceForgetting): { readonly forgotten: number; readonly more: boolean } {
    this.write()
    const block = this.#sql.forgettableBlock.get(before, upTo)
    const { first, last } = block ? rangeOf(block) : { first: this.#sealedTo() + 1, last: this.last() }
    const isForgotten = (time: number, sequence: number) => time < before || sequence <= upTo
    let forgotten = 0
    this.#sql.note.run(this.last())
    for (const row of this.#sql.forgettable.all(first - 1, last, before, upTo)) {
      const { first, last } = rangeOf(row)
      this.#sql.delete.run(last - 1, last)
      const isWhole = last <= upTo || Number(row.to_time) < before
      const left = isWhole ? undefined : joined(Math.max(first, upTo + 1), last, [chunkOf(row)], isForgotten)
      const kept = left?.heads().length ?? 0
      forgotten += Number(row.kept) - kept
      if (left && kept > 0) this.#insert(left, kept, sealed(left.text, pressedBytes.inBlock))
    }
    this.#open.clear()
    if (block) {
      this.#sql.deleteBlock.run(last)
      const values = { after: first - 1, last, dictionary: block.dictionary as Uint8Array } // BLOB NOT NULL
      if (this.#sql.putBlock.run(values).changes === 0) this.#sql.deleteTerms.run(last)
    } else this.#tail = undefined
    return { forgotten, more: block !== undefined }
  }

  /** Returns the sequence number up to which events must be deleted so that the rest fits into a number of bytes, or 0. */
  beyond(bytes: number): number {
    this.write()
    return Number(this.#sql.beyond.get(bytes)?.last)
  }

  /** Does what the first look-up needs: reads the tail, and looks something up, so that the code is warm. */
  prepareLookUps(): void {
    const newest = this.#loadedTail().rows.at(-1)?.heads().at(-1)
    if (newest !== undefined) this.lookUp({ account: newest[1], region: newest[2], limit: 50 }, undefined)
  }

  /** Returns whether the tail has too many events. */
  get isFull(): boolean {
    const most = tailMost.blocks * this.#blockEvents
    if (!this.#tail && this.last() - this.#sealedTo() < most) return false
    const { rows, characters } = this.#loadedTail()
    return (
      rows.length > 0 && (rows.at(-1)!.last - rows[0]!.first + 1 >= most || characters > tailMost.characters)
    )
  }

  /** Makes a block of the oldest events of the tail. */
  seal(): void {
    const tail = this.#loadedTail()
    const rows: EventChunk[] = []
    let characters = 0
    for (const row of tail.rows) {
      const [first, last] = [rows[0] ?? row, rows.at(-1)]
      const isNext = last === undefined || row.first === last.last + 1 // the restore of a snapshot leaves a gap
      if (!isNext || row.first - first.first >= this.#blockEvents || characters > tailMost.characters) break
      rows.push(row)
      characters += row.text.length
    }
    tail.rows.splice(0, rows.length)
    tail.characters -= characters
    this.put(rows)
  }

  /** Makes a block of consecutive rows, which it replaces. */
  put(rows: readonly EventChunk[]): void {
    const [after, last] = [(rows[0]?.first ?? 1) - 1, rows.at(-1)?.last ?? 0]
    this.#sql.note.run(this.last())
    this.#sql.delete.run(after, last)
    const lines = rows.flatMap((row) => row.lines())
    const dictionary = dictionaryOf(lines)
    const backs = new Map<number, number[]>()
    let next = after + 1
    for (const some of chunksOf(lines, chunkMost.events, chunkMost.characters)) {
      const text = textOf(some)
      const chunk = new EventChunk(next, next + some.length - 1, text)
      const heads = chunk.heads()
      next += some.length
      if (heads.length === 0) continue
      this.#insert(chunk, heads.length, sealed(text, pressedBytes.inBlock, dictionary))
      for (const term of termsOf(heads)) {
        const own = backs.get(term)
        if (own) own.push(last - chunk.last)
        else backs.set(term, [last - chunk.last])
      }
    }
    const terms = [...backs].sort(([a], [b]) => a - b) // in the order of the table
    this.#sql.putTerms.run(last, JSON.stringify(terms.map(([term, own]) => [term, own.join()])))
    this.#sql.putBlock.run({ after, last, dictionary })
  }

  /** Empties everything. Sequence numbers continue, so that followers miss no later event. */
  clear(): void {
    this.#sql.note.run(this.last())
    this.#connection.exec('DELETE FROM event_chunks; DELETE FROM event_blocks; DELETE FROM event_terms')
    this.forgetRemembered()
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#added = []
    this.#last = undefined
    this.#tail = undefined
    this.#open.clear()
  }

  /** Offers chunks that may have what is sought. Returns the place before which it has not looked, if it ends early. */
  #offerBlocks(page: PageSearch): EventCursor | undefined {
    const [term, other = null] = page.terms
    const values = { term: term!, other, from: page.from, ...page.before } // a query has at least one term
    let read = 0
    let current: number | undefined
    let dictionary: Columns = {}
    for (const row of this.#sql.having.iterate(values)) {
      const { block, blockTo, last, to } = row as unknown as Candidate // the columns selected, all NOT NULL
      if (block !== current) {
        if (page.isTooOld({ time: blockTo, sequence: block })) return undefined
        const end = { time: blockTo, sequence: block + 1 }
        if (read >= chunksMost && page.isAfter(end)) return end
        current = block
        dictionary = this.#sql.dictionary.get(block)! // the block's
      }
      if (page.isTooOld({ time: to, sequence: last })) continue
      page.offer(this.#at(last, dictionary))
      read++
    }
    return undefined
  }

  /** Returns the chunk that has a key, which the index has named. */
  #at(last: number, dictionary: Columns): EventChunk {
    const open = this.#open.get(last)
    if (open) return open
    const chunk = chunkOf({ ...this.#sql.at.get(last), ...dictionary }) // the index names chunks that there are
    if (chunk.text.length <= openMost.characters) putNewest(this.#open, openMost.chunks, last, chunk)
    return chunk
  }

  #insert(chunk: EventChunk, kept: number, bytes: Uint8Array, { from, to } = timesOf(chunk.heads())): void {
    this.#sql.insert.run(chunk.last, chunk.first, kept, from, to, bytes)
  }

  /** Returns the highest sequence number that was ever used. */
  #newest(): number {
    this.#last ??= Number(this.#sql.newest.get()?.last)
    return this.#last
  }

  /** Returns the sequence number of the newest event in a block, or 0 if there is none. */
  #sealedTo(): number {
    return Number(this.#sql.sealedTo.get()?.last)
  }

  #loadedTail(): Tail {
    this.write()
    if (this.#tail) return this.#tail
    const tail = { rows: [], characters: 0 }
    for (const row of this.#sql.after.iterate(this.#sealedTo())) grow(tail, chunkOf(row))
    this.#tail = tail
    return tail
  }
}

function grow(tail: Tail, row: EventChunk): void {
  tail.rows.push(row)
  tail.characters += row.text.length
}

type Columns = Readonly<Record<string, unknown>>

function rangeOf({ first, last }: Columns): { readonly first: number; readonly last: number } {
  return { first: Number(first), last: Number(last) }
}

function chunkOf(row: Columns): EventChunk {
  const times = { from: Number(row.from_time), to: Number(row.to_time) }
  const dictionary = (row.dictionary as Uint8Array | null) ?? undefined // BLOB in a STRICT table, as the next
  return EventChunk.open(Number(row.first), Number(row.last), row.events as Uint8Array, times, dictionary)
}

/** Returns parts of a few events of different times. */
function dictionaryOf(lines: readonly ChunkLine[]): Uint8Array {
  const kept = lines.filter(({ head }) => head !== '')
  const step = Math.max(1, Math.floor(kept.length / sampled.events))
  const parts = Array.from({ length: sampled.events }, (_, n) => kept[n * step])
  const texts = parts.map((part) => (part ? `${part.head}\n${part.json}`.slice(0, sampled.characters) : ''))
  return Buffer.from(texts.join(''))
}
