export type { NotAdopted } from './adoption.ts'
export { type StackPlan, Stacks, type StacksParts, type UnknownPlan } from './stacks.ts'
export type { SyncReport } from './sync.ts'
