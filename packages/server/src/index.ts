export type { Mode } from './base/index.ts'
export type { As, ClientCredentials, ClientOptions, CreateOmenOptions, RunningOmen } from './create-omen.ts'
export { createOmen } from './create-omen.ts'
