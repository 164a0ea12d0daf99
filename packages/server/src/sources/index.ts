export { limits as sourceLimits } from './limits.ts'
export { unknownPart } from './print.ts'
export { readPolicySources, readTree, wholePolicy } from './read.ts'
export type * from './source.ts'
