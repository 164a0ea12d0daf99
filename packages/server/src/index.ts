export type { Mode } from './base/index.ts'
export type { As, CreateOmenOptions, RunningOmen, Snapshot } from './create-omen.ts'
export { createOmen } from './create-omen.ts'
export type { ClientCredentials, ClientOptions, Identity, SessionOptions } from './testing/index.ts'
