import { statSync } from 'node:fs'
import type { PolicyKind } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { type Graph, graphOf, type StepBudget } from '../../graph/index.ts'
import { isTemplateSource } from '../../intake/index.ts'
import { parseSource } from '../../sources/index.ts'
import { newAccess } from '../diff/narrow.ts'
import { type Pair, policyPairs } from '../diff/pairs.ts'
import { type DiffFormat, diffFormats, diffReport, type PairDifference } from '../diff/report.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { orFailureReport } from '../failure-report.ts'
import {
  type FactFiles,
  graphOfDetails,
  graphOfImage,
  graphsOfChange,
  type PathDifferences,
  pathDifferences,
} from '../graph/differences.ts'
import { budgetOf } from '../graph/incomplete.ts'
import { worldOfFiles } from '../graph/open.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { printError, printReport } from '../output.ts'
import { stateOfTemplates } from '../plan/state.ts'
import { kindOption, type PolicyFile, readPolicyFile } from '../policy-file.ts'

interface DiffOptions extends FactFiles, StepsOptions {
  readonly kind?: PolicyKind
  readonly both?: boolean
  readonly from?: string
  readonly output: DiffFormat
}

const help = `
The files are policies (JSON, YAML), or templates and Terraform plans, whose
policies are compared by the names of their resources. An empty one, or one
without a policy, allows nothing. In a pull request:
  git show origin/main:policy.json |
    omen policy diff - policy.json --output github

The paths to an administrator that open and close are shown as well (omen
paths) for: two dumps of an account, two folders with dumps of several accounts,
two templates, or two versions of a policy of the account in --from. The exit
code is 3 if the steps are spent before all paths are compared.
`

/** `omen policy diff`: what one version of a policy allows and the other does not. */
export function addPolicyDiff(policy: Command): void {
  const command = policy
    .command('diff')
    .description(
      'show what the second policy allows that the first does not; exit 1 if there is a difference',
    )
    .argument('<first>', 'a file, a folder with dumps, or - for standard input')
    .argument('<second>', 'a file, a folder with dumps, or - for standard input')
    .option('--both', 'also show what the first allows that the second does not')
    .addOption(kindOption())
    .option('--from <file>', 'the account that has the first policy: get-account-authorization-details')
    .option('--inventory <file>', 'resources that wear roles, access keys, passwords and MFA devices')
    .option('--organization <file>', 'SCPs and RCPs, a list a level')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(diffFormats).default('human'),
    )
  addStepsOption(command)
    .addHelpText('after', help)
    .action((first: string, second: string, options: DiffOptions) => {
      const { both = false, output } = options
      if (first === '-' && second === '-') throw badSyntax('only one of the two can be standard input')
      const budget = budgetOf(options)
      const [all, paths] = orFailureReport('omen policy diff', output, () =>
        differences(first, second, options, budget),
      )
      const shown = paths && { ...paths, closed: both ? paths.closed : [] }
      printReport(diffReport(all, shown, output, both), output)
      if (all.length === 0 && paths === undefined) printError('neither of the two contains a policy\n')
      const isChanged = all.some(({ added, removed }) => added.length + removed.length > 0)
      if (isChanged || (shown !== undefined && shown.opened.length + shown.closed.length > 0))
        process.exitCode = exitCodes.no
      else if (budget.isShort) process.exitCode = exitCodes.undecided
    })
}

/** Returns the differences between two files or folders. @throws CommandFailure if one cannot be read */
function differences(
  first: string,
  second: string,
  options: DiffOptions,
  budget: StepBudget,
): readonly [readonly PairDifference[], PathDifferences | undefined] {
  const { kind, both = false, from } = options
  const folders = [first, second].filter(isFolder)
  if (folders.length === 1) throw badSyntax('a folder is compared with a folder')
  const isOfFolders = folders.length === 2
  const files = isOfFolders ? undefined : ([readPolicyFile(first), readPolicyFile(second)] as const)
  const pairs = files === undefined ? [] : policyPairs(files[0], files[1], kind)
  const paths =
    files === undefined
      ? pathDifferences(graphOfFolder(first, options), graphOfFolder(second, options), { budget })
      : pathsOf(files, pairs, from, options, budget)
  const all = pairs.map(
    (pair): PairDifference => ({
      pair,
      added: newAccess(pair.before.policy, pair.after.policy),
      removed: both ? newAccess(pair.after.policy, pair.before.policy) : [],
    }),
  )
  return [all, paths]
}

function isFolder(path: string): boolean {
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** The graph of the dumps of a folder, all accounts together. @throws CommandFailure if a file is not what it must be */
function graphOfFolder(folder: string, { inventory, organization }: FactFiles): Graph {
  return graphOf(
    worldOfFiles({
      from: [folder],
      ...(inventory === undefined ? {} : { inventory }),
      ...(organization === undefined ? {} : { organization }),
    }),
    techniqueTable(),
  )
}

/** The paths that change; undefined if the files do not say whose policies they are. */
function pathsOf(
  [first, second]: readonly [PolicyFile, PolicyFile],
  [pair, ...others]: readonly Pair[],
  from: string | undefined,
  facts: FactFiles,
  budget: StepBudget,
): PathDifferences | undefined {
  if (from !== undefined) {
    if (pair === undefined || others.length > 0) throw badSyntax('--from takes two versions of one policy')
    const [old, now] = graphsOfChange(from, pair.before.policy.text, pair.after.policy.text, facts)
    return pathDifferences(old, now, { budget })
  }
  const [before, after] = [graphOfFile(first, facts), graphOfFile(second, facts)]
  if (before === undefined || after === undefined) return undefined
  return pathDifferences(before.graph, after.graph, { budget })
}

/** The graph of a dump or a template; undefined of a policy alone. */
function graphOfFile(
  { name, text }: PolicyFile,
  facts: FactFiles,
): { readonly graph: Graph | undefined } | undefined {
  const root = parseSource(text, name)
  if (root.type !== 'object') return undefined
  if (isTemplateSource(root))
    // one stack for both, so that names that CloudFormation makes stay the same
    return { graph: graphOfImage(stateOfTemplates([{ file: name, text, root }], { stack: 'stack' }), facts) }
  return root.members.some(({ key }) => /^(?:User|Role)DetailList$/.test(key.value))
    ? { graph: graphOfDetails(text, name, facts) }
    : undefined
}
