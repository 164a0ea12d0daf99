import type { Command } from 'commander'
import type { SyncReport } from '../../stacks/index.ts'
import { callHouse, runningServer } from '../client.ts'
import { badSyntax } from '../failure.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'
import { addUpstreamOptions, type UpstreamFlags } from '../upstream.ts'
import { addServingOptions, serve } from './start.ts'

const whatTheUpstreamMakes =
  'Roles, policies and users of Omen are made in the upstream, too. What stacks of its CloudFormation make of IAM is made\n' +
  'in Omen, with the permissions of who creates the stack. What others make there directly is taken over with --sync alone.\n' +
  'omen guard --sync without --upstream has the running guard do so once.'

/** `omen guard --upstream URL`: `omen start` with an upstream, under a name of its own. */
export function addGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('guard another AWS-compatible endpoint: real IAM for any local AWS')
    .addHelpText('after', `\n${whatTheUpstreamMakes}`)
  serve(addServingOptions(addUpstreamOptions(command)), async (options) => {
    if (options.upstream !== undefined) return false
    if (options.sync !== true) throw badSyntax('--upstream is missing: the URL of the endpoint to guard')
    await synchronize(options)
    return true
  })
}

/** Has the running guard take over what only its upstream has. */
async function synchronize({ home }: UpstreamFlags & { readonly home?: string }): Promise<void> {
  const server = runningServer(Home.at(home))
  const answer = await callHouse(server, 'POST', '/_omen/upstream/sync', server.keys.root, {})
  const { made, removed, notTaken } = answer as SyncReport // the route's own form
  for (const thing of made) print(`taken over  ${safe(thing)}\n`)
  for (const thing of removed) print(`removed     ${safe(thing)}: it is gone from the upstream\n`)
  for (const { what, because } of notTaken) print(`not taken   ${safe(what)}: ${safe(because)}\n`)
  print(`${made.length} taken over, ${removed.length} removed, ${notTaken.length} not taken\n`)
}
