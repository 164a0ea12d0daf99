import { type CreateOmenOptions, createOmen as createWithPort, type RunningOmen } from './create-omen.ts'

export type { CreateOmenOptions, RunningOmen, Snapshot } from './create-omen.ts'
export { type Seed, SeedProblem } from './seed/index.ts'
export * from './testing/index.ts'

/**
 * A whole server in process, as `createOmen` of `omen-iam`, but without a port: clients, `fetch` and assertions are
 * answered within the process. `listen` opens one.
 */
export function createOmen(options: CreateOmenOptions = {}): Promise<RunningOmen> {
  return createWithPort({ port: false, ...options })
}
