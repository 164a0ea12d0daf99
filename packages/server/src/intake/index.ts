export type * from './comparison.ts'
export * from './image.ts'
