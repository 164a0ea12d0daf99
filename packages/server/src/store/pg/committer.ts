import { type DenialPack, DenialPacker } from '../sqlite/denial-pack.ts'
import { type Commit, type CommitOutcome, StoreUnavailable } from '../types.ts'
import { CommitBatch } from './commit-batch.ts'
import {
  accountOf,
  expectedOf,
  isClosedStream,
  isEndedCall,
  type StaleRow,
  statementOf,
} from './commit-values.ts'
import {
  CallsEnded,
  ConnectionLost,
  DoubtfulCommit,
  isDuplicate,
  isLocked,
  mayTryAgain,
  type Trace,
  unavailable,
} from './failure.ts'
import type { Link } from './link.ts'
import type { EventRow, EventStream } from './stream.ts'
import { wasStored } from './trace.ts'
import type { Turns } from './turns.ts'

/** Limits of a batch and of what waits. */
const limits = {
  /** Commits of a batch, so that the first does not wait for an endless queue. */
  commits: 4_096,
  /** UTF-16 units of a batch. A larger commit is a batch of its own. */
  length: 8 * 1024 * 1024,
  /** Batches that are on their way: one is executed, one waits beside it. More would only make batches smaller, and a sync each. */
  batches: 2,
  /** Commits that are always enough for a batch of their own: see `#isEnough`. */
  enough: 128,
  /** Attempts after deadlocks and rows that two nodes create. */
  attempts: 8,
  /** Questions about a batch whose answer was lost. */
  questions: 3,
} as const

interface Waiting {
  /** Counts commits: they are executed in this order, also after an attempt that failed. */
  readonly number: number
  readonly commit: Commit
  readonly length: number
  attempts: number
  /** Whether it is executed without others, because a batch with it failed. */
  alone: boolean
  readonly resolve: (outcome: CommitOutcome) => void
  readonly reject: (error: Error) => void
}

/** Work that is executed while nothing else of this connection is. */
interface Exclusive {
  readonly number: number
  readonly run: () => Promise<void>
}

interface Sent {
  readonly waiting: readonly Waiting[]
  readonly batch: CommitBatch
  readonly rows: readonly EventRow[]
  readonly denials: readonly DenialPack[]
}

/** The writer of one connection: commits of one turn of the event loop become one statement. */
export class Committer {
  readonly #link: Link
  readonly #stream: EventStream
  readonly #turns: Turns
  readonly #soon: boolean
  readonly #onDenials: (denials: readonly DenialPack[]) => void
  #packer = new DenialPacker()
  #queue: (Waiting | Exclusive)[] = []
  #isExclusive = false
  #commits = 0
  #inFlight = 0
  /** The number of commits of the batch that was sent last. */
  #sent = 0
  #scheduled = false
  #batches = 0
  /** The numbers of what is not decided yet, ascending. */
  readonly #open = new Set<number>()
  readonly #settling: { readonly upTo: number; readonly resolve: () => void }[] = []

  /** `soon` commits survive this process, and the machine of PostgreSQL only moments later. */
  constructor(
    link: Link,
    stream: EventStream,
    turns: Turns,
    {
      soon = false,
      onDenials = () => {},
    }: { soon?: boolean; onDenials?: (denials: readonly DenialPack[]) => void },
  ) {
    this.#link = link
    this.#stream = stream
    this.#turns = turns
    this.#soon = soon
    this.#onDenials = onDenials
  }

  /** Statements executed so far. */
  get batches(): number {
    return this.#batches
  }

  /** Denials that are packed from now on bring their documents again. */
  forgetDocuments(): void {
    this.#packer = new DenialPacker()
  }

  /** Stores a commit. Commits are executed in the order of the calls. */
  commit(commit: Commit, length: number): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      const number = this.#begin()
      this.#queue.push({
        number,
        commit,
        length,
        attempts: 0,
        alone: false,
        resolve: (outcome) => {
          this.#end(number)
          resolve(outcome)
        },
        reject: (error) => {
          this.#end(number)
          reject(error)
        },
      })
      this.#schedule()
    })
  }

  /** Whether a batch of this writer was stored. @throws StoreUnavailable if that cannot be found out */
  wasStored(trace: Trace): Promise<boolean> {
    return wasStored(this.#link, trace)
  }

  /** Executes work between the commits before it and those after it, while nothing else is on its way. */
  exclusively<T>(work: (link: Link) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const number = this.#begin()
      const run = () =>
        work(this.#link)
          .finally(() => this.#end(number))
          .then(resolve, reject)
      this.#queue.push({ number, run })
      this.#schedule()
    })
  }

  /** Whether everything that was handed over is decided. */
  get isSettled(): boolean {
    return this.#open.size === 0
  }

  /** Resolves when everything that was handed over before is decided, whatever is handed over meanwhile. */
  settled(): Promise<void> {
    if (this.isSettled) return Promise.resolve()
    return new Promise((resolve) => this.#settling.push({ upTo: this.#commits, resolve }))
  }

  #begin(): number {
    this.#open.add(++this.#commits)
    return this.#commits
  }

  #end(number: number): void {
    this.#open.delete(number)
    if (this.#settling.length === 0) return
    const [oldest = Number.POSITIVE_INFINITY] = this.#open
    while (this.#settling.length > 0 && this.#settling[0]!.upTo < oldest) this.#settling.shift()!.resolve()
  }

  /** After the sockets' turn, so that calls that arrived together are committed together. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#isEnough && !this.#isExclusive) {
      const first = this.#queue[0]! // the queue is not empty
      const isExclusive = 'run' in first || first.alone
      if (isExclusive && this.#inFlight > 0) return
      const sent = 'run' in first ? undefined : this.#next()
      if ('run' in first) this.#queue.shift()
      else if (sent === undefined) continue
      this.#inFlight++
      this.#sent = sent?.waiting.length ?? 1
      this.#isExclusive = isExclusive
      const done = 'run' in first ? first.run() : this.#execute(sent!) // there is no `run`, so there is a batch
      void done.finally(() => {
        this.#inFlight--
        this.#isExclusive = false
        this.#pump()
      })
    }
  }

  /**
   * Whether to send a batch now. Beside one on its way there must be as many commits as it has: PostgreSQL executes one after
   * the other, and what is sent at once would be a sync for a few of them while the others wait for the next.
   */
  get #isEnough(): boolean {
    if (this.#inFlight === 0) return true
    return this.#inFlight < limits.batches && this.#queue.length >= Math.min(this.#sent, limits.enough)
  }

  /** Takes the next batch from the queue; undefined if its first commit can be decided without the database. */
  #next(): Sent | undefined {
    const batch = new CommitBatch()
    const waiting: Waiting[] = []
    let length = 0
    for (const each of this.#queue) {
      if ('run' in each) break
      const isApart = each.alone || each.commit.fence !== undefined
      if (waiting.length > 0 && (isApart || length + each.length > limits.length)) break
      if (!batch.add(each.commit)) {
        if (waiting.length > 0) break
        this.#queue.shift()
        each.resolve({ ok: false, moved: expectedOf(each.commit) })
        return undefined
      }
      waiting.push(each)
      length += each.length
      if (isApart || waiting.length === limits.commits) break
    }
    this.#queue.splice(0, waiting.length)
    try {
      const events = waiting.flatMap(({ commit }) => commit.events)
      return { waiting, batch, rows: this.#stream.rowsOf(events), denials: this.#packer.pack(events) }
    } catch (error) {
      this.#apart(waiting, error)
      return undefined
    }
  }

  async #execute(sent: Sent): Promise<void> {
    const { waiting, batch, rows, denials } = sent
    const { fence } = waiting[0]!.commit // a batch has at least one
    const [stream, turns, soon] = [this.#stream.id, this.#turns.held, this.#soon]
    const ended = waiting.flatMap(({ commit }) => endedBy(commit))
    const written = { batch, rows, denials, fence, ended, stream, turns, soon }
    const { life } = this.#link
    try {
      const stale = await this.#link.query<StaleRow>(...statementOf(written))
      if (stale.length > 0) {
        if (stale.some(isClosedStream)) await this.#link.follow(life, 'its stream of events was closed')
        this.#refuse(waiting, stale)
        return
      }
      this.#batches++
      this.#kept(sent)
    } catch (error) {
      if (error instanceof ConnectionLost) await this.#clear(sent, error)
      else this.#apart(waiting, error)
    }
  }

  #kept({ waiting, denials }: Sent): void {
    this.#packer.kept(denials)
    if (denials.length > 0) this.#onDenials(denials)
    for (const { resolve } of waiting) resolve({ ok: true })
  }

  /** Refuses the commits that expected what has moved; the others are executed again, before all that wait. */
  #refuse(waiting: readonly Waiting[], stale: readonly StaleRow[]): void {
    const moved = new Set(stale.map(({ account }) => accountOf(account)))
    const fenced = stale.some(({ account }) => account === '0')
    const areEnded = stale.some(isEndedCall)
    const again: Waiting[] = []
    for (const each of waiting) {
      const of = expectedOf(each.commit).filter((account) => moved.has(account))
      if (fenced && each.commit.fence) each.resolve({ ok: false, fenced: true })
      else if (of.length > 0) each.resolve({ ok: false, moved: of })
      else if (areEnded && endedBy(each.commit).length > 0) each.reject(new CallsEnded())
      else if (++each.attempts > limits.attempts)
        each.reject(new StoreUnavailable('the stream of this connection was closed by another node'))
      else again.push(each)
    }
    this.#again(again)
  }

  /**
   * After a failure that some commit of a batch caused: each gets a statement of its own. If it is a lock of another client, all are
   * refused: one after the other they would wait for it again.
   */
  #apart(waiting: readonly Waiting[], error: unknown): void {
    const passes = isDuplicate(error) || mayTryAgain(error)
    if ((waiting.length > 1 || passes) && !isLocked(error)) {
      const again = waiting.filter((each) => {
        each.alone = !mayTryAgain(error)
        if (++each.attempts <= limits.attempts) return true
        each.reject(unavailable(error))
        return false
      })
      this.#again(again)
      return
    }
    for (const { reject } of waiting)
      reject(error instanceof RangeError ? new StoreUnavailable(error.message) : unavailable(error))
  }

  /** Finds out what became of a batch whose answer was lost. If nothing of it is there, it is executed again. */
  async #clear(sent: Sent, lost: ConnectionLost): Promise<void> {
    const { waiting, batch, rows } = sent
    const trace: Trace = { account: batch.steps[0], events: rows[0] }
    for (let attempt = 1; ; attempt++)
      try {
        if (await wasStored(this.#link, trace)) this.#kept(sent)
        else this.#again(waiting.filter((each) => this.#mayRepeat(each, lost)))
        return
      } catch (error) {
        // the next connection may have been lost, too, while it was asked
        if (error instanceof ConnectionLost && attempt < limits.questions) continue
        for (const { reject } of waiting) reject(new DoubtfulCommit(lost.message, trace))
        return
      }
  }

  #again(waiting: readonly Waiting[]): void {
    if (waiting.length > 0) this.#queue = [...waiting, ...this.#queue].sort((a, b) => a.number - b.number)
  }

  #mayRepeat(waiting: Waiting, lost: ConnectionLost): boolean {
    if (++waiting.attempts <= 2) return true
    waiting.reject(lost)
    return false
  }
}

/** The calls that were begun and end with a commit. */
function endedBy({ events }: Commit): readonly string[] {
  return events.filter(({ begun }) => begun).map(({ id }) => id)
}
