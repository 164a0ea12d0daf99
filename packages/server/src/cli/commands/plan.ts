import { type Command, Option } from 'commander'
import { callServer } from '../client.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { orFailureReport } from '../failure-report.ts'
import type { FactFiles } from '../graph/differences.ts'
import type { PlacedImage } from '../graph/planned.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import type { ServerTarget } from '../intake/target.ts'
import { LeftOut } from '../left-out.ts'
import { lintFile, type PlacedFinding } from '../lint/check.ts'
import { fails } from '../lint/config.ts'
import { lintFiles } from '../lint/files.ts'
import { printError, printReport } from '../output.ts'
import { existingNames, overlaid } from '../plan/overlay.ts'
import { collectParameter, parametersOf } from '../plan/parameters.ts'
import { type Plan, planOf, type SeenOf } from '../plan/plan.ts'
import { presentState } from '../plan/present.ts'
import { renamedBy, renameNote, withRenames } from '../plan/renames.ts'
import { type PlanFormat, planFormats, planReport, planSummary } from '../plan/report.ts'
import {
  type DeployOptions,
  deletedBy,
  readTemplates,
  stateBeforePlan,
  stateOfTemplates,
  without,
} from '../plan/state.ts'

const kinds = ['access', 'lost', 'roles', 'paths', 'findings', 'unread'] as const
type Kind = (typeof kinds)[number]

interface PlanOptions extends FactFiles, StepsOptions {
  readonly against?: string
  readonly parameter?: readonly string[]
  readonly account?: string
  readonly region?: string
  readonly stack?: string
  readonly output: PlanFormat
  readonly failOn?: readonly Kind[]
}

const help = `
FILES are CloudFormation or SAM templates, folders of the AWS CDK (cdk.out), or
plans of Terraform (terraform show -json). --against is what is there now: an
answer of get-account-authorization-details, a home or a URL of a running house,
or the template as it was deployed last. Without it, a plan of Terraform is
compared with the state that it carries, and all of a template is new. The exit
code is 3 if nothing else changes, and a part that may give access is not looked
at, a new path is undecided, or the steps are spent before all paths are compared.
`

/** `omen plan`: what a deployment changes, for whom. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'show whose access a template or plan changes, before it is deployed; exit 1 if there is a change',
    )
    .argument('<files...>', 'templates, plans, or folders of them')
    .option('--against <state>', 'a dump, a home, a URL, or a template')
    .option('--parameter <name=value>', 'a parameter of the templates; may be repeated', collectParameter)
    .option('--account <number>', 'the account of the deployment')
    .option('--region <region>', 'the region of the deployment')
    .option(
      '--inventory <file>',
      'resources that wear roles, access keys, passwords and MFA devices, for paths',
    )
    .option('--organization <file>', 'SCPs and RCPs, a list a level, for paths')
    .option('--stack <name>', 'the name of the stack (default: that of the file)')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(planFormats).default('human'),
    )
    .addOption(
      new Option(
        '--fail-on <what...>',
        'what makes the exit code 1 (default: all but unread; findings only if errors)',
      ).choices(kinds),
    )
  addStepsOption(command)
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: PlanOptions) => {
      const plan = await orFailureReport('omen plan', options.output, () => planned(files, options))
      printReport(planReport(plan, options.output), options.output)
      printError(planSummary(plan))
      const failOn = new Set(options.failOn ?? kinds.filter((kind) => kind !== 'unread'))
      if (kinds.some((kind) => failOn.has(kind) && has(plan, kind))) process.exitCode = exitCodes.no
      else if (plan.unread.length > 0 || (failOn.has('paths') && isUndecided(plan)))
        process.exitCode = exitCodes.undecided
    })
}

function has({ changes, lost, ways, paths, findings, unread }: Plan, kind: Kind): boolean {
  switch (kind) {
    case 'access':
      return changes.some(({ added }) => added.length > 0)
    case 'lost':
      return lost.length > 0
    case 'roles':
      return ways.length > 0
    case 'paths':
      return paths.opened.some(({ change }) => change.after !== 'undecided')
    case 'findings':
      return findings.some((finding) => fails(finding, 'error'))
    case 'unread':
      return unread.length > 0
  }
}

function isUndecided({ paths: { opened, incomplete } }: Plan): boolean {
  return incomplete !== undefined || opened.some(({ change }) => change.after === 'undecided')
}

async function planned(files: readonly string[], options: PlanOptions): Promise<Plan> {
  if (options.account !== undefined && !/^\d{12}$/.test(options.account))
    throw badSyntax(`--account takes twelve digits, not ${options.account}`)
  const leftOut = new LeftOut()
  const plan = await planOfFiles(files, options, leftOut)
  return { ...plan, unread: [...plan.unread, ...leftOut.all] }
}

async function planOfFiles(files: readonly string[], options: PlanOptions, leftOut: LeftOut): Promise<Plan> {
  const sources = readTemplates(files, leftOut)
  const parameters = parametersOf(options.parameter ?? [])
  const findings = findingsIn(files, parameters)
  const asked: DeployOptions = {
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.stack === undefined ? {} : { stack: options.stack }),
    parameters,
  }
  const present =
    options.against === undefined ? undefined : await presentState(options.against, asked, sources, leftOut)
  const renames = sources.flatMap(renamedBy)
  const asNamed = ({ image, ...more }: PlacedImage) => ({ ...more, image: withRenames(image, renames) })
  const noted = ({ image, ...more }: PlacedImage) => ({
    ...more,
    image: { ...image, findings: [...image.findings, ...renames.map(renameNote)] },
  })
  if (present?.type === 'account') {
    const state = asNamed(present.state)
    const [account, ...others] = state.image.accounts
    const home = account === undefined || others.length > 0 ? {} : { account: account.account }
    const deployed = { ...home, ...asked, existing: existingNames(state.image) }
    const next = stateOfTemplates(sources, deployed)
    const image = overlaid(without(state.image, sources.flatMap(deletedBy)), next.image)
    const after = noted({ image, statementPlaces: next.statementPlaces })
    return planOf(state, after, findings, options, present.server && seenBy(present.server))
  }
  const [only] = sources
  const before = present?.state ?? (only === undefined ? undefined : stateBeforePlan(only, asked))
  const old =
    present === undefined || options.against === undefined ? [] : findingsIn([options.against], parameters)
  const keysBefore = new Set(old.map(keyOf))
  return planOf(
    asNamed(before ?? nothing),
    noted(stateOfTemplates(sources, asked)),
    findings.filter((each) => !keysBefore.has(keyOf(each))),
    options,
  )
}

/** The linter's findings, except suggestions. */
function findingsIn(
  files: readonly string[],
  parameters: Readonly<Record<string, string>>,
): readonly PlacedFinding[] {
  return [...lintFiles(files)].flatMap((file) =>
    lintFile(file, undefined, parameters).findings.filter((each) => each.class !== 'suggestion'),
  )
}

/** Equal for one mistake in two versions of a template. */
function keyOf({ code, owner, message }: PlacedFinding): string {
  return JSON.stringify([code, owner, message])
}

const nothing: PlacedImage = {
  image: { accounts: [], notTaken: [], findings: [] },
  statementPlaces: new Map(),
}

/** The calls of a principal that the server saw. */
function seenBy({ server, keys }: ServerTarget): SeenOf {
  return async (arn) => {
    const questions: { action: string; resource: string }[] = []
    for (let after: string | undefined; ; ) {
      const query = new URLSearchParams({
        principal: arn,
        ...(after === undefined ? {} : { after }),
      })
      const page = (await callServer(server, 'GET', `/_omen/seen?${query}`, keys)) as SeenPage // the server's own form
      questions.push(...page.questions)
      if (page.done) return questions
      after = page.position
    }
  }
}

interface SeenPage {
  readonly questions: readonly { readonly action: string; readonly resource: string }[]
  readonly position: string
  readonly done: boolean
}
