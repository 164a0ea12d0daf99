export { Functions } from './functions.ts'
