export { type AskedThing, type Check, questionsOf } from './check.ts'
export { checkShape, seededMembers } from './check-shape.ts'
