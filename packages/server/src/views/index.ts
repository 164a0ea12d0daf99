export { type Chapter, chapterNames, chapters } from './chapters.ts'
export type * from './decision.ts'
export type * from './room.ts'
export { titleIn } from './title.ts'
