import type { AccountId } from '../../base/index.ts'
import type { Lineage } from '../account-types.ts'
import { type DenialPack, DenialPacker } from '../sqlite/denial-pack.ts'
import { type Commit, type CommitOutcome, StoreUnavailable } from '../types.ts'
import { concernsBlobs, storeBlobs } from './blobs.ts'
import { CommitBatch } from './commit-batch.ts'
import { accountOf, expectedOf, isClosedStream, type StaleRow, statementOf } from './commit-values.ts'
import { ConnectionLost, stateOf, unavailable } from './failure.ts'
import type { Link } from './link.ts'
import { hasPacks, putPacks } from './packs.ts'
import type { EventRow, EventStream } from './stream.ts'
import { wasStored } from './trace.ts'
import type { Turns } from './turns.ts'

/** How long a transaction waits for a lock, and how long one whose node was paused keeps its locks, in milliseconds. */
const patience = { lock: 5_000, idle: 5_000 } as const

/** The rows that a transaction has stored so far. */
interface Stored {
  readonly steps: { readonly account: AccountId; readonly next: Lineage }[]
  readonly rows: EventRow[]
  readonly denials: DenialPack[]
}

/** Stores commits in transactions of several statements, on one connection, one transaction at a time. */
export class Transactions {
  readonly #link: Link
  readonly #stream: EventStream
  readonly #turns: Turns
  readonly #onDenials: (denials: readonly DenialPack[]) => void
  #packer = new DenialPacker()

  constructor(
    link: Link,
    stream: EventStream,
    turns: Turns,
    onDenials: (denials: readonly DenialPack[]) => void,
  ) {
    this.#link = link
    this.#stream = stream
    this.#turns = turns
    this.#onDenials = onDenials
  }

  /** Denials that are packed from now on bring their documents again. */
  forgetDocuments(): void {
    this.#packer = new DenialPacker()
  }

  /** Stores what `work` returns, in one transaction. If `work` or a statement fails, nothing is stored. */
  async run(work: (link: Link) => Promise<readonly Commit[]>): Promise<readonly CommitOutcome[]> {
    const stored: Stored = { steps: [], rows: [], denials: [] }
    let outcomes: readonly CommitOutcome[]
    try {
      // what `work` asks first travels with it
      const begun = this.#link.query(
        `BEGIN; SET LOCAL lock_timeout = ${patience.lock}; SET LOCAL idle_in_transaction_session_timeout = ${patience.idle}`,
      )
      begun.catch(() => {}) // awaited below
      const commits = await work(this.#link)
      await begun
      outcomes = await this.#store(commits, stored)
    } catch (error) {
      await this.#link.query('ROLLBACK').catch(() => {})
      throw stateOf(error) === undefined ? error : unavailable(error)
    }
    try {
      await this.#link.query('COMMIT')
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw unavailable(error)
      if (!(await wasStored(this.#link, { account: stored.steps[0], events: stored.rows[0] }))) throw error
    }
    this.#packer.kept(stored.denials)
    if (stored.denials.length > 0) this.#onDenials(stored.denials)
    return outcomes
  }

  async #store(commits: readonly Commit[], stored: Stored): Promise<readonly CommitOutcome[]> {
    const outcomes = new Map<Commit, CommitOutcome>()
    let left = [...commits]
    while (left.length > 0) {
      const batch = new CommitBatch()
      let count = 0
      for (const commit of left) {
        const isApart = concernsBlobs(commit) || hasPacks(commit) || commit.fence !== undefined
        if ((count > 0 && isApart) || !batch.add(commit)) break
        count++
        if (isApart) break
      }
      const some = left.slice(0, count)
      const [first] = some
      if (first === undefined) {
        outcomes.set(left[0]!, { ok: false, moved: expectedOf(left[0]!) }) // there is one left
        left = left.slice(1)
        continue
      }
      const stale = await this.#execute(some, batch, stored)
      if (stale.length === 0) {
        if (hasPacks(first)) await putPacks(this.#link, first.accounts)
        if (concernsBlobs(first)) await storeBlobs(this.#link, first)
        for (const commit of some) outcomes.set(commit, { ok: true })
        left = left.slice(count)
        continue
      }
      const moved = new Set(stale.map((row) => accountOf(row.account)))
      const isFenced = stale.some((row) => row.account === '0')
      left = left.filter((commit, index) => {
        if (index >= count) return true
        const of = expectedOf(commit).filter((each) => moved.has(each))
        if (isFenced && commit.fence) outcomes.set(commit, { ok: false, fenced: true })
        else if (of.length > 0) outcomes.set(commit, { ok: false, moved: of })
        return !outcomes.has(commit)
      })
      if (moved.size === 0 || stale.some(isClosedStream)) {
        this.#link.renew('its stream of events was closed')
        throw new StoreUnavailable('the stream of this connection was closed')
      }
    }
    return commits.map((commit) => outcomes.get(commit)!) // each was decided
  }

  async #execute(
    commits: readonly Commit[],
    batch: CommitBatch,
    stored: Stored,
  ): Promise<readonly StaleRow[]> {
    const events = commits.flatMap((commit) => commit.events)
    const rows = this.#stream.rowsOf(events)
    const denials = this.#packer.pack(events)
    const { fence } = commits[0]! // there is at least one
    const [stream, turns] = [this.#stream.id, this.#turns.held]
    const stale = await this.#link.query<StaleRow>(
      ...statementOf({ batch, rows, denials, fence, ended: [], stream, turns, soon: false }),
    )
    if (stale.length > 0) return stale
    stored.steps.push(...batch.steps)
    stored.rows.push(...rows)
    stored.denials.push(...denials)
    return []
  }
}
