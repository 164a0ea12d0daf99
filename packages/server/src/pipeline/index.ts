export { type Admitted, callOf } from './call.ts'
export { currentCall } from './current.ts'
export { type Decided, decide } from './decide.ts'
export type { CallEnd, CallStart, Watch, WatchedCall } from './watch.ts'
