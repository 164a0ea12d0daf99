import { type Command, Option } from 'commander'
import { type AccountId, closeHeap, ownHeap, type Partition, parsePartition } from '../../base/index.ts'
import type { ComparisonReport } from '../../gate/index.ts'
import { Draft, type Image, ImageReader, IntakeProblem } from '../../intake/index.ts'
import { imageOfSeed, readSeedFile, SeedProblem } from '../../seed/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import { listFiles, readFiles } from '../intake/files.ts'
import { bashScript } from '../intake/how/bash.ts'
import { powershellScript } from '../intake/how/powershell.ts'
import { Progress } from '../intake/progress.ts'
import { writeComparison } from '../intake/report.ts'
import { accountsOf, ImageSender } from '../intake/send.ts'
import { isSeed } from '../intake/sources.ts'
import { serverTarget } from '../intake/target.ts'
import { LeftOut } from '../left-out.ts'
import { print } from '../output.ts'
import { collectParameter, parametersOf } from '../plan/parameters.ts'
import { readWithin } from '../plan/state.ts'
import { sayUnread } from '../unread.ts'

interface ImportOptions {
  readonly home?: string
  readonly into?: string
  readonly dryRun?: boolean
  readonly how?: 'bash' | 'powershell' | true
  readonly account?: string
  readonly region?: string
  readonly parameter?: readonly string[]
  readonly stack?: string
  readonly output: 'human' | 'json'
}

const help = `
Files are recognised by their content: answers of the AWS CLI
(get-account-authorization-details and others), credential reports,
answers of AWS Organizations, CloudFormation and SAM templates, folders of
the AWS CDK (cdk.out), plans and states of Terraform in JSON, and Omen's
seeds.
Everything is taken in one commit, or nothing. Omen never calls AWS.
docs/IMPORT.md says more.
`

/** `omen import`: the contents of an account, from files, into a running server. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('import users, roles, policies and an organization from files into a running server')
    .argument('[paths...]', 'files, or folders of them')
    .addOption(
      new Option('--into <home-or-url>', 'the folder or URL of the server (default: that of --home)'),
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(
      new Option(
        '--how [shell]',
        'print a script that fetches everything from AWS with your credentials, by read-only calls',
      ).choices(['bash', 'powershell']),
    )
    .option('--dry-run', 'only show what would be created and changed')
    .option('--account <number>', 'the account of templates, and of answers that do not name theirs')
    .option('--region <region>', 'the region of templates')
    .option('--parameter <name=value>', 'a parameter of the templates; may be repeated', collectParameter)
    .option('--stack <name>', 'the name of the stack of a template (default: that of its file)')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .addHelpText('after', help)
    .action(async (paths: readonly string[], options: ImportOptions) => {
      if (options.how !== undefined) {
        print(options.how === 'powershell' ? powershellScript() : bashScript())
        return
      }
      if (paths.length === 0) throw badSyntax('name the files or folders to import')
      if (options.account !== undefined && !/^\d{12}$/.test(options.account))
        throw badSyntax(`--account takes twelve digits, not ${options.account}`)
      const { server, keys } = serverTarget(options.into, options.home, process.env)
      const progress = new Progress()
      const [account = ''] = await accountsOf(server, keys)
      const partition = parsePartition(server.partition ?? 'aws') ?? 'aws'
      const first = { account: account as AccountId, partition } // as the server says
      const isDry = options.dryRun === true
      ownHeap(closeHeap)
      const sender = await ImageSender.begin(server, keys, progress)
      const report = await imported(imagesOf(paths, options, first, progress), sender, isDry)
      progress.end()
      writeComparison(report, isDry, options.output)
    })
}

/** Sends images as they are read, and has them compared or imported together. */
async function imported(
  images: Iterable<Image>,
  sender: ImageSender,
  isDry: boolean,
): Promise<ComparisonReport> {
  try {
    for (const image of images) await sender.send(image)
    return await sender.finish(isDry ? 'compare' : 'apply')
  } catch (error) {
    await sender.drop()
    throw error
  }
}

/** Characters that are read before what was read is handed on. */
const charactersTogether = 4 * 1024 * 1024

/**
 * Reads files into images, so that only a few files are in memory at a time. The top level of a seed belongs to the
 * account `first`. @throws CommandFailure with file, line, column and reason
 */
export function* imagesOf(
  paths: readonly string[],
  {
    account,
    region,
    parameter = [],
    stack,
  }: Pick<ImportOptions, 'account' | 'region' | 'parameter' | 'stack'>,
  first: { readonly account: AccountId; readonly partition: Partition },
  progress: Progress,
): Generator<Image> {
  const leftOut = new LeftOut()
  const files = listFiles(paths, leftOut)
  const reader = new ImageReader({
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(stack === undefined ? {} : { stack }),
    parameters: parametersOf(parameter),
    readNested: (file) => readWithin(files, file),
  })
  const draft = new Draft()
  const importing = account === undefined ? first.account : (account as AccountId) // twelve digits: the option was checked
  let done = 0
  let characters = 0
  try {
    for (const file of readFiles(files)) {
      if (!paths.includes(file.name) && leftOut.noteForeignText(file.name, file.text)) continue
      if (isSeed(file))
        draft.addImage(imageOfSeed(readSeedFile(file.name), file.name, importing, first.partition))
      else reader.read(file)
      progress.show('reading', ++done, files.length)
      characters += file.text.length
      if (characters < charactersTogether) continue
      characters = 0
      yield reader.takeIdentities()
    }
    draft.addImage(reader.image())
    for (const { at, what, reason } of leftOut.all) draft.notTake({ at, kind: 'file', name: what, reason })
    sayUnread(leftOut.all)
    yield draft.image()
  } catch (error) {
    progress.end()
    const isKnown = error instanceof IntakeProblem || error instanceof SeedProblem
    throw isKnown ? badConfiguration(error.message) : error
  }
}
