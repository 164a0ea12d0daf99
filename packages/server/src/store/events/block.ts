import { chunksOf, type EventChunk, textOf } from './chunk.ts'
import type { EventHead } from './head.ts'

/** A chunk of a block: its events have these sequence numbers, in order. */
export interface Part {
  readonly sequences: readonly number[]
  readonly heads: readonly EventHead[]
  readonly text: string
}

/** The order of chunks in a block: events of one caller follow each other, because look-ups often ask for them. */
function callerOf([, account, , , , , username, accessKeyId, , , , , , , data]: EventHead): string {
  return JSON.stringify([account, data ?? 0, username, accessKeyId])
}

/** Returns the events of consecutive chunks as the chunks of a block, without those that are deleted. */
export function partsOf(
  chunks: Iterable<EventChunk>,
  isForgotten: (head: EventHead, sequence: number) => boolean,
): Part[] {
  const members = Array.from(chunks, (chunk) =>
    chunk.sequences.flatMap((sequence, place) => {
      const parsed = chunk.head(place)
      if (parsed === undefined || isForgotten(parsed, sequence)) return []
      return { sequence, head: chunk.line(place), json: chunk.json(place), parsed }
    }),
  ).flat()
  const callers = [...Map.groupBy(members, ({ parsed }) => callerOf(parsed))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return Array.from(chunksOf(callers.flatMap(([, own]) => own)), (some) => {
    const sorted = some.sort((a, b) => a.sequence - b.sequence)
    return {
      sequences: sorted.map(({ sequence }) => sequence),
      heads: sorted.map(({ parsed }) => parsed),
      text: textOf(sorted),
    }
  })
}
