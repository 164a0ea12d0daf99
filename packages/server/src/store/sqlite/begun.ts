import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { type EventHead, eventOf, headOf } from '../events/head.ts'
import { type StoredEvent, StoreUnavailable } from '../types.ts'

/** The file is rewritten without the calls that have ended after it has grown by this many bytes. */
const growthBytes = 4 * 1024 * 1024

/** Writes bytes of a buffer at a position of a file and returns how many were written. */
export type Write = (
  descriptor: number,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number,
) => number

interface Waiting {
  readonly text: string
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Events of calls that have begun and are not known to have ended, in a file beside the database. The caller's thread
 * writes it once a tick and never syncs it: what a process has written survives the process, and no other thread must
 * wake. A line is `+`, the event's head, a tab and its record, or `-` and the id of a call that has ended. A line
 * without a line break, or one that cannot be parsed, comes from a failed write: its call never began.
 */
export class BegunLog {
  readonly #file: string | undefined
  readonly #writeBytes: Write
  readonly #open = new Map<string, string>()
  /** Ids of calls that earlier processes left unfinished. */
  readonly #left = new Set<string>()
  #waiting: Waiting[] = []
  #descriptor: number | undefined
  #size = 0
  #kept = 0

  /**
   * Opens the file. Without a file, the list lives as long as the process. @throws Error if the file cannot be opened
   */
  constructor(file?: string, write: Write = writeSync) {
    this.#file = file
    this.#writeBytes = write
    if (file === undefined) return
    // created if absent, and never truncated
    this.#descriptor = openSync(file, 'a+', 0o600)
    closeSync(this.#descriptor)
    this.#descriptor = openSync(file, 'r+')
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) this.#read(line)
    this.#rewrite()
  }

  /** Keeps events before their calls happen. @throws StoreUnavailable if they cannot be written */
  begin(events: readonly StoredEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      let text = ''
      for (const event of events) {
        const line = lineOf(event)
        this.#open.set(event.id, line)
        text += line
      }
      const failed = (error: Error) => {
        for (const { id } of events) this.#open.delete(id)
        reject(error)
      }
      if (this.#waiting.length === 0) setImmediate(() => this.#write())
      this.#waiting.push({ text, resolve, reject: failed })
    })
  }

  /** Notes that calls have ended; their events are kept elsewhere now. */
  end(ids: readonly string[]): void {
    let text = ''
    for (const id of ids) {
      this.#left.delete(id)
      if (this.#open.delete(id)) text += `-${id}\n`
    }
    if (text === '' || this.#descriptor === undefined) return
    try {
      if (this.#size > this.#kept + growthBytes) this.#rewrite()
      else this.#append(text)
    } catch {
      // the next process checks whether these events are in the history
    }
  }

  /** Returns the calls that have begun and are not known to have ended, in the order begun. */
  list(): readonly StoredEvent[] {
    return Array.from(this.#open.values(), (line) => readLine(line)).filter((event) => event !== undefined)
  }

  /** Returns whether an earlier process left the call. Its end may be kept already, with only the note of it lost. */
  isLeft(id: string): boolean {
    return this.#left.has(id)
  }

  /** Forgets all. */
  clear(): void {
    this.#open.clear()
    this.#left.clear()
    this.#rewrite()
  }

  /** Writes what waits and closes the file. */
  close(): void {
    this.#write()
    if (this.#descriptor === undefined) return
    if (this.#open.size === 0) this.#cut(0)
    closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #read(line: string): void {
    if (line.startsWith('-')) {
      this.#open.delete(line.slice(1))
      this.#left.delete(line.slice(1))
      return
    }
    const event = readLine(`${line}\n`)
    if (event === undefined) return
    this.#open.set(event.id, `${line}\n`)
    this.#left.add(event.id)
  }

  #write(): void {
    const list = this.#waiting
    if (list.length === 0) return
    this.#waiting = []
    try {
      this.#append(list.map(({ text }) => text).join(''))
      for (const { resolve } of list) resolve()
    } catch (error) {
      this.#cut(this.#size)
      const message = error instanceof Error ? error.message : String(error)
      for (const { reject } of list) reject(new StoreUnavailable(message))
    }
  }

  #append(text: string): void {
    if (this.#descriptor === undefined) return
    this.#size += this.#writeWhole(this.#descriptor, text, this.#size)
  }

  /** If the write fails, nothing is lost: the next write repeats it. */
  #cut(size: number): void {
    try {
      if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor, size)
    } catch {
      // such lines name a call that never began, or one that is in the history
    }
  }

  /** Writes a new file with the open calls and replaces the old file with it. */
  #rewrite(): void {
    if (this.#file === undefined || this.#descriptor === undefined) return
    const fresh = `${this.#file}.new`
    const descriptor = openSync(fresh, 'w+', 0o600)
    try {
      this.#kept = this.#writeWhole(descriptor, [...this.#open.values()].join(''), 0)
      renameSync(fresh, this.#file)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
    closeSync(this.#descriptor)
    this.#descriptor = descriptor
    this.#size = this.#kept
  }

  /** Writes a text at a position of a file and returns the bytes written. */
  #writeWhole(descriptor: number, text: string, position: number): number {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) {
      at += this.#writeBytes(descriptor, bytes, at, bytes.length - at, position + at)
    }
    return bytes.length
  }
}

function lineOf(event: StoredEvent): string {
  return `+${JSON.stringify(headOf(event))}\t${event.json}\n` // JSON escapes tabs
}

function readLine(line: string): StoredEvent | undefined {
  const tab = line.indexOf('\t')
  if (tab < 0 || !line.startsWith('+')) return undefined
  try {
    const head: EventHead = JSON.parse(line.slice(1, tab))
    const json = line.slice(tab + 1, -1)
    JSON.parse(json)
    return eventOf(head, json)
  } catch {
    return undefined
  }
}
