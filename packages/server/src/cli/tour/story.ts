import { assuming, chaining, crossing } from './assuming.ts'
import type { Cast, Chapter } from './cast.ts'
import { masks } from './masks.ts'
import { grantedPassing, refusedPassing } from './passing.ts'
import { remembering } from './remembering.ts'
import type { Stage } from './stage.ts'
import { wearing } from './wearing.ts'

/** The chapters in their order. */
export const chapters: readonly Chapter[] = [
  masks,
  refusedPassing,
  grantedPassing,
  wearing,
  assuming,
  crossing,
  chaining,
  remembering,
]

/** Plays the chapters on a stage, each after `before`. */
export async function playStory(
  stage: Stage,
  before: (chapter: Chapter, number: number) => Promise<void> | void,
): Promise<void> {
  const cast: Partial<Cast> = {}
  for (const [index, chapter] of chapters.entries()) {
    await before(chapter, index + 1)
    await chapter.play(stage, cast)
  }
}
