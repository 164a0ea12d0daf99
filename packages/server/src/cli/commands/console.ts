import { spawn } from 'node:child_process'
import { type Command, Option } from 'commander'
import { callServer, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { print, printError } from '../output.ts'

interface ConsoleOptions {
  readonly home?: string
  readonly as?: string
  readonly print?: boolean
}

/** `omen console`: a one-time link into the console, opened in the browser if there is one. */
export function addConsole(program: Command): void {
  program
    .command('console')
    .description('open the web console, signed in by a one-time link')
    .option('--as <who>', 'sign in as this user, or as admin with this role assumed (default: admin)')
    .option('--print', 'print the link and open nothing; it is valid once, for ten minutes')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (options: ConsoleOptions) => {
      const server = runningServer(Home.at(options.home))
      const body = options.as === undefined ? {} : { as: options.as }
      const answer = await callServer(server, 'POST', '/_omen/console-links', server.keys.root, body)
      const { path } = answer as { readonly path: string } // the route's own answer
      const link = new URL(path, server.url).href
      if (options.print === true || !(await opened(link))) print(`${link}\n`)
      else printError(`opened ${server.url}/_omen/ in the browser\n`)
    })
}

/** Opens a link in the user's browser. Returns whether there was one to open it. */
function opened(link: string): Promise<boolean> {
  const command = browserCommand()
  if (command === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(command, [link], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

/** The program that opens links; undefined without a screen. */
function browserCommand(): string | undefined {
  if (process.platform === 'darwin') return 'open'
  if (process.platform === 'win32') return 'explorer'
  const hasScreen = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined
  return hasScreen && process.stdout.isTTY ? 'xdg-open' : undefined
}
