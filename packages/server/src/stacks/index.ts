export type { NotAdopted } from './adoption.ts'
export { Stacks, type StacksParts } from './stacks.ts'
export type { SyncReport } from './sync.ts'
