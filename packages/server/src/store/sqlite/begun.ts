import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { type StoredEvent, StoreUnavailable } from '../types.ts'
import { eventOf, packEvents, readHeads } from './event-pack.ts'

/** What has ended is thrown out of the file where it has grown by so many bytes. */
const growthBytes = 4 * 1024 * 1024

/** Writes bytes of a buffer at a place of a file, and returns how many. */
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
 * Events of what was begun and is not known to have ended, in a file beside the database. It is written by the caller's
 * thread, once a tick, and never synced: what a process has written outlives it, and nobody has to be woken for that.
 *
 * A line says `+`, the event's head, a tab and its record, or `-` and the id of what has ended. What has no line break
 * behind it, or cannot be read, is the rest of a write that failed: its event was never begun.
 */
export class BegunLog {
  readonly #file: string | undefined
  readonly #writeBytes: Write
  readonly #open = new Map<string, string>()
  /** Ids that processes before this one left. */
  readonly #left = new Set<string>()
  #waiting: Waiting[] = []
  #descriptor: number | undefined
  #size = 0
  #kept = 0

  /** Without a file it lives as long as the process. @throws Error where the file cannot be opened */
  constructor(file?: string, write: Write = writeSync) {
    this.#file = file
    this.#writeBytes = write
    if (file === undefined) return
    // made where there is none, and never emptied by that
    this.#descriptor = openSync(file, 'a+', 0o600)
    closeSync(this.#descriptor)
    this.#descriptor = openSync(file, 'r+')
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) this.#read(line)
    this.#rewrite()
  }

  /** Keeps events before what they tell of happens. @throws StoreUnavailable where it cannot */
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

  /** Told what is kept elsewhere now, ended. */
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
      // who opens the file next looks whether what it names is in the history
    }
  }

  /** What was begun and is not known to have ended, in the order begun. */
  list(): readonly StoredEvent[] {
    return Array.from(this.#open.values(), (line) => readLine(line)).filter((event) => event !== undefined)
  }

  /** Whether a process before this one left it: its end may be kept already, and only the word of that is lost. */
  isLeft(id: string): boolean {
    return this.#left.has(id)
  }

  /** Forgets all. */
  clear(): void {
    this.#open.clear()
    this.#left.clear()
    this.#rewrite()
  }

  /** Writes what waits, and lets go of the file. */
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

  /** Where that fails nothing is lost: the next write covers what should have gone. */
  #cut(size: number): void {
    try {
      if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor, size)
    } catch {
      // such lines name what was never begun, or is in the history
    }
  }

  /** Begins a new file with what is open, and puts it in the place of the old one. */
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

  /** Writes a text at a place of a file, and returns its bytes. */
  #writeWhole(descriptor: number, text: string, position: number): number {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) {
      at += this.#writeBytes(descriptor, bytes, at, bytes.length - at, position + at)
    }
    return bytes.length
  }
}

function lineOf(event: StoredEvent): string {
  const [pack] = packEvents([event])
  return `+${pack!.heads}\t${pack!.records}\n` // one event makes one pack; in JSON no tab stands bare
}

function readLine(line: string): StoredEvent | undefined {
  const tab = line.indexOf('\t')
  if (tab < 0 || !line.startsWith('+')) return undefined
  try {
    const [head] = readHeads(line.slice(1, tab))
    const json = line.slice(tab + 1, -1)
    JSON.parse(json)
    return head === 0 || head === undefined ? undefined : eventOf(head, json)
  } catch {
    return undefined
  }
}
