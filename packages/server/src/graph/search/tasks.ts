import type { Task } from '../use/search-parts.ts'

/** After so many tasks, those that are done are dropped. */
const mostDone = 1_000

/** The tasks of a search, in their order. */
export class Tasks {
  #tasks: Task[] = []

  get count(): number {
    return this.#tasks.length
  }

  push(task: Task): void {
    this.#tasks.push(task)
  }

  /** Each task, those that come meanwhile as well; what is done is not held on to. */
  *taken(): Generator<Task> {
    for (let place = 0; place < this.#tasks.length; place++) {
      const task = this.#tasks[place]
      if (task !== undefined) yield task
      if (place <= mostDone) continue
      this.#tasks.splice(0, place + 1)
      place = -1
    }
    this.#tasks = []
  }
}
