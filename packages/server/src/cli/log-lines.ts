import { write } from 'node:fs'
import { oneLine, systemClock } from '../base/index.ts'
import type { CallRecord } from '../gate/index.ts'

/** Which answers become lines: all of them, or only those of refused and failed calls. */
export const logKinds = ['json', 'json-faults'] as const
export type LogKind = (typeof logKinds)[number]

interface Line {
  readonly time: number
  readonly level: 'info' | 'error'
  readonly message: string
  readonly [fact: string]: unknown
}

/** Characters that wait for a slow reader. Lines beyond that are dropped and counted. */
const waitingMost = 4 * 1024 * 1024

/** A pipe takes so many bytes at once or not at all. Source: POSIX.1-2024, PIPE_BUF; 4,096 on Linux. */
const atomicBytes = 4_096

/**
 * Lines of JSON on standard output: one for each answered call, one for each error of the server, and its start and
 * end. They name calls and callers, and contain nothing that a request or an answer contained. A reader that is slow
 * or gone does not hold up calls.
 */
export class LogLines {
  readonly #kind: LogKind
  readonly #node: string
  readonly #fd: number
  readonly #most: number
  #waiting: string[] = []
  #length = 0
  #dropped = 0
  #writing = false
  #whenWritten: (() => void) | undefined

  /**
   * @param fd the file descriptor to write to; by default standard output
   * @param isShared whether other processes write there: lines then leave a few at a time, so that none is torn apart
   */
  constructor(kind: LogKind, node: string, fd = 1, isShared = false) {
    this.#kind = kind
    this.#node = node
    this.#fd = fd
    this.#most = isShared ? atomicBytes : Number.POSITIVE_INFINITY
  }

  call(call: CallRecord): void {
    if (this.#kind === 'json-faults' && call.outcome === 'ok') return
    const { time, milliseconds, ...rest } = call
    const level = call.outcome === 'error' ? 'error' : 'info'
    this.#add({
      time,
      level,
      message: 'call',
      ...rest,
      milliseconds: Math.round(milliseconds * 1_000) / 1_000,
    })
  }

  /** Logs a message of the server about itself. */
  note(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#add({ time: systemClock.now(), level: 'info', message, ...facts })
  }

  /** An error that no caller caused. `times`: how often it happened since the last line about it. */
  complaint(text: string, requestId: string, times = 1): void {
    const repeated = times === 1 ? {} : { times }
    this.#add({ time: systemClock.now(), level: 'error', message: text, requestId, ...repeated })
  }

  /** Resolves when all lines are written. */
  end(): Promise<void> {
    return this.#writing ? new Promise((resolve) => (this.#whenWritten = resolve)) : Promise.resolve()
  }

  #add({ time, level, message, ...facts }: Line): void {
    if (this.#length > waitingMost) {
      this.#dropped++
      return
    }
    const line = oneLine({ time: new Date(time).toISOString(), level, node: this.#node, message, ...facts })
    this.#waiting.push(line)
    this.#length += line.length
    if (this.#writing) return
    this.#writing = true
    setImmediate(() => this.#write()) // the lines of one turn leave together
  }

  #write(): void {
    const pieces = piecesOf(this.#waiting, this.#most)
    this.#waiting = []
    this.#length = 0
    this.#send(pieces, pieces.next().value)
  }

  #send(pieces: Generator<Buffer, undefined>, bytes: Buffer | undefined): void {
    if (bytes === undefined) this.#written()
    else this.#sendPiece(pieces, bytes)
  }

  /** A pipe may take a part at a time, or nothing for a moment. */
  #sendPiece(pieces: Generator<Buffer, undefined>, bytes: Buffer): void {
    write(this.#fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.#sendPiece(pieces, bytes), 10)
      if (error === null && written < bytes.length) return this.#sendPiece(pieces, bytes.subarray(written))
      this.#send(pieces, pieces.next().value)
    })
  }

  #written(): void {
    const dropped = this.#dropped
    this.#dropped = 0
    this.#writing = false
    if (dropped > 0) this.note(`${dropped} lines were dropped: the reader is too slow`)
    if (this.#waiting.length > 0) {
      this.#writing = true
      this.#write()
    } else if (!this.#writing) this.#whenWritten?.()
  }
}

/** Lines in pieces of at most so many bytes; a line that is longer is a piece of its own. */
function* piecesOf(lines: readonly string[], most: number): Generator<Buffer, undefined> {
  let piece: string[] = []
  let bytes = 0
  const joined = () => Buffer.from(`${piece.join('\n')}\n`)
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1
    if (piece.length > 0 && bytes + length > most) {
      yield joined()
      piece = []
      bytes = 0
    }
    piece.push(line)
    bytes += length
  }
  yield joined()
}
