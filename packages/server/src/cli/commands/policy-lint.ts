import type { PolicyKind } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { systemClock } from '../../base/index.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { orFailureReport } from '../failure-report.ts'
import { LeftOut } from '../left-out.ts'
import { lintFile, type PlacedFinding } from '../lint/check.ts'
import {
  configuredKind,
  type FailOn,
  fails,
  failures,
  type Ignore,
  ignoring,
  isOver,
  type LintConfig,
  lintConfig,
  unreadCode,
} from '../lint/config.ts'
import { lintFiles } from '../lint/files.ts'
import { type FindingFormat, findingFormats, type LintResult, lintReport } from '../lint/report.ts'
import { printError, printReport, safe } from '../output.ts'
import { kindOption } from '../policy-file.ts'
import { type Unread, unreadLines } from '../unread.ts'

interface LintOptions {
  readonly kind?: PolicyKind
  readonly output: FindingFormat
  readonly failOn?: FailOn
  readonly config?: string
}

const help = `
Reads policy documents (JSON, YAML), CloudFormation and SAM templates, folders
of the AWS CDK (cdk.out), Terraform plans (terraform show -json), and what the
AWS CLI prints of an account. Other files in a folder are skipped.

.omen-lint.yaml, where the command runs:
  paths: [policies, template.yaml]   what is checked if no path is given
  fail-on: warning                   see --fail-on
  kinds: { boundaries: boundary }    what the documents in a path are used as
  ignore:
    - code: PASS_ROLE_WITH_STAR_IN_RESOURCE
      path: infra/old.yaml             optional: a file, a folder or a glob
      owner: OldRole                   optional: the resource of the template
      sid: PassAny                     optional
      reason: The role goes away with the old cluster.
      until: 2027-03-31                or never
`

/** `omen policy lint`: what AWS would refuse, what Access Analyzer would report, and what the catalogue adds. */
export function addPolicyLint(policy: Command): void {
  policy
    .command('lint')
    .description(
      'report errors and risks in policies, with file and line; exit 1 on errors, 3 if a policy cannot be looked at',
    )
    .argument(
      '[path...]',
      'files, folders, or - for standard input; if absent, the paths of the configuration',
    )
    .addOption(kindOption())
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(findingFormats).default('human'),
    )
    .addOption(
      new Option(
        '--fail-on <class>',
        'the lowest class of finding that makes the exit code 1 (default: error)',
      ).choices(failures),
    )
    .option('--config <file>', 'the configuration file (default: .omen-lint.yaml, if there is one)')
    .addHelpText('after', help)
    .action((paths: readonly string[], options: LintOptions) => {
      const config = lintConfig(options.config)
      const chosen = paths.length > 0 ? paths : config.paths
      if (chosen.length === 0) throw badSyntax('name files or folders, or list paths in .omen-lint.yaml')
      const today = new Date(systemClock.now()).toISOString().slice(0, 10)
      const failOn = options.failOn ?? config.failOn ?? 'error'
      const linted = orFailureReport('omen policy lint', options.output, () =>
        lintAll(chosen, options.kind, config, today),
      )
      const { result, policies, notes, unread } = linted
      printReport(lintReport(result, options.output, failOn), options.output)
      for (const note of notes) printError(`${safe(note)}\n`)
      printError(`${unreadLines(unread)}${summary(policies, result)}`)
      if (result.findings.some((finding) => fails(finding, failOn))) process.exitCode = exitCodes.no
      else if (unread.length > 0) process.exitCode = failOn === 'unread' ? exitCodes.no : exitCodes.undecided
    })
}

function lintAll(paths: readonly string[], kind: PolicyKind | undefined, config: LintConfig, today: string) {
  const files: string[] = []
  const findings: PlacedFinding[] = []
  const ignored: { finding: PlacedFinding; reason: string }[] = []
  const notes: string[] = []
  const used = new Set<Ignore>()
  const unread: Unread[] = []
  const leftOut = new LeftOut()
  let policies = 0
  for (const file of lintFiles(paths, leftOut)) {
    const linted = lintFile(file, kind ?? configuredKind(file.name, config))
    if (linted.policies > 0) files.push(file.name)
    else if (!file.isFound) notes.push(`${file.name} contains no policy`)
    policies += linted.policies
    for (const what of linted.unread) {
      const owner = what.split(' ').slice(0, 2).join(' ')
      const entry = ignoring({ code: unreadCode, file: file.name, owner }, config, today)
      if (entry === undefined) unread.push({ what, reason: 'it is known only after apply' })
      else used.add(entry)
    }
    if (linted.problem !== undefined) leftOut.noteBroken(file.name, file.text, linted.problem)
    for (const finding of linted.findings) {
      const entry = ignoring(finding, config, today)
      if (entry === undefined) findings.push(finding)
      else {
        used.add(entry)
        ignored.push({ finding, reason: entry.reason })
      }
    }
  }
  for (const each of leftOut.all) {
    const entry = ignoring({ code: unreadCode, file: each.at.file }, config, today)
    if (entry === undefined) unread.push(each)
    else used.add(entry)
  }
  for (const entry of config.ignore) {
    if (isOver(entry, today)) notes.push(`${entry.at}: the entry for ${entry.code} ended on ${entry.until}`)
    else if (!used.has(entry)) notes.push(`${entry.at}: the entry for ${entry.code} ignores nothing`)
  }
  return { result: { files, findings, ignored }, policies, notes, unread }
}

function summary(policies: number, { findings, ignored }: LintResult): string {
  const errors = findings.filter((finding) => finding.class === 'error').length
  const parts = [
    count(errors, 'error', 'errors'),
    count(findings.length - errors, 'other finding', 'other findings'),
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored`]),
  ]
  return `${count(policies, 'policy', 'policies')}: ${parts.join(', ')}\n`
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
