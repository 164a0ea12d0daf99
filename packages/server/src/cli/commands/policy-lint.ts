import { type Finding, type PolicyKind, parsePolicy, validate } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { catalogueFindings } from '../../authorization/index.ts'
import { exitCodes } from '../failure.ts'
import { type FileFindings, type FindingFormat, findingFormats, findingReport } from '../finding-report.ts'
import { print, printError } from '../output.ts'
import { kindOf, kindOption, type PolicyFile, readPolicyFiles } from '../policy-file.ts'

interface LintOptions {
  readonly kind?: PolicyKind
  readonly output: FindingFormat
}

/** `omen policy lint`: what AWS would refuse, and what Access Analyzer would remark. */
export function addPolicyLint(policy: Command): void {
  policy
    .command('lint')
    .description('tell what AWS would refuse in policies and what is unwise; exit 1 on errors')
    .argument('<path...>', 'files, folders of JSON files, or - for standard input')
    .addOption(kindOption())
    .addOption(new Option('--output <format>', 'how to write it').choices(findingFormats).default('human'))
    .action((paths: readonly string[], { kind, output }: LintOptions) => {
      const all = readPolicyFiles(paths).map((file) => lint(file, kindOf(file, kind)))
      print(findingReport(all, output))
      const findings = all.flatMap((each) => each.findings)
      const errors = findings.filter((finding) => finding.class === 'error').length
      printError(
        `${count(all.length, 'policy', 'policies')}: ${count(errors, 'error', 'errors')}, ${count(findings.length - errors, 'other finding', 'other findings')}\n`,
      )
      if (errors > 0) process.exitCode = exitCodes.no
    })
}

function lint(file: PolicyFile, kind: PolicyKind): FileFindings {
  const parsed = parsePolicy(file.text, kind, { lenient: true })
  const known = parsed.ok ? catalogueFindings(parsed.policy) : []
  const findings: readonly Finding[] = [...validate(file.text, kind), ...known]
  return {
    file: file.name,
    kind,
    findings: findings.toSorted((a, b) => a.span.start.offset - b.span.start.offset),
  }
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
