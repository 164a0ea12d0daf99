export type * from './decision.ts'
export type * from './room.ts'
export { titleIn } from './title.ts'
