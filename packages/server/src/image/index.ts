export type * from './center-image.ts'
export { describeIdentities, describeRecords, placeOfAccount, type ShownTrust } from './describe.ts'
export * from './image.ts'
export type * from './place.ts'
