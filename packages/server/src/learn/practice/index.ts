export { Practice, type PracticeParts } from './practice.ts'
