export { AccountMirror } from './account-mirror.ts'
export { graphOfAccount, type OpenGraph } from './graph-of-account.ts'
export { comparePathsTo, type Known } from './path-comparison.ts'
export { worldOf } from './world-of.ts'
