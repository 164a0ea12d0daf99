import type { Command } from 'commander'
import { addUpstreamOptions } from '../upstream.ts'
import { addServingOptions, serve } from './start.ts'

const whatTheUpstreamMakes =
  'Roles, policies and users of Omen are made in the upstream, too. What stacks of its CloudFormation make of IAM is made\n' +
  'in Omen, with the permissions of who creates the stack. What others make there directly is not taken over.'

/** `omen guard --upstream URL`: `omen start` with an upstream, under a name of its own. */
export function addGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('guard another AWS-compatible endpoint: real IAM for any local AWS')
    .addHelpText('after', `\n${whatTheUpstreamMakes}`)
  serve(addServingOptions(addUpstreamOptions(command, true)))
}
