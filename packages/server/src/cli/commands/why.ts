import { type Command, Option } from 'commander'
import { callHouse, runningServer } from '../client.ts'
import { badSyntax } from '../failure.ts'
import { sayWhyEdge } from '../graph/edge.ts'
import { addStepsOption, budgetOf, type StepsOptions } from '../graph/incomplete.ts'
import { addWorldOptions, openGraph, type WorldOptions } from '../graph/open.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'
import { writeDecision } from '../reason/decision.ts'
import { isFailed, writeFailed } from '../reason/failed.ts'
import type { DecisionView } from '../reason/view.ts'

interface WhyOptions extends WorldOptions, StepsOptions {
  readonly last?: boolean
  readonly decode?: string
  readonly output: 'human' | 'json'
}

const help = `
Exit codes:
  0  the decision is written; before =ROLE: a way is proven, or conditional
  1  before =ROLE: there is no way
  3  before =ROLE: a fact is missing or the steps are spent, so nothing is decided
  252, 253, 254  a mistake in the command line; in a file or the environment; an answer of the server

  omen why                                   # the last call that was denied or failed
  omen why dev =role/prod-deploy             # how dev becomes the role, with every statement
  omen why dev =role/prod-deploy --from account.json --inventory inventory.json
`

/** `omen why`: the story of a decision. */
export function addWhy(program: Command): void {
  const command = program
    .command('why')
    .description('explain why a call was allowed, denied or failed, and how to allow it')
    .argument(
      '[id]',
      'the id of a decision (header x-omen-decision-id), request or event (default: the last call that was denied or failed). Before =ROLE: a user or role',
    )
    .argument('[=role]', '"=" and a user or role: show how the first one becomes it')
    .option('--last', 'explain the last denial')
    .option('--decode <message>', 'explain the decision of an encoded authorization message')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
  addStepsOption(addWorldOptions(command))
    .addHelpText('after', help)
    .action(async (id: string | undefined, role: string | undefined, options: WhyOptions) => {
      if (role !== undefined) {
        if (id === undefined || !role.startsWith('=') || role === '=')
          throw badSyntax(
            'why takes one id, or a user or role and "=" with another one: omen why dev =role/ops',
          )
        sayWhyEdge(await openGraph(options), id, role.slice(1), options.output, budgetOf(options))
        return
      }
      if ([id, options.last, options.decode].filter((each) => each !== undefined).length > 1)
        throw badSyntax('why explains one decision: an id, --last or --decode')
      if (id !== undefined && !/^[\w-]{1,64}$/.test(id))
        throw badSyntax(`${safe(id)} is no id of a decision, a request or an event`)
      const server = runningServer(Home.at(options.home))
      const key = server.keys.root
      const answer =
        options.decode === undefined
          ? await callHouse(
              server,
              'GET',
              `/_omen/decisions/${encodeURIComponent(options.last ? 'last' : (id ?? 'last'))}`,
              key,
            )
          : await callHouse(server, 'POST', '/_omen/decisions/decode', key, { message: options.decode })
      if (options.output === 'json') print(`${JSON.stringify(answer, null, 2)}\n`)
      else writeHuman(answer)
    })
}

function writeHuman(answer: unknown): void {
  if (isFailed(answer)) {
    writeFailed(answer, process.stdout)
    return
  }
  const decoded = typeof answer === 'object' && answer !== null && 'message' in answer
  if (!decoded) {
    writeDecision(answer as DecisionView, process.stdout) // the house's own view
    return
  }
  if ('decision' in answer)
    writeDecision(answer.decision as DecisionView, process.stdout) // as above
  else print(`${JSON.stringify(answer.message, null, 2)}\n`)
}
