/** A change of what has one value at a time: the version of a policy, a boundary, a tag. */
export interface Choice {
  readonly name: string
  /** The subject of a choice: of two choices with one subject, the later one counts. */
  readonly subject: string
  /** Whether who makes it can make no other one of the same thing afterwards. */
  readonly isFinal: () => boolean
}

/** No choice. */
export const noChoices: ReadonlyMap<string, Choice> = new Map()

/** The limits of a search for proofs that go together where the best ones do not. */
export const most = { depth: 8, lists: 200, ways: 20 }

/** The choices of steps. */
export function choicesOf(steps: readonly { readonly choice?: Choice }[]): readonly Choice[] {
  return steps.flatMap(({ choice }) => choice ?? [])
}

/** Whether choices can be made one after another: of one thing, at most one is the last that its maker can make. */
export function isPossible(choices: readonly Choice[]): boolean {
  const bySubject = Map.groupBy(choices, ({ subject }) => subject)
  for (const all of bySubject.values()) {
    const names = new Map(all.map((each) => [each.name, each]))
    if (names.size > 1 && [...names.values()].filter(({ isFinal }) => isFinal()).length > 1) return false
  }
  return true
}
