import { Worker } from 'node:worker_threads'
import { type PracticeQuestion, Refusal } from '../gate/index.ts'

const limits = {
  /** Milliseconds that an answer may take. */
  patience: 60_000,
  /** Milliseconds without a question after which the thread ends, and the servers with it. */
  idle: 30 * 60_000,
  /** Questions that wait. */
  waiting: 20,
  /** Megabytes of the thread's heap. */
  heap: 768,
} as const

interface Waiting {
  readonly resolve: (answer: object) => void
  readonly reject: (error: unknown) => void
}

/** The messages of the thread. */
type Said = { readonly id: number } & (
  | { readonly answer: object }
  | { readonly status: number; readonly message: string }
  | { readonly failure: string }
)

/** Plays lessons in a thread of its own, which begins with the first question. */
export class PracticeThread {
  readonly #folder: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #next = 0
  #idle: NodeJS.Timeout | undefined

  /** @param folder where progress is kept */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws Refusal */
  readonly ask = async (question: PracticeQuestion): Promise<object> => {
    if (this.#waiting.size >= limits.waiting)
      throw new Refusal(503, 'Too many questions wait. Try again later.')
    const worker = this.#started()
    const id = this.#next++
    const late = setTimeout(() => this.#end(new Refusal(503, 'The lesson takes too long.')), limits.patience)
    try {
      return await new Promise<object>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        worker.postMessage({ id, question })
      })
    } finally {
      clearTimeout(late)
      this.#waiting.delete(id)
    }
  }

  close(): void {
    this.#end(new Refusal(503, 'The server stops.'))
  }

  #started(): Worker {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#end(undefined), limits.idle)
    this.#idle.unref()
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(threadModule(), {
      name: 'practice',
      workerData: { folder: this.#folder },
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
    })
    worker.unref()
    worker.on('message', (said: Said) => {
      const waiting = this.#waiting.get(said.id)
      if ('answer' in said) waiting?.resolve(said.answer)
      else if ('status' in said) waiting?.reject(new Refusal(said.status, said.message))
      else waiting?.reject(new Error(said.failure))
    })
    worker.once('error', (error) => {
      if (this.#worker === worker) this.#end(error)
    })
    this.#worker = worker
    return worker
  }

  #end(error: unknown): void {
    const worker = this.#worker
    clearTimeout(this.#idle)
    this.#worker = undefined
    void worker?.terminate()
    for (const { reject } of [...this.#waiting.values()]) reject(error)
  }
}

/** The thread's module, in source form and in the published package. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? '../learn/practice/thread-module.ts' : './practice-thread.js',
    import.meta.url,
  )
}
