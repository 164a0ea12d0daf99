export { type Chapter, chapters } from '../views/index.ts'
export { cardsPage, picture } from './cards.ts'
export { type CheckAnswer, type CheckHouse, judgeCheck, Kept } from './check.ts'
export { ownLessons, readLessons } from './course.ts'
export { applyChanges, documentsOf } from './edit.ts'
export type { Check } from './form/index.ts'
export { hintsOf } from './hints.ts'
export { LessonHouse } from './house.ts'
export { type JudgedCheck, judge, type Verdict } from './judge.ts'
export { Keeper, type ProgressPlace, ProgressProblem, progressFile } from './keeper.ts'
export * from './lesson.ts'
export { lessonShape } from './lesson-shape.ts'
export { type OwnQuestion, ownQuestions } from './own-account.ts'
export { passQuestion } from './own-passing.ts'
export { type Broken, playLesson } from './play.ts'
export * from './progress.ts'
export { LessonProblem, lessonLimits, readLesson, textsOf } from './read.ts'
export * from './steps.ts'
export { eventsOfHouse, type HouseEvent } from './trail.ts'
export {
  callWords,
  checkWords,
  gotWords,
  housesWords,
  type Inhabitant,
  inhabitantsOf,
  optionLetter,
} from './words.ts'
