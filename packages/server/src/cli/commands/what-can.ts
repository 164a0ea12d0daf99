import type { Command } from 'commander'
import { derivedReach } from '../../graph/index.ts'
import { type ContextOptions, contextOption } from '../context-option.ts'
import { addClaimOptions, type ClaimOptions, startWithClaims } from '../graph/claims.ts'
import { sayDerivedReach } from '../graph/derived.ts'
import { budgetOf, sayIncomplete } from '../graph/incomplete.ts'
import { addLinesOptions, type LinesOptions, linesOfReached, printLines } from '../graph/lines.ts'
import { openGraph } from '../graph/open.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { surroundingsOf } from '../graph/surroundings.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'

type WhatCanOptions = WorldOptions &
  LinesOptions &
  ClaimOptions &
  StepsOptions &
  ContextOptions & { readonly derived?: boolean }

const help = `
Exit codes:
  0  the list is written, also if it is empty
  3  the steps are spent, so the list is not complete
  252, 253  a mistake in the command line; in a file or the environment

  omen what-can dev --from account.json
  omen what-can role/ci --from account.json --inventory inventory.json --output json
  omen what-can federated:github --from dumps/
`

/** `omen what-can`: every principal that a principal can become. */
export function addWhatCan(program: Command): void {
  const command = program
    .command('what-can')
    .description(
      'list every user and role that a principal can become, and new ones, with the steps it takes',
    )
    .argument('<who>', 'a user or role, or an outsider, as omen paths takes it')
    .option('--derived', 'also use techniques that are derived from documentation and were not tried')
    .addOption(contextOption())
  addStepsOption(addClaimOptions(addWorldOptions(addLinesOptions(command))))
    .addHelpText('after', help)
    .action(async (who: string, options: WhatCanOptions) => {
      const graph = await openGraph(options, surroundingsOf(options.context ?? []))
      const from = startWithClaims(graph, who, options)
      const budget = budgetOf(options)
      const { derived = false, steps } = options
      const reached = graph.reach(from, { budget, derived, hasNew: true })
      printLines(linesOfReached(reached), options, budget.isShort)
      sayDerivedReach(derivedReach(graph, from, reached, { derived, steps }), options.output)
      sayIncomplete(budget)
    })
}
