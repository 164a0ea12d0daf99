export { describeIdentities, describeRecords, type ShownTrust } from './describe.ts'
export * from './image.ts'
