import type { Command } from 'commander'
import { Option } from 'commander'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  derivedFor,
  type ExportFormat,
  exportAs,
  exportFormats,
  type PictureLanguage,
  pictureLanguages,
  type RelationVerdict,
} from '../../graph/index.ts'
import { badSyntax } from '../failure.ts'
import { sayNames } from '../graph/derived.ts'
import { budgetOf, sayIncomplete } from '../graph/incomplete.ts'
import { goalNamed, principalNamed, startNamed } from '../graph/names.ts'
import { openGraph } from '../graph/open.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'
import { print } from '../output.ts'

interface GraphOptions extends WorldOptions, StepsOptions {
  readonly around?: string
  readonly start?: string
  readonly goal?: string
  readonly depth: string
  readonly format: ExportFormat
  readonly maxNodes: string
  readonly unfold: readonly string[]
  readonly verdict: readonly RelationVerdict[]
  readonly derived?: boolean
  readonly retired?: boolean
  readonly language: PictureLanguage
}

const help = `
Without --around, --start and --goal the graph is the way of everyone who can become an administrator. Exit codes:
  0  the graph is written
  3  the steps are spent, so the graph is not complete
  252, 253  a mistake in the command line; in a file or the environment

  omen graph --from account.json > paths.svg
  omen graph --around role/prod-deploy --depth 2 --format mermaid
  omen graph --goal role/prod-deploy --format dot
  omen graph --start dev --format opengraph > bloodhound.json

Principals that are alike are one node with a count; --unfold ID shows them one by one (--format json has the ids).
A dashed line is conditional. OpenGraph has every principal by itself.
`

const verdicts = ['proven', 'conditional', 'undecided', 'blocked'] as const

/** `omen graph`: who can become whom, as a drawing or as data. */
export function addGraph(program: Command): void {
  const command = program
    .command('graph')
    .description('draw who can become whom, or export it as data')
    .addOption(
      new Option('--around <principal>', 'only the surroundings of a user or role').conflicts([
        'start',
        'goal',
      ]),
    )
    .option('--start <principal>', 'only the paths of this user, role or outsider')
    .option('--goal <principal>', 'only the paths to this user or role (default: administrator)')
    .option('--depth <number>', 'with --around: the greatest distance, in relations', '2')
    .addOption(
      new Option('--format <format>', 'the format of the output').choices(exportFormats).default('svg'),
    )
    .addOption(
      new Option('--language <language>', 'the language of the words in the drawing')
        .choices(pictureLanguages)
        .default('en'),
    )
    .option('--max-nodes <number>', 'the maximum number of nodes in a drawing', '40')
    .addOption(
      new Option('--unfold <id...>', 'show the principals of a folded node one by one').default([], 'none'),
    )
    .addOption(
      new Option('--verdict <verdict...>', 'the verdicts of the relations to show')
        .choices(verdicts)
        .default(['proven', 'conditional']),
    )
    .option('--derived', 'also use techniques that are derived from documentation and were not tried')
    .option('--retired', 'also use techniques of services that AWS has closed')
  addStepsOption(addWorldOptions(command))
    .addHelpText('after', help)
    .action(async (options: GraphOptions) => {
      const graph = await openGraph(options)
      const { derived = false, retired = false, unfold, verdict } = options
      const { to, account } = goalNamed(graph, options.goal ?? 'administrator')
      const budget = budgetOf(options)
      const from = options.start === undefined ? undefined : startNamed(graph, options.start)
      const { text, answers } = exportAs(graph, techniqueTable(), options.format, {
        ...(options.around === undefined ? {} : { around: principalNamed(graph, options.around) }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        account,
        depth: numberOf('--depth', options.depth, 10),
        maxNodes: numberOf('--max-nodes', options.maxNodes, 200),
        unfold,
        language: options.language,
        verdicts: verdict,
        derived,
        retired,
        budget,
      })
      print(text)
      // the drawing alone is on the standard output
      if (options.around === undefined)
        sayNames(
          derivedFor(graph, from, to, { account, derived, retired, steps: options.steps }, answers),
          'json',
        )
      sayIncomplete(budget)
    })
}

function numberOf(option: string, text: string, most: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw badSyntax(`${option} must be a number from 1 to ${most}`)
  return number
}
