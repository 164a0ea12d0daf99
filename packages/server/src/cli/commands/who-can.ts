import type { Command } from 'commander'
import {
  derivedComers,
  derivedPowers,
  noteOfKey,
  noteOfKeyPolicy,
  type PathsAnswer,
  type Power,
} from '../../graph/index.ts'
import { type ContextOptions, contextOf, contextOption } from '../context-option.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { sayDerived, sayDerivedPowers } from '../graph/derived.ts'
import { budgetOf, sayIncomplete } from '../graph/incomplete.ts'
import {
  addLinesOptions,
  type Line,
  type LinesOptions,
  linesOfOutsiders,
  linesOfPowers,
  linesOfReach,
  linesOfUnfinished,
  printLines,
} from '../graph/lines.ts'
import { goalNamed } from '../graph/names.ts'
import { openGraph } from '../graph/open.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { surroundingsOf } from '../graph/surroundings.ts'
import { printWaiting } from '../graph/waiting.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'
import { printError } from '../output.ts'

type WhoCanOptions = WorldOptions &
  LinesOptions &
  StepsOptions &
  ContextOptions & { readonly derived?: boolean }

const help = `
The call is decided by the policies of the caller and of the resource, by SCPs and by RCPs. A condition key that --context does
not state is open. Exit codes:
  0  the list is written, also if nobody can
  3  the steps are spent, so the list is not complete; or a fact is missing, so that no row is decided
  252, 253  a mistake in the command line; in a file or the environment

  omen who-can become role/prod-deploy --from account.json
  omen who-can s3:DeleteBucket arn:aws:s3:::pay --from account.json --inventory inventory.json
  omen who-can s3:GetObject arn:aws:s3:::pay/x --from account.json --context aws:SourceIp=10.0.0.7
  omen who-can become administrator --from dumps/ --unfold
`

/** `omen who-can`: which principals can become a role, or make a call, by themselves or through others. */
export function addWhoCan(program: Command): void {
  const command = program
    .command('who-can')
    .description('list who can become a principal, or make a call, directly or through others')
    .argument('<action>', 'an action such as s3:DeleteBucket, or the word become')
    .argument('<resource>', 'an ARN; after become a user or role, or administrator')
    .option('--derived', 'also use techniques that are derived from documentation and were not tried')
  addStepsOption(addWorldOptions(addLinesOptions(command.addOption(contextOption()))))
    .addHelpText('after', help)
    .action(async (action: string, resource: string, options: WhoCanOptions) => {
      if (action !== 'become' && !action.includes(':'))
        throw badSyntax(`${JSON.stringify(action)} is neither an action nor the word become`)
      const isCall = action !== 'become'
      const stated = surroundingsOf(options.context ?? [], isCall ? 'ignored' : 'refused')
      const graph = await openGraph(options, stated)
      const budget = budgetOf(options)
      const { derived = false, steps } = options
      let lines: readonly Line[]
      let untried: readonly PathsAnswer[] = []
      let untriedPowers: readonly Power[] = []
      let missing: string | undefined
      if (!isCall) {
        const { to, account } = goalNamed(graph, resource)
        const asked = { account, budget, derived }
        const comers = [...graph.comers(to, asked), ...graph.outsideComers(to, asked)]
        lines = linesOfReach(graph, comers)
        const listed = new Set(comers.map(({ from }) => from))
        untried = derivedComers(graph, to, { account, derived, steps }, listed)
      } else {
        const context = contextOf(options.context ?? [])
        const powers = graph.powers(action, resource, { budget, derived }, context)
        const outside = graph.outsidePowers(action, resource, context)
        lines = [...linesOfPowers(graph.world, powers), ...linesOfOutsiders(graph.world, outside)]
        const listed = new Set(powers.map(({ principal }) => principal.arn))
        untriedPowers = derivedPowers(graph, { action, resource, context }, { derived, steps }, listed)
        missing = noteOfKeyPolicy(graph.world, resource)
        for (const note of [missing, noteOfKey(graph.world, action, resource)])
          if (note !== undefined) printError(`${note}\n`)
      }
      printLines([...lines, ...linesOfUnfinished(graph, budget, lines)], options, missing !== undefined)
      if (options.output === 'human') printWaiting(lines)
      sayDerived(untried, options.output)
      sayDerivedPowers(untriedPowers, options.output)
      if (
        (lines.length > 0 || missing !== undefined) &&
        lines.every(({ verdict }) => verdict === 'undecided')
      )
        process.exitCode = exitCodes.undecided
      sayIncomplete(budget)
    })
}
