import { type Command, Option } from 'commander'
import { callServer, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { print, printError } from '../output.ts'

/** `omen keys`: the keys under which session tokens are sealed. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the keys that seal session tokens')
  keys
    .command('rotate')
    .description('make a new key for session tokens; existing sessions stay valid')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (options: { readonly home?: string }) => {
      const server = runningServer(Home.at(options.home))
      const answer = await callServer(server, 'POST', '/_omen/keys/rotate', server.keys.root)
      const { sealsFrom } = answer as { readonly sealsFrom: string } // the route's own answer
      print(`${JSON.stringify({ sealsFrom })}\n`)
      printError(`a new key seals sessions from ${sealsFrom} on; those of the old keys live on\n`)
    })
}
