import { type ChunkLine, chunksOf, type EventChunk, textOf } from './chunk.ts'
import type { EventHead } from './head.ts'

/** An event to be put into a block. */
interface Member extends ChunkLine {
  readonly sequence: number
  readonly head: string
  readonly parsed: EventHead
}

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
  const callers = new Map<string, Member[]>()
  for (const chunk of chunks)
    for (let place = 0; place < chunk.count; place++) {
      const parsed = chunk.head(place)
      const sequence = chunk.sequence(place)
      if (parsed === undefined || isForgotten(parsed, sequence)) continue
      const member = { sequence, head: chunk.line(place), json: chunk.json(place), parsed }
      const caller = callerOf(parsed)
      const own = callers.get(caller)
      if (own) own.push(member)
      else callers.set(caller, [member])
    }
  const members = [...callers].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own)
  return Array.from(chunksOf(members), (some) => {
    const sorted = some.sort((a, b) => a.sequence - b.sequence)
    return {
      sequences: sorted.map(({ sequence }) => sequence),
      heads: sorted.map(({ parsed }) => parsed),
      text: textOf(sorted),
    }
  })
}
