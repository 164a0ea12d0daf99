import type { Command } from 'commander'
import type { SyncReport } from '../../stacks/index.ts'
import { callServer, runningServer } from '../client.ts'
import { badSyntax } from '../failure.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'
import { addUpstreamOptions, type UpstreamFlags } from '../upstream.ts'
import { addServingOptions, serve } from './start.ts'

const whatTheUpstreamMakes =
  'Users, roles and policies of Omen are also created in the upstream. IAM resources of its CloudFormation stacks are\n' +
  'created in Omen, with the permissions of the caller who creates the stack. Only with --sync does Omen take over what\n' +
  'was created directly in the upstream. omen guard --sync without --upstream makes a running guard do so once.'

/** `omen guard --upstream URL`: `omen start` with an upstream, under a name of its own. */
export function addGuard(program: Command): void {
  const command = program
    .command('guard')
    .description('put IAM in front of another AWS-compatible endpoint')
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
  const answer = await callServer(server, 'POST', '/_omen/upstream/sync', server.keys.root, {})
  const { made, removed, notTaken } = answer as SyncReport // the route's own form
  for (const thing of made) print(`taken over  ${safe(thing)}\n`)
  for (const thing of removed) print(`removed     ${safe(thing)}: it is gone from the upstream\n`)
  for (const { what, because } of notTaken) print(`not taken   ${safe(what)}: ${safe(because)}\n`)
  print(`${made.length} taken over, ${removed.length} removed, ${notTaken.length} not taken\n`)
}
