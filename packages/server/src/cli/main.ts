import { Command, CommanderError } from 'commander'
import { addActions } from './commands/actions.ts'
import { addAssume, addCredentialProcess } from './commands/assume.ts'
import { addCan } from './commands/can.ts'
import { addCompletion } from './commands/completion.ts'
import { addConfigure } from './commands/configure.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEnv } from './commands/env.ts'
import { addEvents } from './commands/events.ts'
import { addExec } from './commands/exec.ts'
import { addKeys } from './commands/keys.ts'
import { addOidc } from './commands/oidc.ts'
import { addPass } from './commands/pass.ts'
import { addReset } from './commands/reset.ts'
import { addStart } from './commands/start.ts'
import { addStatus } from './commands/status.ts'
import { addTest } from './commands/test.ts'
import { addTour } from './commands/tour.ts'
import { addWhoami } from './commands/whoami.ts'
import { addWhy } from './commands/why.ts'
import { checkEnvironment } from './environment.ts'
import { CommandFailure, exitCodes } from './failure.ts'
import { version } from './version.ts'

const program = new Command('omen')
  .description('An IAM and an STS that anyone can run, read and ask.')
  .version(version())
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
  })

for (const add of [
  addStart,
  addEnv,
  addStatus,
  addReset,
  addExec,
  addTest,
  addTour,
  addCan,
  addWhy,
  addEvents,
])
  add(program)
for (const add of [
  addAssume,
  addCredentialProcess,
  addWhoami,
  addKeys,
  addConfigure,
  addOidc,
  addDoctor,
  addCompletion,
])
  add(program)
for (const add of [addPass, addActions]) add(program)
for (const command of program.commands) command.exitOverride()

try {
  checkEnvironment(process.env)
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badSyntax // it has said what was wrong
  if (error instanceof CommandFailure) {
    process.stderr.write(`omen: ${error.message}\n`)
    return error.exitCode
  }
  process.stderr.write(`omen: ${error instanceof Error ? error.stack : String(error)}\n`)
  return exitCodes.other
}
