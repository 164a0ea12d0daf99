import { type BlockedStep, mostBlocked, type Task } from '../use/search-parts.ts'

/** Steps that are stopped, in the order in which they were found. Those of a task are found when it is done. */
interface Part {
  readonly steps: BlockedStep[]
  task?: Task | undefined
}

/**
 * Steps that are stopped, for people, in the order in which a search came to them. Those of which a boundary or an SCP
 * refuses everything lead nowhere: they are asked for in the end, and only as many of them as are shown.
 */
export class Blocked {
  readonly #parts: Part[] = [{ steps: [] }]
  #into: Part | undefined
  #count = 0

  /** All that were found. */
  get all(): readonly BlockedStep[] {
    return this.#parts.flatMap(({ steps }) => steps)
  }

  add(step: BlockedStep): void {
    if (this.#count >= mostBlocked) return
    this.#count++
    const into = this.#into ?? this.#parts.at(-1)
    into?.steps.push(step)
  }

  /** Has what belongs here asked for in the end. */
  later(task: Task): void {
    this.#parts.push({ steps: [], task }, { steps: [] })
  }

  /** Asks for what was left for the end, until some number of steps is found that are wanted. */
  asked(most: number, isWanted: (step: BlockedStep) => boolean): void {
    let count = 0
    for (const part of this.#parts) {
      const { task } = part
      if (task !== undefined) {
        this.#into = part
        try {
          task()
        } finally {
          this.#into = undefined
        }
        part.task = undefined
      }
      for (const step of part.steps) if (isWanted(step) && ++count >= most) return
    }
  }
}
