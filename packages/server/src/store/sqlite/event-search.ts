import type { EventSearch, EventSearchStep, StoredEvent } from '../types.ts'
import type { EventLog } from './event-log.ts'
import { hole } from './event-pack.ts'
import { sequenceOf } from './positions.ts'

/** The most events that one step reads. It ends before a chunk that would exceed the limit. */
const eventsMost = 3_200

/** The most bytes that one step reads, because an event may be very long. */
const bytesMost = 8 * 1024 * 1024

/**
 * Returns the next events that contain the texts, newest first. Chunks without the texts are skipped without parsing.
 */
export function searchTexts({ account, before, texts, limit }: EventSearch, log: EventLog): EventSearchStep {
  const start = before === undefined ? log.last + 1 : sequenceOf(before)
  const found: { place: string; event: StoredEvent }[] = []
  const patterns = texts.map(patternOf)
  // Latin-1 turns bytes into text without decoding; anything beyond ASCII must be decoded as UTF-8
  const encoding = texts.flat().every(isAscii) ? 'latin1' : 'utf8'
  const holds = (json: string, decision: string | null | undefined) =>
    patterns.every((pattern) => pattern.test(json) || (decision != null && pattern.test(decision)))
  let bytes = 0
  for (const chunk of log.textsBefore(start)) {
    if (bytes > 0 && (start - chunk.last > eventsMost || bytes + chunk.bytes.length > bytesMost))
      return { events: found, seen: start - chunk.last - 1, before: String(chunk.last + 1) }
    bytes += chunk.bytes.length
    const text = chunk.bytes.toString(encoding)
    if (!patterns.every((pattern) => pattern.test(text))) continue
    const read = chunk.read()
    for (let sequence = Math.min(chunk.last, start - 1); sequence >= read.first; sequence--) {
      const head = read.heads[sequence - read.first] ?? hole
      // most events of a chunk do not match and are not parsed
      if (head === hole || head[1] !== account || !holds(read.json(sequence), head[13])) continue
      const event = read.event(sequence)
      if (event === undefined) continue
      found.push({ place: String(sequence), event })
      if (found.length === limit) return { events: found, seen: start - sequence, before: String(sequence) }
    }
  }
  return { events: found, seen: start - 1 }
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

/** Returns whether a text contains any of the given texts, ignoring case. */
function patternOf(texts: readonly string[]): RegExp {
  return new RegExp(texts.map(escaped).join('|'), 'i')
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
