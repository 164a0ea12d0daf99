import type { Command } from 'commander'
import { Option } from 'commander'
import { badSyntax } from '../failure.ts'
import { type Line, linesOfPowers, linesOfReach, printLines } from '../graph/lines.ts'
import { goalNamed } from '../graph/names.ts'
import { addWorldOptions, openGraph, type WorldOptions } from '../graph/open.ts'

interface WhoCanOptions extends WorldOptions {
  readonly output: 'human' | 'json'
}

const help = `
  omen who-can become role/prod-deploy --from account.json
  omen who-can s3:DeleteBucket arn:aws:s3:::pay --from account.json
`

/** `omen who-can`: which principals can become a role, or make a call, by themselves or through others. */
export function addWhoCan(program: Command): void {
  const command = program
    .command('who-can')
    .description('list who can become a principal, or make a call, directly or through others')
    .argument('<action>', 'an action such as s3:DeleteBucket, or the word become')
    .argument('<resource>', 'an ARN; after become a user or role, or administrator')
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
  addWorldOptions(command)
    .addHelpText('after', help)
    .action(async (action: string, resource: string, options: WhoCanOptions) => {
      if (action !== 'become' && !action.includes(':'))
        throw badSyntax(`${JSON.stringify(action)} is neither an action nor the word become`)
      const graph = await openGraph(options)
      let lines: readonly Line[]
      if (action === 'become') {
        const { to, account } = goalNamed(graph, resource)
        const comers = [...graph.comers(to, { account }), ...graph.outsideComers(to, { account })]
        lines = linesOfReach(graph, comers)
      } else lines = linesOfPowers(graph.world, graph.powers(action, resource))
      printLines(lines, options.output)
    })
}
