import type { EventSearch, EventSearchStep } from '../types.ts'
import type { EventChunk } from './chunk.ts'

/** A chunk that a search reads. */
export interface Searched {
  readonly chunk: EventChunk
  /** Only events before this sequence number are searched. */
  readonly before: number
  /** Returns the place before a sequence number, as the store names it. */
  placeOf(sequence: number): string
}

/**
 * Executes one step of a search through chunks, the newest first. The step ends when it has found what was asked for, or has read more
 * than `most`. Chunks without the texts are skipped without parsing.
 */
export function searchStep(
  { account, texts, limit }: EventSearch,
  chunks: Iterable<Searched>,
  most: { readonly events: number; readonly characters: number },
): EventSearchStep {
  const patterns = texts.map((group) => new RegExp(group.map(escaped).join('|'), 'i'))
  const holds = (json: string, decision = '') =>
    patterns.every((pattern) => pattern.test(json) || (decision !== '' && pattern.test(decision)))
  const events: EventSearchStep['events'][number][] = []
  let [seen, characters] = [0, 0]
  for (const { chunk, before, placeOf } of chunks) {
    if (seen > 0 && (seen > most.events || characters + chunk.text.length > most.characters))
      return { events, seen, before: placeOf(chunk.last + 1) }
    characters += chunk.text.length
    const count = Math.max(0, Math.min(chunk.count, before - chunk.first))
    const start = seen
    seen += count
    if (!holds(chunk.text)) continue
    for (let at = count - 1; at >= 0; at--) {
      const json = chunk.json(at)
      if (!holds(json, chunk.line(at))) continue // most heads need not be parsed
      const head = chunk.head(at)
      if (head?.[1] !== account || !holds(json, head[13] ?? '')) continue
      const place = placeOf(chunk.first + at)
      events.push({ place, event: chunk.event(at)! }) // it has a head
      if (events.length === limit) return { events, seen: start + count - at, before: place }
    }
  }
  return { events, seen }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
