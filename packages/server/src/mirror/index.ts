export { callsBetween, type MirrorCall } from './calls.ts'
export { Mirror, type MirrorState } from './mirror.ts'
export { creationOrder, type Thing, type ThingKind } from './thing.ts'
export { type AskForm, upstreamAccount } from './upstream-iam.ts'
