export { Functions } from './functions.ts'
export type { Adopt } from './way.ts'
