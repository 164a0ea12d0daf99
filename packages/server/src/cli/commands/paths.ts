import type { Command } from 'commander'
import { Option } from 'commander'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  answerView,
  breakOf,
  derivedComers,
  derivedOf,
  type Graph,
  isOfService,
  isThere,
  type Path,
  type PathsAnswer,
  principalsIn,
  undecidedIn,
} from '../../graph/index.ts'
import { type ContextOptions, contextOption } from '../context-option.ts'
import { exitCodes } from '../failure.ts'
import { addClaimOptions, type ClaimOptions, startWithClaims } from '../graph/claims.ts'
import { sayDerived } from '../graph/derived.ts'
import { printEveryone } from '../graph/everyone.ts'
import { budgetOf } from '../graph/incomplete.ts'
import { linesOfReach } from '../graph/lines.ts'
import { goalNamed } from '../graph/names.ts'
import { openGraph } from '../graph/open.ts'
import { printAnswer } from '../graph/print.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { surroundingsOf } from '../graph/surroundings.ts'
import { printWaiting } from '../graph/waiting.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'
import { print } from '../output.ts'

interface PathsOptions extends WorldOptions, ClaimOptions, StepsOptions, ContextOptions {
  readonly output: 'human' | 'json'
  readonly max: string
  readonly only?: string
  readonly derived?: boolean
  readonly retired?: boolean
}

const help = `
A path is a list of steps, each with the statements that allow it. Exit codes:
  0  no path, or every path is blocked
  1  a path is proven, or conditional
  3  a fact is missing or the steps are spent, so nothing is decided
  252, 253  a mistake in the command line; in a file or the environment

  omen paths dev --from account.json --inventory inventory.json
  omen paths dev role/prod-deploy --from account.json
  omen paths everyone --from account.json
  omen paths dev --from account.json --context aws:SourceIp=10.0.0.7 --context aws:MultiFactorAuthPresent=true
  omen paths dev 444455556666/administrator --from dumps/
  omen paths federated:github --from account.json
  omen paths federated:github --claim sub=repo:acme/web:ref:refs/heads/main --from account.json
`

/** `omen paths`: how a principal becomes an administrator, or another principal. */
export function addPaths(program: Command): void {
  const command = program
    .command('paths')
    .description('show how a principal can become an administrator or another principal; exit 1 if it can')
    .argument(
      '<who>',
      'a user or role: a name, user/NAME, role/NAME, ACCOUNT/role/NAME, or an ARN; or an outsider: the number of an account, anyone, federated:ISSUER, service:NAME; or the word everyone',
    )
    .argument('[to]', 'a user or role, or ACCOUNT/administrator; administrator if absent', 'administrator')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .option('--max <number>', 'the maximum number of paths to show', '20')
    .addOption(
      new Option('--only <verdict>', 'show only these paths').choices([
        'proven',
        'conditional',
        'undecided',
        'blocked',
      ]),
    )
    .option('--derived', 'also use techniques that are derived from documentation and were not tried')
    .option('--retired', 'also use techniques of services that AWS has closed')
  addStepsOption(addClaimOptions(addWorldOptions(command.addOption(contextOption()))))
    .addHelpText('after', help)
    .action(async (who: string, to: string, options: PathsOptions) => {
      const graph = await openGraph(options, surroundingsOf(options.context ?? []))
      if (who === 'everyone') return pathsOfEveryone(graph, to, options)
      const from = startWithClaims(graph, who, options)
      const { to: goal, account } = goalNamed(graph, to)
      const { output, max, only, derived = false, retired = false } = options
      const most = Number.parseInt(max, 10) || 20
      const budget = budgetOf(options)
      const answer = graph.paths(from, goal, { most, derived, retired, account, budget })
      const paths = only === undefined ? answer.paths : answer.paths.filter(({ verdict }) => verdict === only)
      const breaks = (path: Path): { readonly breaks?: string } => {
        const edit = breakOf(graph, techniqueTable(), from, goal, path, { derived, retired, account, budget })
        return edit === undefined ? {} : { breaks: edit }
      }
      const plain = answerView(graph.world, { ...answer, paths })
      const view = {
        ...plain,
        paths: plain.paths.map(
          (path, place) =>
            place < mostBreaks && isOpen(path.verdict) ? { ...path, ...breaks(paths[place]!) } : path, // as many as there are paths
        ),
      }
      if (output === 'json') print(`${JSON.stringify(view, undefined, 2)}\n`)
      else printAnswer(view)
      const { steps } = options
      if (!isOpen(answer.verdict))
        sayDerived(
          derivedOf(graph, [from], goal, {
            derived,
            retired,
            account,
            steps,
            undecided: undecidedIn([answer]),
          }),
          output,
        )
      process.exitCode = exitOf(answer.verdict)
    })
}

/** The paths of all users and roles: a summary, and the best path of each. */
function pathsOfEveryone(graph: Graph, to: string, options: PathsOptions): void {
  const { to: goal, account } = goalNamed(graph, to)
  const { output, only, derived = false, retired = false } = options
  const budget = budgetOf(options)
  const question = { derived, retired, account, budget }
  const everyone = principalsIn(graph.world).filter((principal) => principal !== goal)
  const principals = everyone.filter((principal) => !isOfService(principal))
  const all = principals.map((principal) => graph.paths(principal, goal, { ...question, most: 1 }))
  const isWanted = ({ verdict }: PathsAnswer): boolean => only === undefined || verdict === only
  const answers = all.filter((each) => isOpen(each.verdict) && isWanted(each))
  const undecided = all.filter(({ verdict }) => verdict === 'undecided').length
  if (output === 'json')
    print(
      `${JSON.stringify(
        all.filter(isWanted).map((each) => answerView(graph.world, each)),
        undefined,
        2,
      )}\n`,
    )
  else {
    const counts = {
      undecided,
      principals: principals.length,
      ofServices: everyone.length - principals.length,
    }
    printEveryone(graph, to, { answers, ...counts })
    printWaiting(
      linesOfReach(
        graph,
        all.filter(({ verdict }) => verdict === 'undecided'),
      ),
    )
  }
  if (all.some(({ verdict }) => !isOpen(verdict))) {
    const open = new Set(all.flatMap(({ from, verdict }) => (isOpen(verdict) ? from : [])))
    sayDerived(
      derivedComers(graph, goal, { ...question, steps: options.steps, undecided: undecidedIn(all) }, open),
      output,
    )
  }
  const isFound = all.some((each) => isOpen(each.verdict) && !isThere(each))
  process.exitCode = isFound ? exitCodes.no : undecided > 0 ? exitCodes.undecided : 0
}

/** Paths for which an edit that ends them is searched. */
const mostBreaks = 5

function isOpen(verdict: string): boolean {
  return verdict === 'proven' || verdict === 'conditional'
}

function exitOf(verdict: string): number {
  if (verdict === 'undecided') return exitCodes.undecided
  return isOpen(verdict) ? exitCodes.no : 0
}
