/** Longer names are not compared: a misspelling by a few characters is unlikely in them. */
const longest = 64

/** Returns the candidate that a misspelt name most likely means, or undefined if none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const lowered = name.toLowerCase()
  if (lowered.length > longest) return undefined
  let best: string | undefined
  // up to a third of the name may be wrong, and at most four characters
  let least = Math.min(4, Math.floor(lowered.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lowered.length) >= least) continue
    const distance = edits(lowered, candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Returns the number of insertions, deletions and changes that turn one text into the other. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const changed = row[j]! + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(changed, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
