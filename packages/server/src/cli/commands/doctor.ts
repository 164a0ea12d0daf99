import { type Command, Option } from 'commander'
import { type Check, examine } from '../doctor.ts'
import { exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'

interface DoctorOptions {
  readonly home?: string
  readonly output: 'human' | 'json'
}

const marks: Readonly<Record<Check['state'], string>> = { ok: '✓', warning: '!', wrong: '✗' }

/** `omen doctor`: whether home, server, clock, AWS CLI and environment fit together. Exits 1 if one does not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check home, server, clock, AWS CLI and environment')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action(async (options: DoctorOptions) => {
      const checks = await examine(Home.at(options.home), process.env)
      const text =
        options.output === 'json'
          ? JSON.stringify(checks, null, 2)
          : checks
              .map(({ name, state, says }) => `${marks[state]} ${safe(`${name.padEnd(11)} ${says}`)}`)
              .join('\n')
      print(`${text}\n`)
      if (checks.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.no
    })
}
