import { close, fdatasync, openSync } from 'node:fs'

/**
 * Brings the log to the disk while the store's thread goes on: what was written for the process alone, and waits for
 * nothing, is there moments later. https://www.sqlite.org/wal.html: a transaction of the log is durable once the log
 * is synced.
 */
export class LogSync {
  readonly #log: string
  readonly #failed: () => void
  #descriptor: number | undefined
  #running = false
  #again = false
  #closed = false

  /** `failed` is told when a sync fails; the file's other users are told the same at their next. */
  constructor(file: string, failed: () => void) {
    this.#log = `${file}-wal`
    this.#failed = failed
  }

  /** Syncs what is written by now. */
  soon(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    this.#again = false
    try {
      this.#descriptor ??= openSync(this.#log, 'r')
    } catch {
      this.#failed()
      return
    }
    this.#running = true
    fdatasync(this.#descriptor, (error) => {
      this.#running = false
      if (error !== null) this.#failed()
      if (this.#closed) this.close()
      else if (this.#again) this.soon()
    })
  }

  /** Lets go of the log. */
  close(): void {
    this.#closed = true
    if (this.#running || this.#descriptor === undefined) return
    close(this.#descriptor)
    this.#descriptor = undefined
  }
}
