import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { callServer, runningServer } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { Home, messageOf } from '../home.ts'
import { printError } from '../output.ts'
import { processSpace } from '../process-space.ts'

/** Milliseconds between checks, and their number: calls in flight may finish. */
const look = 50
const looks = 600
const shadowLooks = 60

/** `omen stop`: ends the server of a home, once its calls in flight are answered. */
export function addStop(program: Command): void {
  program
    .command('stop')
    .description('stop the server after calls in flight are answered')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (options: { readonly home?: string }) => {
      const home = Home.at(options.home)
      const server = runningServer(home)
      // a server that accepts this home's key is its own, and its process is the one in the note: no other is ended
      await callServer(server, 'GET', '/_omen/whoami', server.keys.root)
      if ((server.processSpace ?? processSpace()) !== processSpace())
        throw new CommandFailure(
          `${server.url} is served from another container or machine: end its process ${server.pid} there`,
          exitCodes.other,
        )
      end(server.pid)
      if (!(await hasEnded(home, server.pid)))
        throw new CommandFailure(`process ${server.pid} has not ended yet`, exitCodes.other)
      printError(`stopped: ${server.url} (process ${server.pid})\n`)
    })
}

/**
 * Returns whether it ends in time. A process that its parent does not wait for remains as a zombie; the removed note
 * shows that it ended.
 */
async function hasEnded(home: Home, pid: number): Promise<boolean> {
  let shadow = 0
  for (let i = 0; i < looks; i++) {
    if (!isAlive(pid)) return true
    if (home.readServer()?.pid !== pid && ++shadow > shadowLooks) return true
    await sleep(look)
  }
  return false
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    throw new CommandFailure(`process ${pid} cannot be stopped: ${messageOf(error)}`, exitCodes.other)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
