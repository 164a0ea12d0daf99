export type { NotAdopted } from './adoption.ts'
export type { StackPlan, UnknownPlan } from './plan.ts'
export { Stacks, type StacksParts } from './stacks.ts'
export type { SyncReport } from './sync.ts'
