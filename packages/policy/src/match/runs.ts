import { spend } from './meter.ts'
import { type Needle, search, searchAfter } from './search.ts'
import { type anyOne, anyRun, type Wildcard } from './template.ts'

/** The text and `?` between two `*` of a pattern. */
interface Run {
  readonly pieces: readonly (string | typeof anyOne)[]
  /** The longest text of the run, and its place among the pieces; absent if the run is nothing but `?`. */
  readonly anchor: number
  readonly needle: Needle | undefined
  /** The least length of a text that the run matches. */
  readonly least: number
}

/** A pattern cut at its `*`. */
export interface Runs {
  readonly head: Run
  readonly middle: readonly Run[]
  /** Absent if the pattern has no `*`: then the head must match the whole value. */
  readonly tail: Run | undefined
  readonly least: number
}

/** Splits a pattern without variables at each `*`. */
export function compileRuns(parts: readonly (string | Wildcard)[]): Runs {
  const cut: (string | typeof anyOne)[][] = [[]]
  for (const part of parts) {
    if (part === anyRun) cut.push([])
    else cut.at(-1)?.push(part)
  }
  const runs = cut.map(runOf)
  const [head = runOf([]), ...rest] = runs
  const tail = rest.pop()
  return { head, middle: rest, tail, least: runs.reduce((sum, run) => sum + run.least, 0) }
}

function runOf(pieces: readonly (string | typeof anyOne)[]): Run {
  let anchor = -1
  let longest = ''
  let least = 0
  for (const [index, piece] of pieces.entries()) {
    least += lengthOf(piece)
    if (typeof piece === 'string' && piece.length > longest.length) {
      anchor = index
      longest = piece
    }
  }
  return { pieces, anchor, needle: anchor === -1 ? undefined : { text: longest, failures: undefined }, least }
}

/**
 * Whether a value matches. The head must match at the start and the tail at the end. Each run between them is taken
 * at its first match, because a later match cannot help those that follow. A run of plain text is one search; only a
 * run with `?` may be compared at many places.
 */
export function matchRuns({ head, middle, tail, least }: Runs, value: string): boolean {
  if (value.length < least) return false
  let at = forward(head, 0, value, 0)
  if (tail === undefined) return at === value.length
  if (at === -1) return false
  const end = backward(tail, tail.pieces.length, value, value.length)
  if (end < at) return false
  for (const run of middle) {
    at = find(run, value, at)
    if (at === -1 || at > end) return false
  }
  return true
}

/** The end of the first match of a run at or after `from`; -1 if there is no match. */
function find(run: Run, value: string, from: number): number {
  const { needle, anchor, pieces } = run
  if (needle === undefined) return forward(run, 0, value, from)
  const { length } = needle.text
  if (pieces.length === 1) {
    const found = search(needle, value, from)
    return found === -1 ? -1 : found + length
  }
  let first = from
  for (let index = 0; index < anchor; index++) first += lengthOf(pieces[index])
  for (let found = search(needle, value, first); found !== -1; found = searchAfter(needle, value, found)) {
    if (!spend(1)) return -1
    if (backward(run, anchor, value, found) < from) continue
    const end = forward(run, anchor + 1, value, found + length)
    if (end !== -1) return end
  }
  return -1
}

function lengthOf(piece: string | typeof anyOne | undefined): number {
  return typeof piece === 'string' ? piece.length : 1
}

/** The end of the pieces from `piece` on if they start at `at`, which may be behind the value's; -1 if they do not match. */
function forward({ pieces }: Run, piece: number, value: string, at: number): number {
  for (let index = piece; index < pieces.length; index++) {
    const wanted = pieces[index]
    spend(stepsOf(wanted))
    if (typeof wanted === 'string') {
      if (!value.startsWith(wanted, at)) return -1
      at += wanted.length
    } else at++ // Behind the end of the value the match ends too late.
  }
  return at
}

/** The start of the pieces before `piece` if they end at `at`; below zero if they do not match. */
function backward({ pieces }: Run, piece: number, value: string, at: number): number {
  for (let index = piece - 1; index >= 0; index--) {
    const wanted = pieces[index]
    spend(stepsOf(wanted))
    if (typeof wanted === 'string') {
      at -= wanted.length
      if (at < 0 || !value.startsWith(wanted, at)) return -1
    } else at-- // Before the start of the value the match begins too early.
  }
  return at
}

/** The steps of the comparison of one piece. */
function stepsOf(piece: string | typeof anyOne | undefined): number {
  return typeof piece === 'string' ? 1 + (piece.length >> 1) : 1
}
