import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import {
  authorizationDetails,
  cliScript,
  cloudFormationTemplates,
  dumpFiles,
  type Image,
  lossesOf,
  seedOf,
  terraformConfiguration,
} from '../../intake/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import { messageOf } from '../home.ts'
import { Progress } from '../intake/progress.ts'
import { accountsOf, fetchImage } from '../intake/send.ts'
import { serverTarget } from '../intake/target.ts'
import { print, printError, quotedText, safe } from '../output.ts'

const formats = ['dump', 'cloudformation', 'terraform', 'cli', 'seed'] as const
type Format = (typeof formats)[number]

interface ExportOptions {
  readonly home?: string
  readonly from?: string
  readonly format: Format
  readonly to?: string
  readonly account?: string
  readonly allAccounts?: boolean
}

/** A file that is written. */
interface Written {
  readonly name: string
  readonly text: string
}

const help = `
dump            AWS's own answers: get-account-authorization-details, and with
                --to FOLDER everything else; omen import reads it back whole
cloudformation  a template in JSON
terraform       a configuration in JSON (main.tf.json)
cli             a shell script of AWS CLI commands
seed            for omen start --seed, in YAML
What a form cannot say is named in it and on standard error.
`

/** `omen export`: the contents of a running server's account, in a form that other tools read. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('export an account as AWS’s dump, CloudFormation, Terraform, a script or a seed')
    .addOption(new Option('--format <form>', 'the format of the export').choices(formats).default('dump'))
    .addOption(new Option('--to <path>', 'a file, or a folder for several files (default: standard output)'))
    .addOption(new Option('--account <number>', 'the account (default: the first one)'))
    .option('--all-accounts', 'all accounts of the server')
    .addOption(
      new Option(
        '--from <home-or-url>',
        'the folder or URL of the server (default: that of --home)',
      ).conflicts('home'),
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addHelpText('after', help)
    .action(async (options: ExportOptions) => {
      if (options.account !== undefined && !/^\d{12}$/.test(options.account))
        throw badSyntax(`--account takes twelve digits, not ${options.account}`)
      const { server, keys } = serverTarget(options.from, options.home, process.env)
      const progress = new Progress()
      const all = await accountsOf(server, keys)
      const chosen = options.allAccounts === true ? all : [options.account ?? all[0] ?? '']
      const image = await fetchImage(chosen, server, keys, progress)
      progress.end()
      write(image, options)
    })
}

function write(image: Image, { format, to }: ExportOptions): void {
  const isFolder = to !== undefined && (isThere(to) || !/\.[a-z]+$/i.test(to))
  const losses =
    format === 'dump' ? [] : lossesOf(image, format).map(({ what, count }) => `${what} (${count})`)
  for (const loss of losses) printError(`omen: not in the output: ${safe(loss)}\n`)
  const files = filesOf(image, format, losses, isFolder)
  const [only] = files
  if (isFolder) {
    for (const { name, text } of files) writeOne(join(to, name), text)
    printError(`omen: ${files.length} file${files.length === 1 ? '' : 's'} in ${safe(to)}\n`)
  } else if (only === undefined || files.length > 1) {
    throw badSyntax(`${files.length} files are to be written: name a folder with --to`)
  } else if (to === undefined) print(only.text)
  else writeOne(to, only.text)
}

function filesOf(
  image: Image,
  format: Format,
  losses: readonly string[],
  isFolder: boolean,
): readonly Written[] {
  if (format === 'seed') return [{ name: 'seed.yaml', text: seedText(image, losses) }]
  if (format === 'dump' && isFolder)
    return dumpFiles(image).map(({ name, content }) => ({
      name,
      text: typeof content === 'string' ? `${content}\n` : json(content),
    }))
  const several = image.accounts.length > 1
  return image.accounts.flatMap((account): readonly Written[] => {
    const folder = several ? `${account.account}/` : ''
    const notes = losses.map((loss) => `Not contained: ${loss}`)
    const title = `Account ${account.account}, exported by Omen`
    switch (format) {
      case 'dump':
        printError('omen: only get-account-authorization-details: --to FOLDER writes everything\n')
        return [
          { name: `${folder}account-authorization-details.json`, text: json(authorizationDetails(account)) },
        ]
      case 'cloudformation': {
        const templates = cloudFormationTemplates(account, title, losses)
        return templates.map((template, index) => ({
          name: `${folder}${templates.length === 1 ? 'template' : `template-${index + 1}`}.json`,
          text: json(template),
        }))
      }
      case 'terraform':
        return [
          { name: `${folder}main.tf.json`, text: json(terraformConfiguration(account, [title, ...notes])) },
        ]
      default:
        return [
          {
            name: `${folder}create.sh`,
            text: cliScript(account, quotedText, [title, ...notes]),
          },
        ]
    }
  })
}

function seedText(image: Image, losses: readonly string[]): string {
  const comments = losses.map((loss) => `# Not contained: ${loss.replace(/[\r\n]/g, ' ')}\n`)
  return comments.join('') + stringify(seedOf(image), { aliasDuplicateObjects: false, lineWidth: 0 })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
}

function writeOne(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o600 })
  } catch (error) {
    throw badConfiguration(`${file}: ${messageOf(error)}`)
  }
}
