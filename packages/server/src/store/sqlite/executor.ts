import { Worker } from 'node:worker_threads'
import { ownsProcess, threadEnvironment } from '../../base/index.ts'
import { StoreDamaged, StoreUnavailable } from '../types.ts'
import { connectMemory } from './connection.ts'
import { Database } from './database.ts'
import type { Answers, Request } from './request.ts'

/** Carries out lists of requests, in the order they are handed over. */
export interface Executor {
  execute(requests: readonly Request[]): Promise<Answers>
  /** Microseconds of processor time that its own thread has had. */
  processorTime(): Promise<number>
  /** Carries out what was handed over, then lets go of the database. */
  close(): Promise<void>
}

/** A database in memory waits for no disk, so it needs no thread of its own. */
export function executeHere(): Executor {
  const database = new Database(connectMemory(), 256)
  return {
    execute: async (requests) => {
      const answers = database.run(requests)
      while (database.index());
      return answers
    },
    processorTime: async () => 0,
    close: async () => database.close(),
  }
}

/** The order that the thread begins with: the database, and whether it may change how the process collects memory. */
export interface ThreadOrder {
  readonly file: string
  readonly givesBack: boolean
}

/** The messages for the thread: a list of requests, or a request to close. */
export type ToThread = readonly Request[] | 'close'

/** The messages of the thread: first how opening went, then the answers to one or more lists, in order. */
export type FromThread = 'opened' | { readonly failed: string; readonly held: boolean } | Answers

/** Objects in this thread live for a short time: a larger young generation would only take more memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/** Opens the file in a thread of its own. Rejects with StoreDamaged where it cannot be opened. */
export async function executeInThread(file: string): Promise<Executor> {
  const workerData: ThreadOrder = { file, givesBack: ownsProcess() }
  const worker = new Worker(threadModule(), {
    workerData,
    name: 'store',
    resourceLimits,
    env: threadEnvironment(),
  })
  await opened(worker)
  return new ThreadExecutor(worker)
}

/** The thread's module is beside this one, in source form and in the published package. */
function threadModule(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)
}

function opened(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new StoreUnavailable("the store's thread ended before it was open"))
    worker.once('error', reject)
    worker.once('exit', ended)
    worker.once('message', (said: FromThread) => {
      worker.off('error', reject)
      worker.off('exit', ended)
      if (typeof said === 'object' && 'failed' in said) reject(new StoreDamaged(said.failed, said))
      else resolve()
    })
  })
}

interface WaitingList {
  readonly length: number
  readonly resolve: (answers: Answers) => void
  readonly reject: (error: Error) => void
}

class ThreadExecutor implements Executor {
  readonly #worker: Worker
  readonly #exited: Promise<void>
  /** The lists handed over and not yet answered, oldest first. */
  #waiting: WaitingList[] = []
  #failure: StoreUnavailable | undefined
  #closing = false

  constructor(worker: Worker) {
    this.#worker = worker
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()))
    worker.on('message', (answers: Answers) => this.#distribute(answers))
    worker.on('error', (error) => this.#fail(`the store's thread failed: ${error.message}`))
    worker.on('exit', () => this.#fail("the store's thread has ended"))
    // An idle open store does not keep a process alive.
    worker.unref()
  }

  execute(requests: readonly Request[]): Promise<Answers> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure)
        return
      }
      // The request is sent before it is recorded as pending: if sending throws, no answer is mistaken for another's.
      this.#send(requests)
      this.#waiting.push({ length: requests.length, resolve, reject })
      this.#worker.ref()
    })
  }

  async processorTime(): Promise<number> {
    this.#worker.ref()
    const { user, system } = await this.#worker.cpuUsage()
    this.#release()
    return user + system
  }

  close(): Promise<void> {
    this.#closing = true
    this.#worker.ref()
    this.#send('close')
    return this.#exited
  }

  #send(what: ToThread): void {
    this.#worker.postMessage(what)
  }

  /** Cuts the answers of one transaction into those of the lists that shared it. */
  #distribute({ answers, syncs }: Answers): void {
    let start = 0
    let lists = 0
    while (start < answers.length) {
      const list = this.#waiting[lists++]! // the thread answers no more than it was asked
      list.resolve({ answers: answers.slice(start, start + list.length), syncs })
      start += list.length
    }
    this.#waiting.splice(0, lists)
    this.#release()
  }

  /** A process that waits for nothing else may end. */
  #release(): void {
    if (this.#waiting.length === 0 && !this.#closing) this.#worker.unref()
  }

  #fail(message: string): void {
    this.#failure ??= new StoreUnavailable(message)
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
  }
}
