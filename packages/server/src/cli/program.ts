import { Command, CommanderError } from 'commander'
import { addCommands } from './commands.ts'
import { checkEnvironment, didYouMean } from './environment.ts'
import { badSyntax, CommandFailure, exitCodes } from './failure.ts'
import { print, printError, safeLines } from './output.ts'
import { version } from './version.ts'
import { widthOf } from './width.ts'
import { failureIn, languageOfLine } from './words/failures.ts'

/** Runs the command line of this process, and sets its exit code. */
export async function runProgram(): Promise<void> {
  try {
    checkEnvironment(process.env)
    const words = process.argv.slice(2)
    const [asked, topic, inner] = words
    const program = newProgram()
    await addCommands(program, words)
    if (asked === 'help' && topic !== undefined) refuseUnknownTopic(program, topic)
    if (asked === 'help' && topic !== undefined && inner !== undefined) helpOf(program, topic, inner)
    else await program.parseAsync()
  } catch (error) {
    process.exitCode = exitCodeOf(error)
  }
}

function newProgram(): Command {
  return new Command('omen')
    .description('An IAM and an STS that anyone can run, read and ask.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text),
      writeErr: (text) => printError(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'omen: ')),
      getOutHelpWidth: () => widthOf(process.stdout),
      getErrHelpWidth: () => widthOf(process.stderr),
    })
    .configureHelp({
      // names alone, to leave room for the descriptions: `omen help start` has the rest
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),
      minWidthToWrap: 20,
    })
}

/** @throws CommandFailure if there is no command of this name */
function refuseUnknownTopic(program: Command, topic: string): void {
  const names = program.commands.flatMap((command) => [command.name(), ...command.aliases()])
  if (topic.startsWith('-') || topic === 'help' || names.includes(topic)) return
  throw badSyntax(`there is no command ${topic}${didYouMean(topic, names) || ': omen help lists them'}`)
}

/** Prints the help of a command's own command: `omen help policy lint`. @throws CommandFailure if there is none */
function helpOf(program: Command, topic: string, inner: string): void {
  const within = program.commands.find((each) => each.name() === topic)?.commands ?? []
  const command = within.find((each) => each.name() === inner)
  if (command === undefined) {
    const names = within.map((each) => each.name())
    throw badSyntax(
      `there is no command ${topic} ${inner}${didYouMean(inner, names) || `: omen help ${topic} lists them`}`,
    )
  }
  command.outputHelp()
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badSyntax // it has said what was wrong
  if (error instanceof CommandFailure) {
    const language = languageOfLine(process.argv, process.env)
    printError(`omen: ${safeLines(failureIn(error.message, language))}\n`)
    return error.exitCode
  }
  // the database failed while a command ran: that is no error of the program
  if (error instanceof Error && /^Store(?:Unavailable|Damaged)$/.test(error.name)) {
    printError(`omen: ${safeLines(error.message)}\n`)
    return exitCodes.badConfiguration
  }
  printError(`omen: ${safeLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`)
  return exitCodes.other
}
