import { Worker } from 'node:worker_threads'
import { fault } from '../../base/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import type { OperationName, Question } from './answers.ts'
import type { WorldParts } from './world.ts'

/** What the thread is sent. `parts` are left out if it has the graph of `key`. */
export interface ThreadQuestion {
  readonly id: number
  readonly key: string
  readonly parts: readonly WorldParts[] | undefined
  readonly question: Question
}

/** What the thread sends back. */
export type ThreadAnswer =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly fault: { readonly code: string; readonly message: string } }
  | { readonly id: number; readonly error: string }
  /** It no longer has the graph. */
  | { readonly id: number; readonly missing: true }

/** Graphs that the thread keeps. */
export const keptGraphs = 2

const limits = {
  /** Milliseconds that one answer may take. */
  patience: 120_000,
  /** Milliseconds without a question after which the thread ends. */
  idle: 60_000,
  /** Questions that wait. */
  waiting: 100,
  /** Megabytes of the thread's heap: a question that needs more ends the thread, and nothing else. */
  heap: 2_048,
} as const

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Answers questions about graphs in a thread of its own: a search may take seconds, and the main thread serves everyone
 * meanwhile. The thread starts with the first question.
 */
export class GraphThread {
  #worker: Worker | undefined
  readonly #waiting = new Map<number, Waiting>()
  readonly #known = new Set<string>()
  #next = 0
  #idle: NodeJS.Timeout | undefined

  /**
   * Answers a question about the graph of `key`, which `parts` describe if the thread does not have it.
   * @throws Fault if the question cannot be answered, or takes too long
   */
  async answer<Name extends OperationName>(
    key: string,
    parts: () => readonly WorldParts[],
    question: Question<Name>,
  ): Promise<OmenGraph.Operations[Name]['output']> {
    if (this.#waiting.size >= limits.waiting)
      throw fault('InternalServerException', 'Too many questions about the graph wait. Try again later.', 503)
    let answer = await this.#ask(key, this.#known.has(key) ? undefined : parts(), question)
    if ('missing' in answer) answer = await this.#ask(key, parts(), question)
    if ('output' in answer) return answer.output as OmenGraph.Operations[Name]['output'] // answers.ts has its type
    if ('fault' in answer) throw fault(answer.fault.code, answer.fault.message)
    throw new Error('error' in answer ? answer.error : 'the thread has lost the graph')
  }

  #ask(key: string, parts: readonly WorldParts[] | undefined, question: Question): Promise<ThreadAnswer> {
    const id = this.#next++
    const worker = this.#started()
    this.#known.delete(key)
    this.#known.add(key)
    for (const old of [...this.#known].slice(0, -keptGraphs)) this.#known.delete(old)
    return new Promise<ThreadAnswer>((resolve, reject) => {
      const late = setTimeout(() => {
        const seconds = limits.patience / 1_000
        this.#end(
          fault(
            'ValidationException',
            `The answer takes longer than ${seconds} seconds. Ask for less, or set maxSteps.`,
          ),
        )
      }, limits.patience)
      const settled = (): void => {
        clearTimeout(late)
        this.#waiting.delete(id)
        if (this.#waiting.size === 0) this.#rest()
      }
      this.#waiting.set(id, {
        resolve: (answer) => {
          settled()
          resolve(answer)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      })
      worker.ref()
      worker.postMessage({ id, key, parts, question } satisfies ThreadQuestion)
    })
  }

  #started(): Worker {
    clearTimeout(this.#idle)
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(threadModule(), {
      name: 'graph',
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
    })
    worker.on('message', (answer: ThreadAnswer) => this.#waiting.get(answer.id)?.resolve(answer))
    worker.once('error', (error) => this.#end(error))
    this.#worker = worker
    return worker
  }

  /** Nothing waits: the thread holds no process, and ends after a while. */
  #rest(): void {
    this.#worker?.unref()
    this.#idle = setTimeout(() => this.#end(undefined), limits.idle)
    this.#idle.unref()
  }

  #end(error: unknown): void {
    const worker = this.#worker
    this.#worker = undefined
    this.#known.clear()
    void worker?.terminate()
    for (const { reject } of [...this.#waiting.values()]) reject(error)
  }
}

/** The thread's module is beside this one, in source form and in the published package. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './thread-module.ts' : './graph-thread.js',
    import.meta.url,
  )
}
