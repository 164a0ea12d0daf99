import { assumedOf, type FindingClass } from '@omen-iam/policy'
import { github, junit, type Level, type Place, type Result, sarif } from '../../report/index.ts'
import { safe } from '../output.ts'
import { version } from '../version.ts'
import type { PlacedFinding } from './check.ts'
import { type FailOn, fails } from './config.ts'

export const findingFormats = ['human', 'json', 'sarif', 'github', 'junit'] as const
export type FindingFormat = (typeof findingFormats)[number]

/** A finding that the configuration ignores, and why. */
export interface IgnoredFinding {
  readonly finding: PlacedFinding
  readonly reason: string
}

export interface LintResult {
  /** Names of all files with policies, including those without findings. */
  readonly files: readonly string[]
  readonly findings: readonly PlacedFinding[]
  readonly ignored: readonly IgnoredFinding[]
}

/** The findings of all files in one of the forms that people and programs read. */
export function lintReport(result: LintResult, format: FindingFormat, failOn: FailOn = 'error'): string {
  switch (format) {
    case 'human':
      return result.findings.map(human).join('')
    case 'json':
      return `${JSON.stringify(result.findings.map(plain), null, 2)}\n`
    case 'sarif':
      return sarif(
        { name: 'omen policy lint', version: version() },
        [
          ...result.findings.map((finding) => resultOf(finding)),
          ...result.ignored.map(({ finding, reason }) => resultOf(finding, reason)),
        ],
        process.cwd(),
      )
    case 'github':
      return github(result.findings.map((finding) => resultOf(finding)))
    case 'junit':
      return junit(result.files.map((file) => outcomeOf(file, result.findings, failOn)))
  }
}

export const words: Readonly<Record<FindingClass, string>> = {
  error: 'error',
  securityWarning: 'security warning',
  warning: 'warning',
  suggestion: 'suggestion',
}

function human(finding: PlacedFinding): string {
  const { file, span, message, code } = finding
  const { line, column } = span.start
  const assumed = assumedOf(finding)
  const standing = assumed === undefined ? '' : `  assumed: ${assumed}`
  return `${safe(`${file}:${line}:${column}  ${words[finding.class]}  ${message}  ${code}${standing}${whereOf(finding)}`)}\n`
}

function whereOf({ owner, property }: PlacedFinding): string {
  const where = [owner, property].filter((each) => each !== undefined).join(' ')
  return where === '' ? '' : `  (${where})`
}

/** The sentence of docs/behaviour that a finding rests on, if nobody knows it of AWS. */
function assumption(finding: PlacedFinding): { readonly assumed?: string } {
  const assumed = assumedOf(finding)
  return assumed === undefined ? {} : { assumed }
}

function plain(finding: PlacedFinding) {
  const { file, kind, class: type, code, message, path, span, owner, property, sid } = finding
  return {
    file,
    kind,
    ...(owner === undefined ? {} : { owner }),
    ...(property === undefined ? {} : { property }),
    ...(sid === undefined ? {} : { sid }),
    class: type,
    code,
    ...assumption(finding),
    message,
    path,
    line: span.start.line,
    column: span.start.column,
    endLine: span.end.line,
    endColumn: span.end.column,
  }
}

const levels: Readonly<Record<FindingClass, Level>> = {
  error: 'error',
  securityWarning: 'warning',
  warning: 'warning',
  suggestion: 'note',
}

function resultOf(finding: PlacedFinding, reason?: string): Result {
  const { class: type, code, message, path, owner, property } = finding
  return {
    rule: code,
    level: levels[type],
    message: `${message}${whereOf(finding)}`,
    place: placeOf(finding),
    fingerprint: JSON.stringify([code, owner, property, path, message]),
    ...(reason === undefined ? {} : { suppressed: reason }),
    properties: { class: type, ...assumption(finding) },
  }
}

function placeOf({ file, span: { start, end } }: PlacedFinding): Place {
  return {
    file,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}

/** A file fails if one of its findings makes the command fail (behaviour LNT-24). */
function outcomeOf(file: string, all: readonly PlacedFinding[], failOn: FailOn) {
  const findings = all.filter((finding) => finding.file === file && fails(finding, failOn))
  if (findings.length === 0) return { name: file, suite: 'omen policy lint', status: 'passed' as const }
  return {
    name: file,
    suite: 'omen policy lint',
    status: 'failed' as const,
    message: `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`,
    details: findings.map((finding) => human(finding).trimEnd()),
  }
}
