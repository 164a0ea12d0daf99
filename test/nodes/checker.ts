/** A time in a history: the number of things that had happened. */
type Instant = number

interface Span {
  readonly start: Instant
  /** Infinity if the answer was never heard. */
  readonly end: Instant
}

/** A write to a register, or a read of it. No value is written twice; undefined is what the register begins with. */
export interface RegisterCall extends Span {
  readonly kind: 'write' | 'read'
  readonly register: string
  readonly value: string | undefined
}

/**
 * Returns why the calls of registers cannot have happened one after the other, each within its span; nothing if they can.
 * With values that are never written twice, this needs no search: Gibbons and Korach, "Testing Shared Memories",
 * SIAM Journal on Computing 26 (1997), section 5: the zones of the values.
 */
export function notLinearizable(calls: readonly RegisterCall[]): readonly string[] {
  const problems: string[] = []
  for (const [register, own] of Map.groupBy(calls, ({ register: name }) => name)) {
    const zones: {
      readonly value: string
      readonly low: Instant
      readonly high: Instant
      readonly forward: boolean
    }[] = []
    for (const [value, of] of Map.groupBy(own, ({ value: written }) => written)) {
      const write = of.find(({ kind }) => kind === 'write')
      const reads = of.filter(({ kind }) => kind === 'read')
      const named = `${register} = ${value}`
      if (write === undefined && value !== undefined) problems.push(`${named} was read and never written`)
      if (write !== undefined && reads.length === 0 && write.end === Number.POSITIVE_INFINITY) continue
      if (write !== undefined && reads.some(({ end }) => end < write.start))
        problems.push(`${named} was read before it was written`)
      const first = Math.min(write?.end ?? -1, ...reads.map(({ end }) => end))
      const last = Math.max(write?.start ?? -1, ...reads.map(({ start }) => start))
      const zone = { value: named, low: Math.min(first, last), high: Math.max(first, last) }
      zones.push({ ...zone, forward: first < last })
    }
    zones.sort((a, b) => a.low - b.low)
    const forward = zones.filter((zone) => zone.forward)
    forward.forEach((zone, index) => {
      const next = forward[index + 1]
      if (next !== undefined && next.low < zone.high) problems.push(`${zone.value} and ${next.value} overlap`)
    })
    for (const inner of zones)
      if (!inner.forward)
        for (const outer of forward)
          if (outer.low < inner.low && inner.high < outer.high)
            problems.push(`${inner.value} was written and gone while ${outer.value} held`)
  }
  return problems
}
