import type { Clock } from '../../packages/server/src/base/index.ts'
import { Keeper, ownLessons } from '../../packages/server/src/learn/index.ts'
import { Practice } from '../../packages/server/src/learn/practice/index.ts'

/** Lessons whose progress is kept in memory, by person. */
export function practiceIn(clock: Clock) {
  const texts = new Map<string, string>()
  const keeperOf = (person: string) =>
    new Keeper(
      {
        name: person,
        read: () => texts.get(person),
        write: (text) => {
          texts.set(person, text)
        },
      },
      clock,
    )
  return { practice: new Practice({ lessons: ownLessons(), clock, keeperOf }), texts }
}
