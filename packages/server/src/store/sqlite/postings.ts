/**
 * A column's postings list the events of each value: its distinct hashes in order, the end of each one's positions,
 * then all the positions. Numbers have the machine's byte order, which is little-endian on every platform of Node but
 * one.
 */

/** The number of positions that an entry can distinguish. */
const positionsMost = 0x10000

/** FNV-1a over UTF-16 units: http://www.isthe.com/chongo/tech/comp/fnv/. Hashes collide; verify each hit. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** An entry as one number, so that entries sort by hash, then by position. */
export function ascending(hash: number, position: number): number {
  return hash * positionsMost + position
}

/** Returns the postings of entries that `ascending` made. Sorts the entries in place. */
export function encodePostings(entries: Float64Array): Uint8Array {
  entries.sort()
  const hashes = new Uint32Array(entries.length)
  const ends = new Uint32Array(entries.length)
  const positions = new Uint16Array(entries.length)
  let distinct = 0
  let length = 0
  let before = -1
  for (const entry of entries) {
    if (entry === before) continue
    before = entry
    const hash = Math.floor(entry / positionsMost)
    if (distinct === 0 || hashes[distinct - 1] !== hash) hashes[distinct++] = hash
    positions[length++] = entry % positionsMost
    ends[distinct - 1] = length
  }
  const encoded = new Uint8Array(4 + 8 * distinct + 2 * length)
  new Uint32Array(encoded.buffer, 0, 1)[0] = distinct
  new Uint32Array(encoded.buffer, 4, distinct).set(hashes.subarray(0, distinct))
  new Uint32Array(encoded.buffer, 4 + 4 * distinct, distinct).set(ends.subarray(0, distinct))
  new Uint16Array(encoded.buffer, 4 + 8 * distinct, length).set(positions.subarray(0, length))
  return encoded
}

/** Returns the positions of a hash, ascending. */
export function findPostings(encoded: Uint8Array, hash: number): Uint16Array {
  const { buffer, byteOffset, byteLength } = aligned(encoded)
  const distinct = new Uint32Array(buffer, byteOffset, 1)[0]!
  const hashes = new Uint32Array(buffer, byteOffset + 4, distinct)
  const at = indexIn(hashes, hash)
  if (at === undefined) return new Uint16Array()
  const ends = new Uint32Array(buffer, byteOffset + 4 + 4 * distinct, distinct)
  const start = 4 + 8 * distinct
  const positions = new Uint16Array(buffer, byteOffset + start, (byteLength - start) / 2)
  return positions.subarray(at === 0 ? 0 : ends[at - 1], ends[at])
}

/** Returns the positions that two ascending lists share. */
export function intersect(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const shared: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = a[i]! - b[j]!
    if (difference === 0) shared.push(a[i]!)
    if (difference <= 0) i++
    if (difference >= 0) j++
  }
  return shared
}

/** Returns bytes that are aligned for numbers of eight bytes. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}

function indexIn(sorted: Uint32Array, sought: number): number | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < sought) low = middle + 1
    else high = middle
  }
  return sorted[low] === sought ? low : undefined
}
