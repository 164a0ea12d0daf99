import { performance as nodePerformance } from 'node:perf_hooks'
import type { Dependencies } from '../authorization/index.ts'
import type { Registry } from '../metrics/index.ts'
import type { History } from './history.ts'
import type { Readiness } from './readiness.ts'

/** Registers what a server knows of its accounts, its trail and its process. Each is read when it is asked for. */
export function measureServer(
  metrics: Registry,
  { deps, history, readiness }: { deps: Dependencies; history: History; readiness: Readiness },
): void {
  const { recorder, directory } = deps
  const { store } = directory
  metrics.gauge({ name: 'omen_ready', help: 'Whether the server wants calls: 1 or 0.' }, () =>
    readiness.unready === undefined ? 1 : 0,
  )
  metrics.gauge(
    {
      name: 'omen_accounts_bytes',
      help: 'Approximate memory of the accounts that are loaded.',
      unit: 'bytes',
    },
    () => directory.size,
  )
  metrics.gauge(
    { name: 'omen_events_waiting', help: 'Events of reads that are not on the disk yet.' },
    () => recorder.waiting,
  )
  metrics.counterOf(
    { name: 'omen_events_lost', help: 'Events that could not be kept since the start.' },
    () => recorder.lost,
  )
  metrics.counterOf(
    {
      name: 'omen_events_undelivered',
      help: 'Deliveries that trails can make no more, because their events were forgotten before.',
    },
    () => history.undelivered,
  )
  metrics.gauge(
    {
      name: 'omen_trail_lag_seconds',
      help: 'Time since the trail that is most behind had delivered everything; absent without trails.',
      unit: 'seconds',
    },
    () => history.lagSeconds,
  )
  metrics.gauge(
    {
      name: 'omen_store_sync_standbys',
      help: 'Synchronous standbys of the database; absent if it has no such thing, or does not show them.',
    },
    () => store.standbys?.()?.count,
  )
  const started = deps.clock.now() / 1_000
  metrics.gauge(
    {
      name: 'process_start_time_seconds',
      help: 'When the server was opened, since the epoch.',
      unit: 'seconds',
    },
    () => started,
  )
  metrics.gauge(
    { name: 'process_resident_memory_bytes', help: 'Memory of the process.', unit: 'bytes' },
    () => process.memoryUsage.rss(),
  )
  metrics.counterOf(
    { name: 'process_cpu_seconds', help: 'Processor time of the process, all threads.', unit: 'seconds' },
    () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  )
  metrics.counterOf(
    {
      name: 'omen_event_loop_busy_seconds',
      help: 'Time that the main thread was busy: its rate is the share of the time.',
      unit: 'seconds',
    },
    () => nodePerformance.eventLoopUtilization().active / 1_000,
  )
}
