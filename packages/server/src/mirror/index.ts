export { callsBetween, type MirrorCall } from './calls.ts'
export { Mirror, type MirrorState } from './mirror.ts'
export { creationOrder, type Thing } from './thing.ts'
