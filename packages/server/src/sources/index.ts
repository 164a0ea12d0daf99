export { unknownPart } from './print.ts'
export { readPolicySources, wholePolicy } from './read.ts'
export type * from './source.ts'
