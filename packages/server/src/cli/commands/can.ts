import { type Command, Option } from 'commander'
import { actionInfo } from '../../authorization/catalogue/index.ts'
import { unknownAction } from '../../authorization/index.ts'
import { callHouse, runningServer } from '../client.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { print, printError, safe } from '../output.ts'
import { writeDecision } from '../reason/decision.ts'
import type { DecisionView } from '../reason/view.ts'

interface CanOptions {
  readonly home?: string
  readonly context: readonly string[]
  readonly chain?: string
  readonly expect?: 'allowed' | 'denied'
  readonly output: 'human' | 'json'
}

/** `omen can`: whether somebody may do something, before it happens. */
export function addCan(program: Command): void {
  program
    .command('can')
    .description(
      'ask whether somebody may do something, before it happens; exit 1 when not (or not as expected)',
    )
    .argument('<who>', 'root, a user, a role (some session of it), or their ARN')
    .argument('<action>', 'for example iam:CreateUser')
    .argument('[resource]', 'an ARN; left out, *: all that the action is about')
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .option(
      '--context <key=value>',
      'a condition key of every step; may be repeated, also for one key',
      collect,
      [],
    )
    .option('--chain <roles>', 'roles put on first, one after the other: names or ARNs, separated by commas')
    .addOption(new Option('--expect <answer>', 'exit 0 only on this answer').choices(['allowed', 'denied']))
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
    .action(async (who: string, action: string, named: string | undefined, options: CanOptions) => {
      const resource = named ?? '*'
      if (!action.includes(':'))
        throw badSyntax(`an action begins with its service: iam:${action}, not ${action}`)
      if (resource !== '*' && !resource.startsWith('arn:'))
        throw badSyntax(`a resource is an ARN or *, not ${resource}`)
      const server = runningServer(Home.at(options.home))
      const unknown = unknownAction(action)
      if (unknown !== undefined) printError(`! ${safe(unknown.message)}\n`)
      const question = {
        who,
        action,
        resource,
        context: contextOf(options.context),
        chain: options.chain?.split(',') ?? [],
      }
      const answer = (await callHouse(
        server,
        'POST',
        '/_omen/can',
        server.keys.root,
        question,
      )) as DecisionView // the house's own view
      if (options.output === 'json') print(`${JSON.stringify(answer, null, 2)}\n`)
      else writeDecision(answer, process.stdout)
      if (!answer.allowed && named === undefined && options.expect !== 'denied') printError(aboutWhat(action))
      if (answer.allowed !== (options.expect !== 'denied')) process.exitCode = exitCodes.no
    })
}

/** What to name, where nothing was named, nothing allows all of it, and the action knows kinds of resources: the plainest. */
function aboutWhat(action: string): string {
  const kinds = actionInfo(action)?.resources ?? []
  const required = kinds.filter((kind) => kind.required)
  const [arn] = (required.length > 0 ? required : kinds)
    .flatMap(({ arns }) => arns)
    .sort((a, b) => a.length - b.length)
  return arn === undefined ? '' : `! asked about all (*); ${safe(action)} is about one at a time: ${arn}\n`
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** `key=value` pairs; a key given twice has several values. @throws CommandFailure where there is no `=` */
function contextOf(pairs: readonly string[]): Readonly<Record<string, string | readonly string[]>> {
  const context: Record<string, string | string[]> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw badSyntax(`--context takes key=value, not ${pair}`)
    const key = pair.slice(0, equals)
    const value = pair.slice(equals + 1)
    const before = context[key]
    context[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return context
}
