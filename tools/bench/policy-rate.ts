/** Runs for half a second to warm up, then takes the best of five rounds: others share this machine. */
export async function rate(label: string, wanted: number, work: (n: number) => unknown): Promise<number> {
  let batch = 1
  let best = 0
  let n = 0
  const round = (milliseconds: number): number => {
    const began = performance.now()
    let done = 0
    let elapsed = 0
    while (elapsed < milliseconds) {
      for (let index = 0; index < batch; index++) work(n++)
      done += batch
      const now = performance.now() - began
      if (now - elapsed < 1) batch *= 2
      elapsed = now
    }
    return (done / elapsed) * 1000
  }
  round(500)
  for (let rounds = 0; rounds < 5; rounds++) best = Math.max(best, round(300))
  const note = wanted === 0 ? '' : `wanted: ${wanted.toLocaleString('en')}`
  line(label, `${Math.round(best).toLocaleString('en')}/s`, note)
  return best
}

/** One line of the table. */
export function line(label: string, figure: string, note = ''): void {
  console.log(`  ${label.padEnd(42)} ${figure.padStart(14)}  ${note}`.trimEnd())
}
