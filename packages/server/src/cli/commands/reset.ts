import { type Command, Option } from 'commander'
import { callHouse, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { printError } from '../output.ts'

/** `omen reset`: back to the first start. */
export function addReset(program: Command): void {
  program
    .command('reset')
    .description('empty the running house back to its first start; the first keys stay')
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .action(async (options: { readonly home?: string }) => {
      const server = runningServer(Home.at(options.home))
      await callHouse(server, 'POST', '/_omen/reset', server.keys.root)
      printError('emptied: the house is as after its first start\n')
    })
}
