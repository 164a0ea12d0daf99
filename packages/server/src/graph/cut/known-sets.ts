/**
 * Sets of edits of which it is known whether they leave a path. With fewer edits there are no fewer paths, so each set answers
 * for those within it, or for those that it is within.
 */
export class KnownSets {
  readonly #leaving: ReadonlySet<string>[] = []
  readonly #ending: ReadonlySet<string>[] = []

  /** Whether a path is left after some edits; undefined if no set that is known says it. */
  leavesPath(names: ReadonlySet<string>): boolean | undefined {
    if (this.#leaving.some((more) => isWithin(names, more))) return true
    return this.#ending.some((fewer) => isWithin(fewer, names)) ? false : undefined
  }

  /** Keeps an answer. */
  note(names: ReadonlySet<string>, isLeft: boolean): void {
    const known = isLeft ? this.#leaving : this.#ending
    known.push(new Set(names))
  }
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  for (const each of some) if (!all.has(each)) return false
  return true
}
