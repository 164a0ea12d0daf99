import type { PolicyKind } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { newAccess } from '../diff/narrow.ts'
import { policyPairs } from '../diff/pairs.ts'
import { type DiffFormat, diffFormats, diffReport, type PairDifference } from '../diff/report.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { printReport } from '../output.ts'
import { kindOption } from '../policy-file.ts'

interface DiffOptions {
  readonly kind?: PolicyKind
  readonly both?: boolean
  readonly output: DiffFormat
}

const help = `
The files are policies (JSON, YAML), or templates and Terraform plans, whose
policies are compared by the names of their resources. In a pull request:
  git show origin/main:policy.json |
    omen policy diff - policy.json --output github
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
    .addOption(new Option('--output <format>', 'how to write it').choices(diffFormats).default('human'))
    .addHelpText('after', help)
    .action((first: string, second: string, { kind, both = false, output }: DiffOptions) => {
      if (first === '-' && second === '-') throw badSyntax('only one of the two can be standard input')
      const all = policyPairs(first, second, kind).map(
        (pair): PairDifference => ({
          pair,
          added: newAccess(pair.before.policy, pair.after.policy),
          removed: both ? newAccess(pair.after.policy, pair.before.policy) : [],
        }),
      )
      printReport(diffReport(all, output, both), output)
      if (all.some(({ added, removed }) => added.length + removed.length > 0)) process.exitCode = exitCodes.no
    })
}
