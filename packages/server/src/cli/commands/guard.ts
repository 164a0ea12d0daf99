import type { Command } from 'commander'
import { addUpstreamOptions } from '../upstream.ts'
import { addServingOptions, serve } from './start.ts'

const whatTheUpstreamMakes =
  'What the upstream makes of itself, as the roles in a stack of its CloudFormation, it makes unseen: roles that are\n' +
  'to be put on or passed here are made here, with aws iam.'

/** `omen guard --upstream URL`: `omen start` with an upstream, under the name of what it then is. */
export function addGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('stand in front of another AWS-compatible endpoint: real IAM for any local AWS')
    .addHelpText('after', `\n${whatTheUpstreamMakes}`)
  serve(addServingOptions(addUpstreamOptions(command, true)))
}
