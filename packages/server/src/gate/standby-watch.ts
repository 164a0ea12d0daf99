import type { Standbys, Store } from '../store/index.ts'

/** The interval between two looks, in milliseconds. */
const every = 5_000

/**
 * Reports when the database has no synchronous standby any more, or waits for one, and when it has one again. Returns the
 * function that ends it.
 */
export function watchStandbys(store: Pick<Store, 'standbys'>, report: (line: string) => void): () => void {
  if (store.standbys === undefined) return () => {}
  let before: Standbys | undefined
  const timer = setInterval(() => {
    const now = store.standbys?.()
    const line = now && changeOf(before, now)
    if (line !== undefined) report(line)
    before = now ?? before
  }, every)
  timer.unref()
  return () => clearInterval(timer)
}

/** Returns the line for a change that an operator must know. */
export function changeOf(before: Standbys | undefined, now: Standbys): string | undefined {
  if (now.count > 0)
    return before !== undefined && before.count === 0
      ? `PostgreSQL has ${now.count} synchronous standby${now.count === 1 ? '' : 's'} again`
      : undefined
  if (before !== undefined && before.count === 0 && before.areAwaited === now.areAwaited) return undefined
  if (now.areAwaited)
    return 'PostgreSQL is set to wait for a synchronous standby and has none: no change is acknowledged until one is back'
  return before === undefined
    ? undefined
    : 'PostgreSQL has no synchronous standby any more: a failover may lose acknowledged changes'
}
