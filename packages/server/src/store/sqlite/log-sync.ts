import { close, fdatasync, openSync } from 'node:fs'

/**
 * Syncs the log while the store's thread continues: what was written for the process only, and delays no answer, is on
 * the disk moments later. https://www.sqlite.org/wal.html: a transaction of the log is durable once the log is synced.
 */
export class LogSync {
  readonly #log: string
  readonly #failed: () => void
  #descriptor: number | undefined
  #running = false
  #again = false
  #closed = false

  /** `failed` is called when a sync fails. Other users of the file see the same failure at their next sync. */
  constructor(file: string, failed: () => void) {
    this.#log = `${file}-wal`
    this.#failed = failed
  }

  /** Syncs what has been written until now. */
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

  /** Closes the log. */
  close(): void {
    this.#closed = true
    if (this.#running || this.#descriptor === undefined) return
    close(this.#descriptor)
    this.#descriptor = undefined
  }
}
