import type { Pause } from '../world/pieces.ts'

/** The most answers that are kept. */
const most = 50

/** What is kept under a name, or found now. */
export function* kept<Found extends object>(
  known: Map<string, Found>,
  name: string,
  find: () => Generator<Pause, Found>,
): Generator<Pause, Found> {
  let found = known.get(name)
  if (found === undefined) {
    found = yield* find()
    if (known.size >= most) known.clear()
    known.set(name, found)
  }
  return found
}
