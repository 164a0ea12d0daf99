/** Rounds at each door, beside the one that warms up. */
export const rounds = 3
/** What a round takes. */
export const roundMilliseconds = 2_000

/** Where the same requests are sent, by name: straight to the upstream, through something bare, through the guard. */
export type Ports<Door extends string> = Readonly<Record<Door, number>>

/** The median of a few rounds at each door, in turn; the first round warms up. */
export async function compare<Door extends string>(
  ports: Ports<Door>,
  run: (port: number) => Promise<number>,
): Promise<ReadonlyMap<Door, number>> {
  const measured = new Map<Door, number[]>()
  for (const door in ports) measured.set(door, [])
  for (let round = 0; round <= rounds; round++) {
    for (const [door, rates] of measured) {
      const rate = await run(ports[door])
      if (round > 0) rates.push(rate)
    }
  }
  return new Map(Array.from(measured, ([door, rates]) => [door, median(rates)]))
}

/** Every door's share of what is done directly. */
export function told(rates: ReadonlyMap<string, number>, unit: string): string {
  const direct = rates.get('direct')!
  const shares = [...rates]
    .filter(([door]) => door !== 'direct')
    .map(([door, rate]) => `${door} ${(rate / direct).toFixed(3)} (${Math.round(rate)}${unit})`)
  return `of direct (${Math.round(direct)}${unit}): ${shares.reverse().join(', ')}`
}

/** The middle one. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}
