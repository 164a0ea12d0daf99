import { type Command, Option } from 'commander'
import { callHouse, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { printError } from '../output.ts'

/** `omen reset`: back to the first start. */
export function addReset(program: Command): void {
  program
    .command('reset')
    .description('delete everything in the running server but the first account and its first keys')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (options: { readonly home?: string }) => {
      const server = runningServer(Home.at(options.home))
      await callHouse(server, 'POST', '/_omen/reset', server.keys.root)
      printError('emptied: the server is as after its first start\n')
    })
}
