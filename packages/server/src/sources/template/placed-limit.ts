import type { Lines } from '@omen-iam/policy'
import { LimitReached } from '../limits.ts'

/** A limit that is reached in another file than the one that is being read. */
export class PlacedLimit extends Error {
  readonly file: string
  readonly lines: Lines
  readonly start: number

  constructor(file: string, lines: Lines, message: string, start: number) {
    super(message)
    this.file = file
    this.lines = lines
    this.start = start
  }
}

/** Evaluates a part of another stack. The place of a limit that it reaches is in that stack's file. */
export function within<T>(
  { file, lines }: { readonly file: string; readonly lines: Lines },
  evaluate: () => T,
): T {
  try {
    return evaluate()
  } catch (error) {
    if (error instanceof LimitReached) throw new PlacedLimit(file, lines, error.message, error.start)
    throw error
  }
}
