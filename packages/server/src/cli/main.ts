import { Command, CommanderError } from 'commander'
import { addCommands } from './commands.ts'
import { checkEnvironment } from './environment.ts'
import { CommandFailure, exitCodes } from './failure.ts'
import { print, printError, safeLines } from './output.ts'
import { version } from './version.ts'

const program = new Command('omen')
  .description('An IAM and an STS that anyone can run, read and ask.')
  .version(version())
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({
    writeOut: (text) => print(text),
    writeErr: (text) => printError(text),
  })

// whoever reads the pipe may stop reading: that is no failure, and the answer stays what it was
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  checkEnvironment(process.env)
  await addCommands(program, process.argv[2])
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badSyntax // it has said what was wrong
  if (error instanceof CommandFailure) {
    printError(`omen: ${safeLines(error.message)}\n`)
    return error.exitCode
  }
  printError(`omen: ${safeLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`)
  return exitCodes.other
}
