import type { Command } from 'commander'
import { addUpstreamOptions } from '../upstream.ts'
import { addServingOptions, type StartOptions, start } from './start.ts'

/** `omen guard --upstream URL`: `omen start` with an upstream, under the name of what it then is. */
export function addGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('stand in front of another AWS-compatible endpoint: real IAM for any local AWS')
  addServingOptions(addUpstreamOptions(command, true)).action((options: StartOptions) => start(options))
}
