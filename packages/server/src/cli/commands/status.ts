import { type Command, Option } from 'commander'
import { runningServer } from '../client.ts'
import { askHealth, complaintsIn } from '../health.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'
import { spokenAhead } from '../test-clock.ts'

/** `omen status`: whether the server runs, and in which mode. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show whether the server runs, where, and in which mode')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action(async (options: { readonly home?: string; readonly output: 'human' | 'json' }) => {
      const server = runningServer(Home.at(options.home))
      const health = await askHealth(server)
      if (options.output === 'json') {
        print(`${JSON.stringify({ url: server.url, pid: server.pid, ...health })}\n`)
        return
      }
      print(`omen ${health.version} serves at ${server.url} (process ${server.pid})\n`)
      print(`account ${health.account} · store ${health.store} · MODE ${health.mode}\n`)
      if (health.clockAhead !== undefined) print(`clock: ${spokenAhead(health.clockAhead)}\n`)
      for (const { about, text } of complaintsIn(health)) print(`${safe(`${about}: ${text}`)}\n`)
      const undecided = Number(health.undecidable ?? 0)
      if (undecided > 0)
        print(
          `guard: ${undecided} ${undecided === 1 ? 'operation' : 'operations'} could not be decided on: omen doctor\n`,
        )
    })
}
