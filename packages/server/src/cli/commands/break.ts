import type { Command } from 'commander'
import { Option } from 'commander'
import { type CutAnswerView, cutAnswerView, derivedFor, endedEarly, proposeCuts } from '../../graph/index.ts'
import { agreed } from '../agreed.ts'
import { signingAt } from '../asking.ts'
import { badConfiguration, badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { applyCut, askCuts, type CutRequest, printCalls, printCuts, type ShownCuts } from '../graph/cuts.ts'
import { sayNames } from '../graph/derived.ts'
import { budgetOf } from '../graph/incomplete.ts'
import { goalNamed, principalNamed, startNamed } from '../graph/names.ts'
import { openGraph } from '../graph/open.ts'
import { isStopped, readTrails } from '../graph/server.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'
import { Progress } from '../intake/progress.ts'
import { print } from '../output.ts'

interface BreakOptions extends WorldOptions, StepsOptions {
  readonly keepSeen: string
  readonly max: string
  readonly apply?: boolean
  readonly yes?: boolean
  readonly accept?: 'conditional'
  readonly except: readonly string[]
  readonly cut: string
  readonly output: 'human' | 'json'
  readonly derived?: boolean
  readonly retired?: boolean
}

const help = `
An edit costs 1, and 10 more for each call of the trail that it would refuse. Each cut is applied to a copy of the
account, and the paths are searched again. Exit codes:
  0  a cut is found, or there is no path
  1  no edit that is considered ends every path
  3  a fact is missing or the steps are spent: there may be a path, more paths, or paths that are left
  252, 253  a mistake in the command line; in a file or the environment

  omen break dev administrator
  omen break everyone administrator --keep-seen 30d
  omen break dev role/prod-deploy --apply
  omen break everyone administrator --accept conditional --except break-glass
  omen break dev administrator --from account.json --inventory inventory.json
`

/** `omen break`: the smallest set of edits that ends the paths from a principal to another one. */
export function addBreak(program: Command): void {
  const command = program
    .command('break')
    .description(
      'propose the smallest set of edits that ends the paths to an administrator or another principal',
    )
    .argument('<who>', 'a user or role; or the word everyone')
    .argument('[to]', 'a user or role; administrator if absent', 'administrator')
    .option(
      '--keep-seen <days>',
      'spare what calls of the last days used, such as 90d; 0 ignores the trail',
      '90d',
    )
    .option('--max <number>', 'the maximum number of cuts to show', '1')
    .addOption(
      new Option('--accept <verdict>', 'let paths stay that are only conditional').choices(['conditional']),
    )
    .option(
      '--except <name>',
      'change nothing of this user, role, group, policy or resource; may be given several times',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option('--apply', 'show what the first cut writes, ask, and write it with calls to IAM')
    .option('--yes', 'with --apply: write without asking')
    .option('--cut <number>', 'the number of the cut that --apply applies', '1')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .option('--derived', 'also use techniques that are derived from documentation and were not tried')
    .option('--retired', 'also use techniques of services that AWS has closed')
  addStepsOption(addWorldOptions(command))
    .addHelpText('after', help)
    .action(async (who: string, to: string, options: BreakOptions) => {
      const { apply = false, output } = options
      if (apply && options.from !== undefined)
        throw badSyntax('--apply changes a running server: leave --from out')
      const request = requestOf(who, to, options)
      if (options.from !== undefined || (await isStopped(options.home))) {
        const answer = await onFiles(request, options)
        show(answer, output)
        process.exitCode = exitOf(answer)
        return
      }
      const { server, signer } = await signingAt(options.home, process.env)
      const progress = new Progress()
      const answer = await progress.during('searching', askCuts(server, signer, request))
      progress.end()
      show(answer, output)
      process.exitCode = exitOf(answer)
      if (!apply || answer.paths === 0) return
      const cut = answer.cuts[Number(options.cut) - 1]
      if (cut === undefined) throw badConfiguration(`there is no cut ${options.cut}`)
      if (output === 'human') {
        print('\nTo be written:\n')
        printCalls(cut)
      }
      if (options.yes !== true && !(await agreed('say --yes to write this')))
        throw new CommandFailure('nothing was written', exitCodes.no)
      if (output === 'human') print('\nApplied:\n')
      await applyCut(server, signer, cut)
      const after = await askCuts(server, signer, { ...request, keepSeenDays: 0 })
      if (output === 'human') print(leftAfter(after))
      process.exitCode = after.paths > 0 ? exitCodes.no : exitOf(after)
    })
}

function show(answer: ShownCuts, output: BreakOptions['output']): void {
  if (output === 'json') print(`${JSON.stringify(answer, undefined, 2)}\n`)
  else printCuts(answer)
  sayNames(answer.onlyDerived ?? [], output)
}

function leftAfter({ paths, incomplete }: CutAnswerView): string {
  if (paths > 0) return `${paths} paths are left.\n`
  return incomplete === undefined
    ? 'No path is left.\n'
    : `Undecided: ${endedEarly(incomplete)}, so a path may be left.\n`
}

function exitOf({ paths, cuts, incomplete, verdict }: CutAnswerView): number {
  if (incomplete !== undefined || verdict === 'undecided') return exitCodes.undecided
  return paths === 0 || cuts.length > 0 ? 0 : exitCodes.no
}

function requestOf(who: string, to: string, options: BreakOptions): CutRequest {
  const days = /^(\d{1,4})d?$/.exec(options.keepSeen)?.[1]
  if (days === undefined) throw badSyntax('--keep-seen must be a number of days such as 90d')
  const { derived = false, retired = false } = options
  const goal = to === 'admin' ? 'administrator' : to
  return {
    ...(who === 'everyone' ? {} : { from: who }),
    to: goal,
    keepSeenDays: Number(days),
    maxCuts: Math.max(1, Math.min(10, Math.max(Number(options.max) || 1, Number(options.cut) || 1))),
    derived,
    retired,
    ...(options.accept === undefined ? {} : { acceptConditional: true }),
    ...(options.except.length === 0 ? {} : { except: options.except }),
    maxSteps: Math.min(options.steps, mostStepsOfServer),
  }
}

/** The most steps that a question to a server may take. */
const mostStepsOfServer = 500_000

/** The cuts of an account in files, which have no trail, or of a stopped home. */
async function onFiles(request: CutRequest, options: BreakOptions): Promise<ShownCuts> {
  const graph = await openGraph(options)
  const from = request.from === undefined ? undefined : startNamed(graph, request.from)
  const { to, account } = goalNamed(graph, request.to)
  const { derived, retired, maxCuts } = request
  const trail = options.from === undefined ? await readTrails(options.home, request.keepSeenDays) : undefined
  const progress = new Progress()
  const answer = proposeCuts(graph, {
    seen: trail?.calls ?? [],
    ...(from === undefined ? {} : { starts: [from] }),
    ...(to === undefined ? {} : { to }),
    account,
    derived,
    retired,
    acceptConditional: options.accept !== undefined,
    except: new Set(
      options.except.map((name) => (name.startsWith('arn:') ? name : principalNamed(graph, name).arn)),
    ),
    budget: budgetOf(options),
    most: maxCuts,
    onSearch: (done, all) => progress.show('searching', done, Math.max(done, all)),
  })
  progress.end()
  const goal = to?.arn ?? (account && `administrator of ${account}`)
  const unread = request.keepSeenDays === 0 ? undefined : 'none'
  const view = cutAnswerView(graph.world, answer, from?.arn, goal, 'en', trail ?? unread)
  const asked = { account, derived, retired, steps: options.steps }
  const onlyDerived = view.paths > 0 ? [] : derivedFor(graph, from, to, asked)
  return { ...view, ...(onlyDerived.length === 0 ? {} : { onlyDerived }) }
}
