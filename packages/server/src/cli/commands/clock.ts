import { type Command, Option } from 'commander'
import { callServer, runningServer } from '../client.ts'
import { parseDuration } from '../duration.ts'
import { badSyntax } from '../failure.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'
import { spokenAhead } from '../test-clock.ts'

/** `omen clock`: shows and moves the clock of a server that was started with `--test-clock`. */
export function addClock(program: Command): void {
  program
    .command('clock')
    .description('show the clock of a server that was started with --test-clock, or move it')
    .argument('[move]', 'how far, for example +8h or +90m; reset returns to the present')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (move: string | undefined, { home }: { readonly home?: string }) => {
      const server = runningServer(Home.at(home))
      const body = move === undefined ? undefined : moved(move)
      const method = body === undefined ? 'GET' : 'POST'
      const answer = await callServer(server, method, '/_omen/clock', server.keys.root, body)
      const { time, clockAhead } = answer as { readonly time: string; readonly clockAhead?: number } // the route's own answer
      print(`${time}  ${spokenAhead(clockAhead)}\n`)
    })
}

function moved(move: string): object {
  if (move === 'reset') return { ahead: 0 }
  if (!move.startsWith('+')) throw badSyntax(`${move} is no move of a clock: use for example +8h, or reset`)
  return { advance: parseDuration(move.slice(1)) }
}
