import { Worker } from 'node:worker_threads'
import { fault, ownsProcess, threadEnvironment } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import type { Asked, Found, FromThread, Looked, OperationName, Question, Told, ToThread } from './messages.ts'
import { type Pending, SentAccount } from './sent-account.ts'
import type { WorldDeps } from './world.ts'

const limits = {
  /** Milliseconds that the answer to a question may take. */
  patience: 120_000,
  /** Milliseconds without a question after which the thread ends, unless it watches. */
  idle: 60_000,
  /** Questions that wait. */
  waiting: 100,
  /** Megabytes of the thread's heap: a search that needs more ends the thread, and nothing else. */
  heap: 2_048,
  /** Accounts that are kept beside those that are asked about. */
  kept: 64,
} as const

/** The thread did not answer: it failed, or has ended. */
export class SearchFailed extends Error {
  override readonly name = 'SearchFailed'
}

interface Waiting {
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The accounts of a judgement as they would be. */
export type Tried = readonly {
  readonly sent: SentAccount
  readonly pending: Pending
  readonly stamp: number
}[]

/** The thread's judgement of a change. */
export interface Judgement {
  readonly found: Found
  /** Whether the thread was sent nothing else of the accounts since the change was tried. */
  readonly isStill: () => boolean
  /** Says whether the change was made. Returns whether its paths are known from now on. Must be called once. */
  readonly end: (isMade: boolean) => boolean
}

/**
 * Searches graphs in a thread of its own: a search may take seconds, and the main thread serves everyone meanwhile. The thread is sent
 * accounts once and then what changes. It starts with the first question.
 */
export class GraphThread {
  #worker: Worker | undefined
  /** The messages that wait until the thread is needed. */
  #held: ToThread[] = []
  readonly #waiting = new Map<number, Waiting>()
  /** By the objects of the accounts: an account that was read again is another one. The one asked about last is the last. */
  readonly #sent = new Map<Account, { readonly number: number; readonly sent: SentAccount }>()
  #next = 0
  #idle: NodeJS.Timeout | undefined
  readonly #isWatching: boolean

  /** A thread that watches does not end while nothing is asked. */
  constructor({ isWatching = false } = {}) {
    this.#isWatching = isWatching
  }

  /**
   * Whether the thread holds accounts as they are now: it has not ended since they were sent, and nothing has changed that a
   * graph is made of.
   * @throws AccountNotLoaded if another account is needed that is not in memory
   */
  isCurrent(accounts: readonly Account[]): boolean {
    return accounts.every((account) => {
      const known = this.#sent.get(account)
      return known !== undefined && known.sent.pending().change === undefined
    })
  }

  /**
   * Sends accounts that the thread does not have, in pieces; others have their turn between them. The thread runs then: what is
   * held for one that does not would be sent at once.
   * @throws AccountNotLoaded if another account is needed that is not in memory: the call then runs again
   */
  *bring(accounts: readonly Account[], deps: WorldDeps): Generator<void> {
    yield // the call that needs them has had its own turn
    if (this.#worker === undefined) {
      this.#started()
      this.#rest()
      yield
    }
    for (const account of accounts) {
      const { number, sent } = this.#numberOf(account, deps)
      for (const change of sent.parts()) {
        this.#tell({ op: 'change', account: number, change })
        yield
      }
    }
  }

  /**
   * Answers a question about accounts as they are now, the one that is asked about first.
   * @throws Fault if the question cannot be answered, or takes too long
   */
  async answer<Name extends OperationName>(
    accounts: readonly Account[],
    deps: WorldDeps,
    question: Question<Name>,
  ): Promise<OmenGraph.Operations[Name]['output']> {
    if (this.#waiting.size >= limits.waiting)
      throw fault('InternalServerException', 'Too many questions about the graph wait. Try again later.', 503)
    const numbers = this.#bringAtOnce(accounts, deps)
    const late = setTimeout(() => {
      const seconds = limits.patience / 1_000
      this.#end(
        fault(
          'ValidationException',
          `The answer takes longer than ${seconds} seconds. Ask for less, or set maxSteps.`,
        ),
      )
    }, limits.patience)
    try {
      const output = await this.#ask({ op: 'answer', accounts: numbers, question })
      return output as OmenGraph.Operations[Name]['output'] // the thread's answers.ts has its type
    } finally {
      clearTimeout(late)
    }
  }

  /** Takes accounts as they are now for the state that later changes are compared with. */
  base(group: number, accounts: readonly Account[], deps: WorldDeps): void {
    this.#tell({ op: 'base', group, accounts: this.#bringAtOnce(accounts, deps) })
  }

  /** Returns the paths that opened in accounts since the last look, or since their base. @throws SearchFailed */
  async look(
    group: number,
    accounts: readonly Account[],
    deps: WorldDeps,
    steps: number | undefined,
  ): Promise<Looked> {
    const numbers = this.#bringAtOnce(accounts, deps)
    return (await this.#ask({ op: 'look', group, accounts: numbers, steps })) as Looked // its answer
  }

  /** How accounts would be as they are in memory now: for a judgement, before the change is undone. */
  tried(accounts: readonly Account[], deps: WorldDeps): Tried {
    return accounts.map((account) => {
      const { sent } = this.#numberOf(account, deps)
      return { sent, pending: sent.pending(), stamp: sent.stamp }
    })
  }

  /**
   * Returns the paths that would open if accounts were as they were tried. `made` says whether the change was made then, which must be called.
   * @throws SearchFailed
   */
  async judge(
    group: number,
    tried: Tried,
    { steps, limit }: { readonly steps: number | undefined; readonly limit: number },
  ): Promise<Judgement> {
    const numbers = tried.map(({ sent }) => this.#sent.get(sent.account)?.number)
    if (numbers.includes(undefined)) throw new SearchFailed('the thread has no such account')
    const accounts = numbers as readonly number[] // just looked
    const id = this.#next++
    const changes = tried.flatMap(({ pending: { change } }, at) =>
      change === undefined ? [] : [[accounts[at]!, change] as const],
    )
    const found = (await this.#ask(
      { op: 'judge', group, accounts, tried: changes, steps, limit },
      id,
    )) as Found // its answer
    // what was sent meanwhile is not in the state that was judged
    const isStill = () => tried.every(({ sent, stamp }) => sent.stamp === stamp)
    const end = (isMade: boolean): boolean => {
      const isKept = isMade && isStill()
      if (isKept) for (const { pending } of tried) pending.keep()
      this.#tell({ op: 'judged', group, judge: id, isMade: isKept })
      return isKept
    }
    return { found, isStill, end }
  }

  /** Forgets accounts, and what is known of a group. */
  forget(accounts: readonly Account[], group?: number): void {
    const numbers = accounts.flatMap((account) => this.#sent.get(account)?.number ?? [])
    for (const account of accounts) this.#sent.delete(account)
    this.#tell({ op: 'forget', accounts: numbers, ...(group === undefined ? {} : { group }) })
  }

  close(): void {
    this.#end(new SearchFailed('the house closes'))
  }

  #numberOf(account: Account, deps: WorldDeps) {
    const known = this.#sent.get(account) ?? { number: this.#next++, sent: new SentAccount(account, deps) }
    this.#sent.delete(account)
    this.#sent.set(account, known)
    return known
  }

  /** Sends what the thread does not have of accounts. Returns their numbers. */
  #bringAtOnce(accounts: readonly Account[], deps: WorldDeps): readonly number[] {
    const numbers = accounts.map((account) => {
      const { number, sent } = this.#numberOf(account, deps)
      const { change, keep } = sent.pending()
      if (change !== undefined) this.#tell({ op: 'change', account: number, change })
      keep()
      return number
    })
    const old = [...this.#sent].slice(0, -Math.max(limits.kept, accounts.length))
    if (old.length > 0 && !this.#isWatching) {
      for (const [account] of old) this.#sent.delete(account)
      this.#tell({ op: 'forget', accounts: old.map(([, { number }]) => number) })
    }
    return numbers
  }

  #tell(message: Told): void {
    if (this.#worker === undefined) this.#held.push(message)
    else this.#worker.postMessage(message)
  }

  #ask(asked: Asked, id = this.#next++): Promise<unknown> {
    const worker = this.#started()
    return new Promise((resolve, reject) => {
      const settled = (): void => {
        this.#waiting.delete(id)
        if (this.#waiting.size === 0) this.#rest()
      }
      this.#waiting.set(id, {
        resolve: (output) => {
          settled()
          resolve(output)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      })
      worker.ref()
      worker.postMessage({ ...asked, id } satisfies ToThread)
    })
  }

  #started(): Worker {
    clearTimeout(this.#idle)
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(threadModule(), {
      name: 'graph',
      env: threadEnvironment(),
      workerData: ownsProcess() ? 'gives back' : undefined,
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
    })
    worker.on('message', (answer: FromThread) => {
      const waiting = this.#waiting.get(answer.id)
      if ('output' in answer) waiting?.resolve(answer.output)
      else if ('fault' in answer) waiting?.reject(fault(answer.fault.code, answer.fault.message))
      else waiting?.reject(new SearchFailed(answer.error))
    })
    worker.once('error', (error) => {
      if (this.#worker === worker) this.#end(new SearchFailed(`the search ended: ${error.message}`))
    })
    this.#worker = worker
    for (const message of this.#held) worker.postMessage(message)
    this.#held = []
    return worker
  }

  /** Nothing waits: the thread holds no process, and ends after a while. */
  #rest(): void {
    this.#worker?.unref()
    if (this.#isWatching) return
    this.#idle = setTimeout(() => this.#end(undefined), limits.idle)
    this.#idle.unref()
  }

  #end(error: unknown): void {
    const worker = this.#worker
    clearTimeout(this.#idle)
    this.#worker = undefined
    this.#sent.clear()
    this.#held = []
    void worker?.terminate()
    for (const { reject } of [...this.#waiting.values()]) reject(error)
  }
}

/** The thread's module, in source form and in the published package. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './search/thread-module.ts' : './graph-thread.js',
    import.meta.url,
  )
}
