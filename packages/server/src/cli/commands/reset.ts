import { type Command, Option } from 'commander'
import { agreed } from '../agreed.ts'
import { callServer, runningServer } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { printError } from '../output.ts'

interface ResetOptions {
  readonly home?: string
  readonly yes?: boolean
}

/** `omen reset`: back to the first start. */
export function addReset(program: Command): void {
  program
    .command('reset')
    .description('delete everything in the running server but the first account and its first keys')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('--yes', 'do not ask')
    .action(async (options: ResetOptions) => {
      const server = runningServer(Home.at(options.home))
      const question = `Delete every user, role, policy and event of ${server.url} (${server.store})?`
      if (!options.yes && !(await agreed('say --yes to delete everything in the server', question)))
        throw new CommandFailure('nothing was deleted', exitCodes.no)
      await callServer(server, 'POST', '/_omen/reset', server.keys.root)
      printError('emptied: the server is as after its first start\n')
    })
}
