import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { mfaSerialOf, rolesOf } from '../account-roles.ts'
import { agreed } from '../agreed.ts'
import {
  awsFiles,
  type Edited,
  editSections,
  readAwsFile,
  type Section,
  shownChange,
  writeAwsFile,
} from '../aws-file.ts'
import { runningServer } from '../client.ts'
import { badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { print, printError, safe } from '../output.ts'
import { type Profiles, profilesOf } from '../profiles.ts'

interface ConfigureOptions {
  readonly home?: string
  readonly prefix: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly remove?: boolean
}

/** `omen configure`: profiles of this server in the AWS clients' own files; other profiles are left as they are. */
export function addConfigure(program: Command): void {
  program
    .command('configure')
    .description(
      'write profiles for admin, root and every role that admin can assume to the AWS configuration',
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(new Option('--prefix <text>', 'the prefix of the names of the profiles').default('omen'))
    .option('--yes', 'write without asking')
    .option('--dry-run', 'only show what would change')
    .option('--remove', 'remove the profiles of this server')
    .action((options: ConfigureOptions) => configure(options))
}

async function configure(options: ConfigureOptions): Promise<void> {
  const { prefix } = options
  if (!/^[\w+=,.@-]{1,64}$/.test(prefix)) throw badSyntax('--prefix takes letters, digits and any of _+=,.@-')
  const home = Home.at(options.home)
  const mark = `# written by omen configure of ${resolve(home.folder)}`
  const profiles = options.remove ? none : await profilesOfServer(home, prefix)
  const { config, credentials } = awsFiles(process.env)
  const files = [
    edited(config, mark, profiles.config),
    edited(credentials, mark, profiles.credentials),
  ].filter(({ changes }) => changes.length > 0)
  report(profiles)
  if (files.length === 0) {
    printError('nothing to change\n')
    return
  }
  for (const { file, changes } of files)
    print(`--- ${file}\n+++ ${file}\n${changes.map(shownChange).join('\n')}\n`)
  if (options.dryRun) return
  if (!options.yes && !(await agreed('say --yes to write this, or --dry-run to only see it')))
    throw new CommandFailure('nothing was written', exitCodes.no)
  for (const { file, text } of files) writeAwsFile(file, text)
  printError(
    options.remove ? 'removed\n' : `written; try: aws --profile ${prefix}-admin sts get-caller-identity\n`,
  )
}

const none: Profiles = { config: [], credentials: [], unreached: [], wantMfa: [], unusable: [] }

async function profilesOfServer(home: Home, prefix: string): Promise<Profiles> {
  const server = runningServer(home)
  const { admin } = server.keys
  const [roles, mfaSerial] = await Promise.all([rolesOf(server, admin), mfaSerialOf(server, admin)])
  return profilesOf({ server, roles, mfaSerial, prefix })
}

function edited(
  file: string,
  mark: string,
  sections: readonly Section[],
): Edited & { readonly file: string } {
  return { file, ...editSections(readAwsFile(file), mark, sections) }
}

function report({ unreached, wantMfa, unusable }: Profiles): void {
  const names = (roles: Profiles['unreached']) => roles.map((role) => safe(role.name)).join(', ')
  if (unreached.length > 0)
    printError(`no profile for roles that trust neither admin nor a role of these: ${names(unreached)}\n`)
  if (wantMfa.length > 0) printError(`these roles want MFA, and admin has no device yet: ${names(wantMfa)}\n`)
  if (unusable.length > 0)
    printError(`no profile for roles whose external id STS does not accept: ${names(unusable)}\n`)
}
