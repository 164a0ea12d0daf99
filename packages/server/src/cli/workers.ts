import cluster, { type Worker as Child } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicClock } from '../base/index.ts'
import { type Announced, banner } from './banner.ts'
import { hearSignals, type Signals } from './ending.ts'
import { badSyntax } from './failure.ts'
import type { Home, RunningServer } from './home.ts'
import { type NodeTerms, nodeTermsOf } from './node-options.ts'
import { print } from './output.ts'
import { processSpace } from './process-space.ts'
import { homeOfMemory } from './serving-home.ts'
import type { StartOptions } from './start-values.ts'

/** More than the cores of any machine for which one address is enough. */
const workersMost = 64

/** Milliseconds until a worker that ended is started again: doubled each time, until one lives for `steady`. */
const again = { first: 100, most: 5_000, steady: 10_000 }

/** The data that a worker has from the process that started it. */
export interface Worker {
  readonly signals: Signals
  /** Says that it serves. @param said what the banner says; absent if lines of JSON are written instead */
  serves(server: RunningServer, said: Announced | undefined): void
}

/** From a worker, once it serves. */
interface Serving {
  readonly server: RunningServer
  readonly said?: Announced
}

/** To a worker: its number at its start, later the signal that ends it. */
type Order = { readonly number: number } | { readonly end: 'SIGINT' | 'SIGTERM' }

/**
 * `omen start --workers N`: N processes that listen on one port, each of them a node. They share nothing but the
 * database. One that ends is followed by another. Source: https://nodejs.org/api/cluster.html
 * @param start serves in a worker
 * @throws CommandFailure if the options do not go together
 */
export async function startWorkers(
  options: StartOptions,
  start: (options: StartOptions, work: undefined, worker: Worker) => Promise<void>,
): Promise<void> {
  const count = parseWorkers(options)
  const terms = nodeTermsOf(options, 1)
  if (cluster.isPrimary) return new Supervisor(count, options, terms).run()
  const number = await new Promise<number>((resolve) =>
    process.once('message', (order: Order) => resolve('number' in order ? order.number : 0)),
  )
  const port = terms.metrics?.port ?? 0
  const workerOptions = {
    ...options,
    nodeName: `${terms.name}-${number}`,
    ...(port === 0 ? {} : { metricsPort: String(port + number - 1) }),
  }
  const serves = (server: RunningServer, said: Announced | undefined) =>
    void process.send?.({ server, ...(said === undefined ? {} : { said }) } satisfies Serving)
  try {
    await start(workerOptions, undefined, { signals: ordersAsSignals(), serves })
  } finally {
    cluster.worker?.disconnect() // its channel would keep the process alive
  }
}

/** @throws CommandFailure if the number is none, or if there is no store that several processes can share */
function parseWorkers({ workers = '', store }: StartOptions): number {
  const count = Number(workers)
  if (!/^\d{1,2}$/.test(workers) || count < 1 || count > workersMost)
    throw badSyntax(`--workers takes a number from 1 to ${workersMost}, not ${workers}`)
  if (store === undefined)
    throw badSyntax('--workers needs --store: the database of a home belongs to one process')
  return count
}

/**
 * A terminal sends SIGINT to all processes of a command: a worker leaves it to the one that started it. SIGTERM ends
 * this worker alone, and another one follows.
 */
function ordersAsSignals(): Signals {
  const first = Promise.withResolvers<'SIGINT' | 'SIGTERM'>()
  const second = Promise.withResolvers<'SIGINT' | 'SIGTERM'>()
  let heard = 0
  const hear = (signal: 'SIGINT' | 'SIGTERM') => (heard++ === 0 ? first : second).resolve(signal)
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => hear('SIGTERM'))
  process.on('message', (order: Order) => {
    if ('end' in order) hear(order.end)
  })
  return { first: first.promise, second: second.promise, ignore: () => {} }
}

/** Starts the workers, replaces those that end, and ends them all. */
class Supervisor {
  readonly #count: number
  readonly #options: StartOptions
  readonly #terms: NodeTerms
  readonly #living = new Map<number, Child>()
  #isEnding = false

  constructor(count: number, options: StartOptions, terms: NodeTerms) {
    this.#count = count
    this.#options = options
    this.#terms = terms
  }

  async run(): Promise<void> {
    const { home, leave } = await homeOfMemory(this.#options.home)
    const signals = hearSignals()
    const wish = signals.first.then((signal) => ({ signal }))
    try {
      const started = this.#startAll()
      started.catch(() => {}) // a signal may come first
      const first = await Promise.race([started, wish])
      if ('server' in first) this.#announce(first, home)
      await this.#end((await wish).signal, signals.second)
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error
      await this.#end('SIGTERM', signals.second)
      process.exitCode = error.status // it has said why
      return
    } finally {
      leave()
    }
    if (this.#terms.lines === undefined) print('  omen has stopped; everything is kept in its database\n')
    this.#terms.lines?.note('stopped')
    await this.#terms.lines?.end()
  }

  /** The first one alone: it makes what a new database needs, and says what is wrong once. */
  async #startAll(): Promise<Serving> {
    const first = await this.#start(1)
    const others = Array.from({ length: this.#count - 1 }, (_, index) => this.#start(index + 2))
    await Promise.all(others)
    return first
  }

  /** @param follows the wait if it ends, for one that follows another @throws WorkerEnded if it ends before it serves */
  #start(number: number, follows?: number): Promise<Serving> {
    const isFollower = follows !== undefined
    const wait = follows ?? again.first
    return new Promise((resolve, reject) => {
      const child = cluster.fork()
      const born = monotonicClock.now()
      let serves = false
      this.#living.set(number, child)
      child.once('online', () => order(child, { number }))
      child.once('message', (serving: Serving) => {
        serves = true
        resolve(serving)
      })
      child.once('exit', (status: number | null, signal: string | null) => {
        this.#living.delete(number)
        reject(new WorkerEnded(status ?? 1))
        if (this.#isEnding) return
        const isSteady = monotonicClock.now() - born > again.steady
        if (serves || isFollower)
          void this.#follow(number, signal ?? `status ${status}`, isSteady ? again.first : wait)
      })
    })
  }

  async #follow(number: number, how: string, wait: number): Promise<void> {
    const facts = { worker: number, how, nextInMilliseconds: wait }
    if (this.#terms.lines !== undefined) this.#terms.lines.note('worker ended', facts)
    else print(`  worker ${number} ended (${how}): another one starts\n`)
    await sleep(wait)
    if (this.#isEnding) return
    await this.#start(number, Math.min(wait * 2, again.most)).catch(() => {})
  }

  #announce({ server, said }: Serving, home: Home): void {
    home.writeServer({ ...server, pid: process.pid, processSpace: processSpace() })
    if (said !== undefined) print(banner({ ...said, home: home.folder, workers: this.#count }))
  }

  /** A second signal kills the workers: its sender does not want to wait. */
  async #end(signal: 'SIGINT' | 'SIGTERM', second: Promise<unknown>): Promise<void> {
    this.#isEnding = true
    const living = [...this.#living.values()]
    const gone = living.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of living) order(child, { end: signal })
    void second.then(() => {
      for (const child of living) child.process.kill('SIGKILL')
    })
    await Promise.all(gone)
  }
}

/** One that is about to end hears nothing more: its end is noticed. */
function order(child: Child, message: Order): void {
  child.send(message, () => {})
}

/** A worker ended before it served. */
class WorkerEnded extends Error {
  readonly status: number

  constructor(status: number) {
    super('a worker ended before it served')
    this.status = status
  }
}
