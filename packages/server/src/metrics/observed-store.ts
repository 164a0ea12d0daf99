import { type Clock, FollowingClock, monotonic, Outage, systemClock } from '../base/index.ts'
import {
  type CommitOutcome,
  type Confirmation,
  type Durability,
  type LeaseToken,
  type Store,
  StoreUnavailable,
} from '../store/index.ts'
import type { Registry } from './registry.ts'

/** Bounds of waits for a disk or a database, in seconds. */
const waits = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const batches = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** The kinds of jobs that have leases: what a job's name begins with. Any other is counted as `other`. */
const jobs: readonly string[] = ['history', 'blocks', 'begun', 'purge']

/** A store that is measured. */
export interface ObservedStore {
  readonly store: Store
  /** Sets what runs around each write: the span of a trace, if there is one. */
  trace(span: <T>(name: string, work: () => Promise<T>) => Promise<T>): void
}

/**
 * Measures a store: each call of it, without a change of what it does. A clock that follows the store's hears of it with
 * each answer of `confirm`.
 */
export function observeStore(store: Store, metrics: Registry, clock: Clock): ObservedStore {
  const following = clock instanceof FollowingClock ? clock : undefined
  const machine = following === undefined ? clock : systemClock
  const commits = metrics.histograms(
    {
      name: 'omen_commit_seconds',
      help: 'Time to store changes, events that an answer waits for (events), or events of reads (reads).',
      unit: 'seconds',
    },
    waits,
  )
  const changes = commits.of({ kind: 'changes' })
  const events = commits.of({ kind: 'events' })
  const reads = commits.of({ kind: 'reads' })
  const batch = metrics.histogram(
    { name: 'omen_commit_batch', help: 'Commits that one turn of the event loop handed to the store.' },
    batches,
  )
  const confirms = metrics.histogram(
    {
      name: 'omen_confirm_seconds',
      help: 'Time to confirm that states of accounts are the newest ones; not asked on one node.',
      unit: 'seconds',
    },
    waits,
  )
  const conflicts = metrics.counter({
    name: 'omen_conflicts',
    help: 'Commits that were refused because an account had moved.',
  })
  const turns = metrics.counter({ name: 'omen_turns', help: 'Turns of accounts that several nodes change.' })
  const loads = metrics.counter({
    name: 'omen_account_loads',
    help: 'Accounts that were loaded from the store.',
  })
  const deltas = metrics.counter({
    name: 'omen_account_deltas',
    help: 'Accounts that were brought up to date by what had changed.',
  })
  const outage = new Outage<'changes' | 'events' | 'other'>()
  metrics.gauge(
    { name: 'omen_store_up', help: 'Whether the store does what it is asked, and keeps changes: 1 or 0.' },
    () => (outage.isOn ? 0 : 1),
  )
  let offset: number | undefined
  metrics.gauge(
    {
      name: 'omen_clock_offset_seconds',
      help: 'How far the clock of this process is ahead of the store, as of the last answer.',
      unit: 'seconds',
    },
    () => offset,
  )
  const held = new Map<string, { readonly kind: string; readonly until: number }>()
  metrics.gauges({ name: 'omen_leases', help: 'Leases that this process holds, by kind of job.' }, () => {
    const time = monotonic()
    const counts = new Map<string, number>()
    for (const [job, { kind, until }] of held) {
      if (until <= time) held.delete(job)
      else counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    return [...counts].map(([job, count]) => [{ job }, count])
  })

  let inTurn = 0
  const countCommit = () => {
    if (inTurn++ > 0) return
    setImmediate(() => {
      batch.observe(inTurn)
      inTurn = 0
    })
  }
  let span: <T>(name: string, work: () => Promise<T>) => Promise<T> = (_name, work) => work()
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const answer = await work
      outage.succeeded('other')
      return answer
    } catch (error) {
      if (error instanceof StoreUnavailable) outage.failed('other')
      throw error
    }
  }
  const countConflict = (outcome: CommitOutcome) => {
    if (!outcome.ok && 'moved' in outcome) conflicts.add()
  }
  // one promise a commit: this is on the way of every change
  const timed = <T>(
    kind: 'changes' | 'events' | 'other',
    histogram: { observe(value: number): void },
    work: Promise<T>,
    note?: (answer: T) => void,
  ): Promise<T> => {
    const begun = monotonic()
    return work.then(
      (answer) => {
        outage.succeeded(kind)
        note?.(answer)
        histogram.observe((monotonic() - begun) / 1_000)
        return answer
      },
      (error: unknown) => {
        if (error instanceof StoreUnavailable) outage.failed(kind)
        histogram.observe((monotonic() - begun) / 1_000)
        throw error
      },
    )
  }

  // as they are now: a later replacement may call what is here
  const plain = {
    commit: store.commit.bind(store),
    record: store.record.bind(store),
    confirm: store.confirm.bind(store),
    turn: store.turn.bind(store),
    loadAccount: store.loadAccount.bind(store),
    changesSince: store.changesSince.bind(store),
    lease: store.lease.bind(store),
    release: store.release.bind(store),
  }
  const watched: Partial<Store> = {
    commit(commit) {
      countCommit()
      return span('omen.commit', () => timed('changes', changes, plain.commit(commit), countConflict))
    },
    record(stored, durability?: Durability) {
      if (durability === 'process') return timed('other', reads, plain.record(stored, durability))
      countCommit()
      return span('omen.commit', () => timed('events', events, plain.record(stored, durability)))
    },
    async confirm(states): Promise<Confirmation> {
      const begun = machine.now()
      const own = following?.begin()
      const answer = await timed('other', confirms, plain.confirm(states))
      if (own !== undefined) following?.hear(answer.now, own)
      offset = (begun + machine.now()) / 2_000 - answer.now / 1_000
      return answer
    },
    turn(account, work) {
      turns.add()
      return asked(plain.turn(account, work))
    },
    loadAccount(account) {
      loads.add()
      return asked(plain.loadAccount(account))
    },
    async changesSince(state) {
      const delta = await asked(plain.changesSince(state))
      if (delta !== 'anew') deltas.add()
      return delta
    },
    async lease(job, milliseconds): Promise<LeaseToken | undefined> {
      const begun = monotonic()
      const token = await plain.lease(job, milliseconds)
      const [first = ''] = job.split('/')
      const kind = jobs.includes(first) ? first : 'other'
      if (token === undefined) held.delete(job)
      else held.set(job, { kind, until: begun + milliseconds })
      return token
    },
    release(token) {
      held.delete(token.job)
      return plain.release(token)
    },
  }
  return {
    store: overlaid(store, watched),
    trace(around) {
      span = around
    },
  }
}

/**
 * The store with some of its methods replaced. Others are called on the store itself, whose private parts they need. A
 * method that is replaced on the store later, as tests of failures do, is called as it is.
 */
function overlaid(store: Store, replaced: Partial<Store>): Store {
  const instead = new Map<unknown, unknown>()
  for (const [name, method] of Object.entries(replaced)) instead.set(Reflect.get(store, name), method)
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const known = instead.get(value)
      if (known !== undefined) return known
      const bound: unknown = value.bind(target)
      instead.set(value, bound)
      return bound
    },
  })
}
