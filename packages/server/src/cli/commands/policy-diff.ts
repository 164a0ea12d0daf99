import type { PolicyKind } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import type { Graph } from '../../graph/index.ts'
import { isTemplateSource } from '../../intake/index.ts'
import { parseSource } from '../../sources/index.ts'
import { newAccess } from '../diff/narrow.ts'
import { type Pair, policyPairs } from '../diff/pairs.ts'
import { type DiffFormat, diffFormats, diffReport, type PairDifference } from '../diff/report.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import {
  type FactFiles,
  graphOfDetails,
  graphsOfChange,
  graphsOfImage,
  type PathDifferences,
  pathDifferences,
} from '../graph/differences.ts'
import { printReport } from '../output.ts'
import { stateOfTemplates } from '../plan/state.ts'
import { kindOption, type PolicyFile, readPolicyFile } from '../policy-file.ts'

interface DiffOptions extends FactFiles {
  readonly kind?: PolicyKind
  readonly both?: boolean
  readonly from?: string
  readonly output: DiffFormat
}

const help = `
The files are policies (JSON, YAML), or templates and Terraform plans, whose
policies are compared by the names of their resources. In a pull request:
  git show origin/main:policy.json |
    omen policy diff - policy.json --output github

Of two dumps of an account, two templates, or two versions of a policy of the
account in --from, the paths to an administrator that open and close are shown
as well (omen paths).
`

/** `omen policy diff`: what one version of a policy allows and the other does not. */
export function addPolicyDiff(policy: Command): void {
  policy
    .command('diff')
    .description('show what the second policy allows that the first did not; exit 1 if there is anything')
    .argument('<first>', 'a file, or - for standard input')
    .argument('<second>', 'a file, or - for standard input')
    .option('--both', 'also show what the first allows that the second does not')
    .addOption(kindOption())
    .option('--from <file>', 'the account that has the first policy: get-account-authorization-details')
    .option('--inventory <file>', 'resources that wear roles, access keys, passwords and MFA devices')
    .option('--organization <file>', 'SCPs and RCPs, a list a level')
    .addOption(new Option('--output <format>', 'how to write it').choices(diffFormats).default('human'))
    .addHelpText('after', help)
    .action((first: string, second: string, options: DiffOptions) => {
      const { kind, both = false, output, from } = options
      if (first === '-' && second === '-') throw badSyntax('only one of the two can be standard input')
      const files = [readPolicyFile(first), readPolicyFile(second)] as const
      const pairs = policyPairs(files[0], files[1], kind)
      const paths = pathsOf(files, pairs, from, options)
      const all = pairs.map(
        (pair): PairDifference => ({
          pair,
          added: newAccess(pair.before.policy, pair.after.policy),
          removed: both ? newAccess(pair.after.policy, pair.before.policy) : [],
        }),
      )
      const shown = paths && { ...paths, closed: both ? paths.closed : [] }
      printReport(diffReport(all, shown, output, both), output)
      const isChanged = all.some(({ added, removed }) => added.length + removed.length > 0)
      if (isChanged || (shown !== undefined && shown.opened.length + shown.closed.length > 0))
        process.exitCode = exitCodes.no
    })
}

/** The paths that change; undefined if the files do not say whose policies they are. */
function pathsOf(
  [first, second]: readonly [PolicyFile, PolicyFile],
  [pair, ...others]: readonly Pair[],
  from: string | undefined,
  facts: FactFiles,
): PathDifferences | undefined {
  if (from !== undefined) {
    if (pair === undefined || others.length > 0) throw badSyntax('--from takes two versions of one policy')
    const [old, now] = graphsOfChange(from, pair.before.policy.text, pair.after.policy.text, facts)
    return pathDifferences(new Map([['', old]]), new Map([['', now]]))
  }
  const [before, after] = [graphsOfFile(first, facts), graphsOfFile(second, facts)]
  if (before === undefined || after === undefined) return undefined
  return pathDifferences(before, after, { places: before.has('') })
}

/** The graphs of a dump or a template; undefined of a policy alone. */
function graphsOfFile({ name, text }: PolicyFile, facts: FactFiles): ReadonlyMap<string, Graph> | undefined {
  const root = parseSource(text, name)
  if (root.type !== 'object') return undefined
  if (isTemplateSource(root))
    // one stack for both, so that names that CloudFormation makes stay the same
    return graphsOfImage(stateOfTemplates([{ file: name, text, root }], { stack: 'stack' }).image, facts)
  return root.members.some(({ key }) => /^(?:User|Role)DetailList$/.test(key.value))
    ? new Map([['', graphOfDetails(text, name, facts)]])
    : undefined
}
