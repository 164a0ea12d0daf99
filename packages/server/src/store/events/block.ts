import { type ChunkLine, chunksOf, EventChunk, textOf } from './chunk.ts'
import type { EventHead } from './head.ts'

/** The most events of a chunk in a block. A page opens a chunk for each event of a value that callers share. */
export const eventsInPart = 8

/** The most UTF-16 units of a chunk with several events: three chunks, compressed, fill a page of SQLite. */
const lengthInPart = 6_500

/** Chunks hold events of so many consecutive ones, so that few chunks have events of any one time. */
const eventsInSlice = 256

/** A dictionary has parts of so many events, and at most so many characters of each, so that it fits into a page of SQLite. */
const sampled = { events: 4, characters: 960 } as const

/** A chunk of a block: its events have these sequence numbers, in order. */
export interface Part {
  readonly sequences: readonly number[]
  readonly heads: readonly EventHead[]
  readonly text: string
}

interface Member extends ChunkLine {
  readonly sequence: number
  readonly parsed: EventHead
}

/** The order of chunks in a slice: events of one caller follow each other, because look-ups often ask for them. */
function callerOf([, account, , , , , username, accessKeyId, , , , , , , data]: EventHead): string {
  return JSON.stringify([account, data ?? 0, username, accessKeyId])
}

/** Returns the events of consecutive chunks as the chunks of a block, without those that are deleted. */
export function partsOf(
  chunks: Iterable<EventChunk>,
  isForgotten: (head: EventHead, sequence: number) => boolean,
): Part[] {
  const members: Member[] = []
  for (const chunk of chunks)
    for (const [place, sequence] of chunk.sequences.entries()) {
      const parsed = chunk.head(place)
      if (parsed === undefined || isForgotten(parsed, sequence)) continue
      members.push({ sequence, head: chunk.line(place), json: chunk.json(place), parsed })
    }
  members.sort((a, b) => a.sequence - b.sequence) // the chunks of a block that is cut are in another order
  const parts: Part[] = []
  for (let at = 0; at < members.length; at += eventsInSlice) {
    const slice = Map.groupBy(members.slice(at, at + eventsInSlice), ({ parsed }) => callerOf(parsed))
    const callers = [...slice].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const some of chunksOf(
      callers.flatMap(([, own]) => own),
      eventsInPart,
      lengthInPart,
    ))
      parts.push(partOf(some))
  }
  // in the order of their keys, which fills pages of SQLite better
  return parts.sort((a, b) => a.sequences.at(-1)! - b.sequences.at(-1)!) // no part is empty
}

function partOf(members: readonly Member[]): Part {
  const sorted = members.toSorted((a, b) => a.sequence - b.sequence)
  return {
    sequences: sorted.map(({ sequence }) => sequence),
    heads: sorted.map(({ parsed }) => parsed),
    text: textOf(sorted),
  }
}

/** Returns the dictionary of a block: a few of its events, of different times. */
export function dictionaryOf(parts: readonly Part[]): Uint8Array {
  const length = Math.min(sampled.events, parts.length)
  const texts = Array.from({ length }, (_, n) => {
    const { sequences, text } = parts[Math.floor((n * parts.length) / length)]! // there are as many
    const chunk = new EventChunk(sequences, text)
    return `${chunk.line(0)}\n${chunk.json(0)}`.slice(0, sampled.characters)
  })
  return Buffer.from(texts.join(''))
}
