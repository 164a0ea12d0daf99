import { Worker } from 'node:worker_threads'
import { fault, monotonicClock } from '../base/index.ts'
import type { FromReader, HostQuestion, ReadingName, Readings, ToReader } from './reading/messages.ts'
import { UnreadableTemplate } from './reading/template.ts'

/** Bounds of the threads that read templates. */
export interface ReaderLimits {
  /** Threads, each of which reads for one call at a time. */
  readonly threads: number
  /** Calls that wait, and those of one caller. */
  readonly waiting: number
  readonly waitingOfCaller: number
  /** Milliseconds that a call may compute. */
  readonly patience: number
  /** Milliseconds after which a thread without work ends. */
  readonly idle: number
  /** Megabytes of a thread's heap. */
  readonly heap: number
}

const usual: ReaderLimits = {
  threads: 2,
  waiting: 100,
  waitingOfCaller: 20,
  patience: 20_000,
  idle: 60_000,
  heap: 512,
}

/** A reading that waits or runs. */
interface Task {
  readonly op: ReadingName
  readonly input: unknown
  /** Absent if the guard itself reads. */
  readonly caller: string | undefined
  resolve(output: unknown): void
  reject(error: unknown): void
}

/**
 * Reads templates in threads of their own: a template may take seconds, and the main thread serves everyone meanwhile
 * (behaviour GRD-510). One caller has one thread at a time. A reading that needs too much ends its thread, and nothing else.
 */
export class TemplateReaders {
  readonly #answer: (question: HostQuestion) => Promise<unknown>
  readonly #limits: ReaderLimits
  readonly #threads: Reader[] = []
  readonly #waiting: Task[] = []

  /** @param answer answers what a thread asks; it may reject */
  constructor(answer: (question: HostQuestion) => Promise<unknown>, limits: Partial<ReaderLimits> = {}) {
    this.#answer = answer
    this.#limits = { ...usual, ...limits }
  }

  /**
   * Reads in a thread. @param caller whose turn it is; absent for the guard itself, which never waits too long to be let in
   * @throws UnreadableTemplate if what the template makes is not known, or costs too much @throws Fault if the call is refused
   */
  read<Name extends ReadingName>(
    op: Name,
    input: Readings[Name]['input'],
    caller?: string,
  ): Promise<Readings[Name]['output']> {
    const { waiting, waitingOfCaller } = this.#limits
    const ofCaller = this.#waiting.filter((each) => each.caller === caller)
    if (caller !== undefined && (this.#waiting.length >= waiting || ofCaller.length >= waitingOfCaller))
      throw fault('Throttling', 'Rate exceeded', 400)
    return new Promise((resolve, reject) => {
      // the thread answers each reading as its type says
      const settle = resolve as (output: unknown) => void
      this.#waiting.push({ op, input, caller, resolve: settle, reject })
      this.#next()
    })
  }

  close(): void {
    for (const { reject } of this.#waiting.splice(0))
      reject(new UnreadableTemplate('The guard closes, and reads no template'))
    for (const thread of this.#threads.splice(0)) thread.end('the guard closes')
  }

  #next(): void {
    const running = new Set(this.#threads.flatMap(({ task }) => task?.caller ?? []))
    const at = this.#waiting.findIndex(({ caller }) => caller === undefined || !running.has(caller))
    const thread = at < 0 ? undefined : this.#free()
    const [task] = thread === undefined ? [] : this.#waiting.splice(at, 1)
    if (thread === undefined || task === undefined) return
    thread.begin(task)
    this.#next()
  }

  #free(): Reader | undefined {
    const free = this.#threads.find(({ task }) => task === undefined)
    if (free !== undefined || this.#threads.length >= this.#limits.threads) return free
    const made: Reader = new Reader(this.#answer, this.#limits, {
      ready: () => this.#next(),
      ended: () => {
        const at = this.#threads.indexOf(made)
        if (at >= 0) this.#threads.splice(at, 1)
        this.#next()
      },
    })
    this.#threads.push(made)
    return made
  }
}

/** One thread. */
class Reader {
  readonly #worker: Worker
  readonly #answer: (question: HostQuestion) => Promise<unknown>
  readonly #limits: ReaderLimits
  readonly #tell: { ready(): void; ended(): void }
  /** The questions that the main thread could not answer, by the thread's question. */
  readonly #failures = new Map<number, unknown>()
  #task: Task | undefined
  /** Milliseconds that the task may still compute, and since when it does. */
  #left = 0
  #since = 0
  #late: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(
    answer: (question: HostQuestion) => Promise<unknown>,
    limits: ReaderLimits,
    tell: { ready(): void; ended(): void },
  ) {
    this.#answer = answer
    this.#limits = limits
    this.#tell = tell
    this.#worker = new Worker(threadModule(), {
      name: 'templates',
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
    })
    this.#worker.on('message', (message: FromReader) => this.#hear(message))
    this.#worker.once('error', (error: Error & { readonly code?: string }) =>
      this.end(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `it needs more than ${limits.heap} MB of memory`
          : `its thread ended: ${error.message}`,
      ),
    )
  }

  get task(): Task | undefined {
    return this.#task
  }

  begin(task: Task): void {
    clearTimeout(this.#idle)
    this.#task = task
    this.#left = this.#limits.patience
    this.#worker.ref()
    this.#send({ op: task.op, input: task.input })
  }

  /** Ends the thread, and refuses what it reads. */
  end(because: string): void {
    clearTimeout(this.#late)
    clearTimeout(this.#idle)
    const task = this.#task
    this.#task = undefined
    this.#failures.clear()
    void this.#worker.terminate()
    task?.reject(new UnreadableTemplate(`The template cannot be read: ${because}`))
    this.#tell.ended()
  }

  /** The thread computes from now on. */
  #send(message: ToReader): void {
    this.#since = monotonicClock.now()
    this.#late = setTimeout(
      () => this.end(`it takes more than ${this.#limits.patience / 1_000} seconds`),
      this.#left,
    )
    this.#worker.postMessage(message)
  }

  #hear(message: FromReader): void {
    clearTimeout(this.#late)
    this.#left = Math.max(0, this.#left - (monotonicClock.now() - this.#since))
    if ('question' in message) {
      void this.#asked(message)
      return
    }
    const task = this.#task
    this.#task = undefined
    if ('output' in message) task?.resolve(message.output)
    else task?.reject(this.#errorOf(message))
    this.#failures.clear()
    this.#worker.unref()
    this.#idle = setTimeout(() => this.end(''), this.#limits.idle)
    this.#idle.unref()
    this.#tell.ready()
  }

  async #asked({ question, ...asked }: { readonly question: number } & HostQuestion): Promise<void> {
    const task = this.#task
    const send = (message: ToReader) => {
      if (this.#task === task) this.#send(message)
    }
    try {
      const answer = await this.#answer(asked)
      send({ question, answer })
    } catch (error) {
      this.#failures.set(question, error)
      send({ question, failed: true })
    }
  }

  #errorOf(message: Exclude<FromReader, { readonly question: number } | { readonly output: unknown }>) {
    if ('unknown' in message) return new UnreadableTemplate(message.unknown)
    if ('unanswered' in message) return this.#failures.get(message.unanswered)
    if ('error' in message) return new Error(message.error)
    const { code, message: text, status } = message.refused
    return fault(code, text, status)
  }
}

/** The thread's module, in source form and in the published package. */
function threadModule(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './reading/thread-module.ts' : './template-thread.js',
    import.meta.url,
  )
}
