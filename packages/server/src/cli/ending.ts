import { setTimeout as sleep } from 'node:timers/promises'

const endSignals = ['SIGINT', 'SIGTERM'] as const
type EndSignal = (typeof endSignals)[number]

/** The signals that end a server. */
export interface Signals {
  readonly first: Promise<EndSignal>
  /** Any later one: who sends a second signal does not want to wait. */
  readonly second: Promise<EndSignal>
  /** From now on a signal ends the process at once, as it does by default. */
  ignore(): void
}

/** Hears signals from now on. */
export function hearSignals(): Signals {
  const first = Promise.withResolvers<EndSignal>()
  const second = Promise.withResolvers<EndSignal>()
  let heard = 0
  const hear = (signal: EndSignal) => {
    if (heard++ === 0) return first.resolve(signal)
    second.resolve(signal)
    ignore()
  }
  const ignore = () => {
    for (const signal of endSignals) process.off(signal, hear)
  }
  for (const signal of endSignals) process.on(signal, hear)
  return { first: first.promise, second: second.promise, ignore }
}

/**
 * Waits for the end. SIGTERM drains the server first: it answers for some more seconds while load balancers notice
 * that it is not ready. A person who presses Ctrl-C (SIGINT) does not wait, and a second signal ends the wait.
 */
export async function untilEnd(signals: Signals, drainSeconds: number, drain: () => void): Promise<void> {
  if ((await signals.first) !== 'SIGTERM' || drainSeconds === 0) return signals.ignore()
  drain()
  const waits = new AbortController()
  const wait = sleep(drainSeconds * 1_000, undefined, { signal: waits.signal }).catch(() => {})
  await Promise.race([wait, signals.second])
  waits.abort()
  signals.ignore()
}
